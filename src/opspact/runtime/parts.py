"""The parts that one machine runs: web, worker and collector. Each is a command; who runs it is not its business."""

from __future__ import annotations

import ipaddress
import sys
from dataclasses import dataclass, field
from pathlib import Path

from opspact.runtime.faults import Fault
from opspact.runtime.privileges import CAP_NET_RAW

EVERY_INTERFACE = frozenset({"0.0.0.0", "::"})  # noqa: S104  (recognised, not bound)


@dataclass(frozen=True)
class Bind:
    """Where the web part listens, and how people and the local collector reach it."""

    host: str = "127.0.0.1"
    port: int = 8000
    behind_proxy: bool = False
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def needs_certificate(self) -> bool:
        """No plaintext management: beyond loopback it is TLS, unless a proxy in front does that."""
        return not self.is_loopback and not self.behind_proxy and self.certificate is None

    @property
    def scheme(self) -> str:
        return "https" if self.certificate else "http"

    @property
    def origin(self) -> str:
        """The address to tell people; for a bind to every interface, the one that works on this machine."""
        host = "127.0.0.1" if self.host in EVERY_INTERFACE else self.host
        return f"{self.scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"


@dataclass(frozen=True)
class Part:
    name: str
    command: list[str]
    keeps: tuple[int, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def web(bind: Bind, workers: int) -> Part:
    if bind.needs_certificate:
        raise Fault(
            f"监听 {bind.host} 必须使用 TLS：请提供证书，或在代理之后用 --behind-proxy。",
            f"Listening on {bind.host} needs TLS: give a certificate, or use --behind-proxy behind a proxy.",
        )
    command = [sys.executable, "-P", "-m", "granian", "--interface", "wsgi", "opspact.config.wsgi:application"]
    command += ["--host", bind.host, "--port", str(bind.port), "--workers", str(workers), "--blocking-threads", "4"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "4", "--no-ws", "--log-level", "warning"]
    if bind.certificate and bind.key:
        command += ["--ssl-certificate", str(bind.certificate), "--ssl-keyfile", str(bind.key)]
    environment = {"OPSPACT_ORIGIN": bind.origin, "OPSPACT_BEHIND_PROXY": "1" if bind.behind_proxy else "0"}
    return Part("web", command, environment=environment)


def worker() -> Part:
    return Part("worker", [sys.executable, "-P", "-m", "opspact.cli", "worker"])


def collector(server: str, token_file: Path, spool: Path, certificate: Path | None = None) -> Part:
    command = [sys.executable, "-P", "-m", "opspact.collector", "--server", server]
    command += ["--token-file", str(token_file), "--spool", str(spool)]
    # Plain text is for this machine only; the collector refuses it anywhere else, and it says so.
    command += ["--ca", str(certificate)] if certificate else ["--insecure-loopback"]
    return Part("collector", command, keeps=(CAP_NET_RAW,))
