"""`opspact web|worker|collector`: one part each, in the foreground, as a service manager wants it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from opspact.cli.common import add_data_option, installation
from opspact.runtime import parts
from opspact.runtime.faults import Fault
from opspact.runtime.parts import Bind
from opspact.runtime.privileges import Person, step_down


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    web = commands.add_parser("web", help="只运行网页 · the web part alone")
    add_data_option(web)
    web.add_argument("--port", type=int, default=8000)
    web.add_argument("--host", default="127.0.0.1")
    web.add_argument("--behind-proxy", action="store_true")
    web.add_argument("--tls-cert", type=Path)
    web.add_argument("--tls-key", type=Path)
    web.add_argument("--workers", type=int, default=2)
    web.set_defaults(run=run_web)

    worker = commands.add_parser("worker", help="只运行后台任务 · the worker alone")
    add_data_option(worker)
    worker.set_defaults(run=run_worker)

    collector = commands.add_parser("collector", help="只运行采集器 · the collector alone")
    add_data_option(collector)
    collector.add_argument("--server", default="http://127.0.0.1:8000")
    collector.add_argument("--token-file", type=Path)
    collector.add_argument("--spool", type=Path)
    collector.add_argument("--ca", type=Path)
    collector.set_defaults(run=run_collector)


def run_web(options: argparse.Namespace) -> int:
    place = installation(options)
    bind = Bind(options.host, options.port, options.behind_proxy, options.tls_cert, options.tls_key)
    part = parts.web(bind, options.workers)
    return _become(part, {**place.environment(), **part.environment}, place.person)


def run_worker(options: argparse.Namespace) -> int:
    """In this very process: the supervisor has already given it its environment."""
    if "OPSPACT_DATABASE_URL" not in os.environ:
        place = installation(options)
        os.environ.update(place.environment())
        place.person.become()
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opspact.config.settings")
    django.setup()
    call_command("procrastinate", "worker", "--concurrency", "2")
    return 0


def run_collector(options: argparse.Namespace) -> int:
    place = installation(options)
    token = options.token_file or place.data.secrets / "collector.token"
    if not token.exists():
        raise Fault(
            f"缺少采集器令牌 {token}：请在「系统 › 采集器」登记后保存到该文件。",
            f"The collector's token {token} is missing: register the collector and save its token there.",
        )
    part = parts.collector(options.server, token, options.spool or place.data.spool, options.ca)
    return _become(part, dict(os.environ), place.person)


def _become(part: parts.Part, environment: dict[str, str], person: Person) -> int:
    step_down(person, part.keeps)
    os.execve(part.command[0], part.command, environment)  # noqa: S606
    return 0
