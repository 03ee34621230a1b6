"""Asking a port for its certificate: one handshake without trust, and one with, for what verification says."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic
from typing import Any

from cryptography import x509

from opspact.assets.certificates.facts import checked
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.probes.kinds.tls import trust

TIMEOUT_S = 5.0
"""For everything together, the name included: a person is waiting."""

_DER = 2
"""`_ssl.ENCODING_DER`."""


class FetchRefused(Wrong):
    """No certificate came from that address; the message says why."""


@dataclass
class Fetched:
    """The certificates in the order the server sent them; `verification` is "" when this machine trusts them."""

    certificates: list[x509.Certificate] = field(default_factory=list)
    address: str = ""
    protocol: str = ""
    verification: str = ""


def addresses_of(host: str, port: int, *, until: float) -> list[str]:
    """What a name stands for now; an address for itself. Raises FetchRefused, at the latest at `until`."""
    found: list[str] = []

    def ask() -> None:
        with suppress(OSError):
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(each[4][0]) for each in answers))

    # The resolver knows no timeout of ours: a name server that is silent keeps it for half a minute and more.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.0, until - monotonic()))
    if asking.is_alive():
        raise FetchRefused(N_("No name server answered in time for %(host)s."), host=host)
    if not found:
        raise FetchRefused(N_("The name %(host)s can't be resolved from this server."), host=host)
    return found


def fetch(address: str, port: int, server_name: str, *, until: float) -> Fetched:
    """The chain that an IP address shows for a server name, at the latest at `until`. Raises FetchRefused."""
    try:
        with _connected(address, port, server_name, trust(False), until) as secure:
            chain = _sent(secure)
            protocol = secure.version() or ""
    except TimeoutError as error:
        words = N_("%(address)s port %(port)s did not answer in time.")
        raise FetchRefused(words, address=address, port=port) from error
    except ssl.SSLError as error:
        words = N_("%(address)s port %(port)s answers, but not with TLS: %(reason)s")
        raise FetchRefused(words, address=address, port=port, reason=error.reason or str(error)) from error
    except OSError as error:
        words = N_("%(address)s port %(port)s can't be reached: %(reason)s")
        raise FetchRefused(words, address=address, port=port, reason=error.strerror or str(error)) from error
    return Fetched(chain, address, protocol, _verification(address, port, server_name, until))


def _connected(address: str, port: int, server_name: str, tls: ssl.SSLContext, until: float) -> ssl.SSLSocket:
    plain = socket.create_connection((address, port), timeout=max(0.1, until - monotonic()))
    try:
        plain.settimeout(max(0.1, until - monotonic()))
        return tls.wrap_socket(plain, server_hostname=server_name)
    except BaseException:
        plain.close()
        raise


def _sent(secure: ssl.SSLSocket) -> list[x509.Certificate]:
    """All that the server sent. Python has a public name for it from 3.13 on; before, its own object is asked."""
    asked: Any = secure if hasattr(secure, "get_unverified_chain") else secure._sslobj  # type: ignore[attr-defined]
    sent = asked.get_unverified_chain() or ()
    ders = [each if isinstance(each, bytes) else each.public_bytes(_DER) for each in sent]
    try:
        found = [checked(x509.load_der_x509_certificate(each)) for each in ders]
    except (ValueError, x509.InvalidVersion) as error:
        raise FetchRefused(N_("The server sent a certificate that is damaged.")) from error
    if not found:
        raise FetchRefused(N_("The server sent no certificate."))
    return found


def _verification(address: str, port: int, server_name: str, until: float) -> str:
    try:
        with _connected(address, port, server_name, trust(True), until):
            return ""
    except ssl.SSLCertVerificationError as error:
        return str(error.verify_message)[:300]
    except OSError as error:
        return str(error)[:300]
