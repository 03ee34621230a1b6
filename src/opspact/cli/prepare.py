"""`opspact prepare`: what an installation needs before its parts start. Run by `up` and `demo`; may be repeated."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("prepare", help="准备基础数据（由 up 与 demo 调用）")
    command.add_argument("--demo", action="store_true")
    command.set_defaults(run=prepare)


def prepare(options: argparse.Namespace) -> int:
    """Public holidays, the machine's own collector and, by kind, the demo world or the first-run code.

    Expects the environment of a part (`Installation.environment`) and to run as the person the parts run as.
    """
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from opspact.accounts import first_run
    from opspact.contracts.calendars import load_public_holidays
    from opspact.field.actions import register_local_collector
    from opspact.kit.actions import Caller

    caller = Caller.system(now=timezone.now(), via="start")
    secrets = Path(settings.DATA) / "secrets"
    load_public_holidays(caller, None)
    register_local_collector(caller, secrets / "collector.token")
    if options.demo:
        from opspact.demo.world import build

        build(caller, secrets / "demo-accounts.txt")
    elif first_run.needed():
        first_run.code(settings.DATA)
    return 0
