"""`opspact demo` and `opspact up`: everything in one terminal."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import socket
import sys
import time
from pathlib import Path

import httpx

from opspact.cli.common import add_data_option
from opspact.cli.preparing import Preparation, Stopped
from opspact.runtime import parts
from opspact.runtime.faults import Fault
from opspact.runtime.installation import Installation
from opspact.runtime.parts import Bind
from opspact.runtime.paths import default_data_directory
from opspact.runtime.supervisor import Supervisor
from opspact.runtime.tls import own_certificate

READY_WITHIN_S = 60.0


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, demo, help_text in (
        ("demo", True, "演示：载入示例合同并启动全部组件 · the demo world and all parts"),
        ("up", False, "启动全部组件；首次打开网页时建立三员账户 · all parts, without the demo"),
    ):
        command = commands.add_parser(name, help=help_text)
        add_data_option(command)
        command.add_argument("--port", type=int, default=8000, help="网页端口（默认 8000）")
        command.add_argument("--host", default="127.0.0.1", help="监听地址（默认仅本机；其他地址使用 TLS）")
        command.add_argument("--behind-proxy", action="store_true", help="前面有提供 TLS 的代理，自身不加密")
        command.add_argument("--tls-cert", type=Path, help="自有证书（PEM）")
        command.add_argument("--tls-key", type=Path, help="自有证书的私钥（PKCS#8 PEM）")
        command.add_argument("--workers", type=int, default=2, help="网页工作进程数（默认 2）")
        if demo:
            command.add_argument("--reset", action="store_true", help="清空演示数据并重新开始")
        command.set_defaults(run=serve, demo=demo)


def serve(options: argparse.Namespace) -> int:
    started = time.monotonic()
    root = options.data or default_data_directory()
    place = Installation.at(root)
    with place.locked():
        if options.demo and options.reset:
            _start_over(place)
            place = Installation.at(root)
        _claim_demo(place, demo=options.demo)
        bind = _bind(options, place)
        _refuse_taken_port(bind)
        postgres = place.postgres if place.uses_embedded_database else None
        supervisor = Supervisor(place, postgres, _say)
        supervisor.listen()
        try:
            if postgres is not None:
                _step("数据库", "Database", postgres.start)
            place.make_secrets()
            _bring_up(supervisor, place, bind, options)
            _greet(place, bind, time.monotonic() - started, demo=options.demo)
            supervisor.watch()
        except Stopped:
            print(file=sys.stderr)
        finally:
            supervisor.stop()
    _say("已全部停止。", "Everything has stopped.")
    return 0


def _bring_up(supervisor: Supervisor, place: Installation, bind: Bind, options: argparse.Namespace) -> None:
    """Tables, data, parts. When the tables are current, the parts start while the data is looked through."""
    preparation = Preparation(place, bind.origin, lambda: supervisor.stopping)
    if preparation.tables_are_current():
        _start_parts(supervisor, place, bind, options.workers)
        preparation.fill(demo=options.demo)
    else:
        preparation.migrate()
        preparation.fill(demo=options.demo)
        _start_parts(supervisor, place, bind, options.workers)
    _await_page(supervisor, bind, place)
    if supervisor.stopping:
        raise Stopped


def _say(chinese: str, english: str) -> None:
    print(f"{chinese} {english}", file=sys.stderr, flush=True)


def _step(chinese: str, english: str, run: object) -> None:
    started = time.monotonic()
    print(f"  {chinese} · {english} … ", end="", file=sys.stderr, flush=True)
    assert callable(run)
    run()
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def _claim_demo(place: Installation, *, demo: bool) -> None:
    """A data directory is a demo or it isn't: demo accounts must never appear in a real installation."""
    mark = place.data.root / "demo"
    exists = (place.data.secrets / "django.key").exists()
    if demo and exists and not mark.exists():
        raise Fault(
            f"{place.data.root} 是正式数据目录，不能用于演示：请用 --data 另选目录。",
            f"{place.data.root} holds a real installation, not a demo: choose another --data.",
        )
    if not demo and mark.exists():
        raise Fault(
            f"{place.data.root} 是演示数据目录：请用 ./opspact demo 启动，或用 --data 另选目录。",
            f"{place.data.root} holds the demo: start it with ./opspact demo or choose another --data.",
        )
    if demo:
        mark.touch()


