"""What the collector is told on its command line, and what of it is refused."""

import argparse
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from opspact.collector.uplink import Witness
from opspact.probes.addresses import parse_host, parse_host_port, split_host_port
from opspact.probes.errors import AddressError
from opspact.probes.net import is_local


class ConfigError(Exception):
    """The collector can't start like this; the text is the sentence to show."""


@dataclass(frozen=True, slots=True)
class Options:
    """A collector's settings. ``witnesses`` prove the uplink; ``max_bytes`` and ``min_free`` are in bytes."""

    url: str
    token_file: Path
    spool: Path
    verify: ssl.SSLContext | bool
    witnesses: tuple[Witness, ...]
    capacity: int
    max_rows: int
    max_bytes: int
    min_free: int


def parse(arguments: list[str] | None = None) -> Options:
    """Read the command line. Raises :class:`ConfigError`; exits as argparse does on a wrong option."""
    given = _parser().parse_args(arguments)
    url = given.server.rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"--server {given.server} is no http or https address.")
    verify = _verify(parts.scheme, parts.hostname, given.ca, given.insecure_loopback)
    server = (parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
    return Options(
        url=url,
        token_file=given.token_file,
        spool=given.spool,
        verify=verify,
        witnesses=(server, *map(_witness, given.uplink)),
        capacity=given.capacity,
        max_rows=given.max_rows,
        max_bytes=given.max_mb * 1_000_000,
        min_free=given.min_free_mb * 1_000_000,
    )


def _verify(scheme: str, host: str, ca: Path | None, insecure_loopback: bool) -> ssl.SSLContext | bool:
    if insecure_loopback and is_local(host):
        return False
    if scheme == "http":
        raise ConfigError("A plain http server is only for loopback, with --insecure-loopback; use https.")
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"The certificates in {ca} can't be read: {error}.") from error


def _witness(text: str) -> Witness:
    try:
        return (parse_host(text), None)
    except AddressError:
        pass
    try:
        return split_host_port(parse_host_port(text))
    except AddressError as error:
        raise ConfigError(f"--uplink: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="opspact collector", description="Run checks and ship what they see.")
    parser.add_argument("--server", required=True, metavar="URL", help="address of the OpsPact server")
    parser.add_argument("--token-file", required=True, type=Path, metavar="FILE", help="the collector's own token")
    parser.add_argument("--spool", required=True, type=Path, metavar="DIR", help="where results wait for the server")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="certificates (PEM) to trust instead of the system's")
    parser.add_argument(
        "--insecure-loopback",
        action="store_true",
        help="allow plain http, and any certificate, for a server on this machine",
    )
    parser.add_argument(
        "--uplink", action="append", default=[], metavar="HOST[:PORT]", help="proves the uplink when it answers"
    )
    parser.add_argument("--capacity", type=_positive, default=500, help="probes that run at once (%(default)s)")
    parser.add_argument("--max-rows", type=_positive, default=5_000_000, help="rows in the spool (%(default)s)")
    parser.add_argument("--max-mb", type=_positive, default=2_000, help="size of the spool (%(default)s)")
    parser.add_argument("--min-free-mb", type=_positive, default=200, help="left free on the disk (%(default)s)")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