def _start_over(place: Installation) -> None:
    """Forget the demo. Only ever a directory that the demo itself marked."""
    if not (place.data.root / "demo").exists():
        if any(place.data.secrets.iterdir()):
            raise Fault(
                f"{place.data.root} 不是演示数据目录，未清空。",
                f"{place.data.root} is not a demo directory; nothing was removed.",
            )
        return
    if not place.uses_embedded_database:
        raise Fault(
            "演示数据在外部数据库中：请自行清空该数据库。",
            "The demo lies in a database elsewhere: empty that database yourself.",
        )
    for folder in (place.data.postgres, place.data.files, place.data.spool, place.data.secrets, place.data.run):
        shutil.rmtree(folder, ignore_errors=True)
    (place.data.root / "migrated").unlink(missing_ok=True)


def _bind(options: argparse.Namespace, place: Installation) -> Bind:
    bind = Bind(options.host, options.port, options.behind_proxy, options.tls_cert, options.tls_key)
    if bool(options.tls_cert) != bool(options.tls_key):
        raise Fault("证书与私钥需同时给出。", "Give both --tls-cert and --tls-key.")
    if not bind.needs_certificate:
        return bind
    folder = place.data.root / "tls"
    folder.mkdir(exist_ok=True)
    certificate, key = own_certificate(folder, options.host, dt.datetime.now(dt.UTC))
    for path, mode in ((folder, 0o700), (certificate, 0o644), (key, 0o600)):
        place.person.own(path, mode)
    return Bind(options.host, options.port, False, certificate, key)


def _refuse_taken_port(bind: Bind) -> None:
    """Says so before anything is started. A predecessor that was killed gets a moment to let go."""
    deadline = time.monotonic() + 3
    while True:
        family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
        with socket.socket(family) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((bind.host, bind.port))
            except PermissionError as error:
                raise Fault(
                    f"无权监听端口 {bind.port}：请选择 1024 以上的端口（--port）。",
                    f"Port {bind.port} may not be used by this user: choose one above 1024 with --port.",
                ) from error
            except OSError as error:
                if time.monotonic() < deadline:
                    time.sleep(0.3)
                    continue
                raise Fault(
                    f"无法监听 {bind.host}:{bind.port}，端口可能已被占用：请用 --port 另选端口。",
                    f"Cannot listen on {bind.host}:{bind.port}, the port may be taken: choose another with --port.",
                ) from error
            return


def _start_parts(supervisor: Supervisor, place: Installation, bind: Bind, workers: int) -> None:
    supervisor.start(parts.web(bind, workers))
    supervisor.start(parts.worker())
    token = place.data.secrets / "collector.token"
    supervisor.start(parts.collector(bind.origin, token, place.data.spool, bind.certificate))


def _await_page(supervisor: Supervisor, bind: Bind, place: Installation) -> None:
    """Until the web part answers. Raises Fault with the place of its log when it does not."""

    def wait() -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline and not supervisor.stopping:
            try:
                # The certificate is our own; whether it is trusted is the browser's question.
                httpx.get(f"{bind.origin}/healthz", timeout=2, verify=False, trust_env=False)  # noqa: S501
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        if not supervisor.stopping:
            log = place.data.logs / "web.log"
            raise Fault(f"网页未能启动，日志见 {log}。", f"The web part did not start, see {log}.")

    _step("网页、任务与采集", "Web, worker and collector", wait)


def _greet(place: Installation, bind: Bind, seconds: float, *, demo: bool) -> None:
    print(f"\n  守约 OpsPact  {bind.origin}   ({seconds:.1f} s)", file=sys.stderr)
    note = place.data.secrets / ("demo-accounts.txt" if demo else "first-run-code")
    if note.exists() and demo:
        print(note.read_text(), file=sys.stderr)
    elif note.exists():
        print(f"  首次设置码 · first-run code: {note.read_text().strip()}", file=sys.stderr)
    print(f"  数据 · data: {place.data.root}\n  Ctrl-C 停止 · stops", file=sys.stderr, flush=True)
