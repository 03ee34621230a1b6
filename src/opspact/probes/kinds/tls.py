"""TLS certificate: how many days it is still valid; down when it expired, is not valid yet, or the handshake fails.

Devices that speak only old protocol versions are read as well: the check is about the certificate, not the cipher.
"""

import asyncio
import re
import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from opspact.core.words import N_
from opspact.probes.addresses import parse_host, parse_host_port, split_host_port
from opspact.probes.errors import AddressError
from opspact.probes.kind import Kind, Outcome, Settings, degraded, down
from opspact.probes.net import failure
from opspact.probes.wire import Assignment

_WRONG_DATE = {9, 10}
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED, in OpenSSL's x509_vfy.h."""


def _server_name(text: str) -> str:
    try:
        return parse_host(text)
    except AddressError as error:
        raise PydanticCustomError("server_name", "not a host name") from error


class TlsSettings(Settings):
    """What can be set for a TLS check."""

    warn_days: int = Field(default=30, ge=0, le=3_650, description=N_("Degraded when valid for fewer days than this"))
    sni: Annotated[str, AfterValidator(_server_name)] | None = Field(
        default=None, description=N_("Server name to ask for, when it is not the host")
    )
    verify: bool = Field(default=False, description=N_("Down when the chain is not trusted by this system"))


async def probe(assignment: Assignment) -> Outcome:
    """Shake hands, read the certificate, leave."""
    settings = TlsSettings.model_validate(assignment.settings)
    host, port = split_host_port(assignment.address)
    try:
        _, writer = await asyncio.open_connection(
            host, port, ssl=trust(settings.verify), server_hostname=settings.sni or host, happy_eyeballs_delay=0.25
        )
    except ssl.SSLCertVerificationError as error:
        # A wrong date is asked again without trust, for its days.
        return await probe(_unverified(assignment)) if error.verify_code in _WRONG_DATE else failure(error)
    except OSError as error:
        return failure(error)
    certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    return _judge(certificate, settings) if certificate else down("tls", "no certificate")


def _unverified(assignment: Assignment) -> Assignment:
    return assignment.model_copy(update={"settings": {**assignment.settings, "verify": False}})


def _judge(certificate: bytes, settings: TlsSettings) -> Outcome:
    from cryptography import x509

    try:
        parsed = x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        return down("tls", error)
    return judge(parsed.not_valid_before_utc, parsed.not_valid_after_utc, settings, now=datetime.now(UTC))


def judge(begin: datetime, end: datetime, settings: TlsSettings, *, now: datetime) -> Outcome:
    """The outcome for a validity from ``begin`` to ``end``, both included (RFC 5280, 4.1.2.5)."""
    days = round((end - now) / timedelta(days=1), 3)
    if now > end:
        return down("expired", _day(end), value=days, unit="days")
    if now < begin:
        return down("not_yet_valid", _day(begin), value=days, unit="days")
    if days < settings.warn_days:
        return degraded("expires", _day(end), value=days, unit="days")
    return Outcome("up", days, "days")


def _day(at: datetime) -> str:
    return re.sub(r"\+00:00$", " UTC", at.isoformat(sep=" ", timespec="minutes"))


@cache
def trust(verify: bool) -> ssl.SSLContext:
    """How a certificate is asked for: with the trust of this system, or so that any device answers."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def _parse_address(text: str) -> str:
    return parse_host_port(text, default_port=443)


KIND = Kind(
    name="tls",
    label=N_("TLS certificate"),
    address_help=N_("host or host:port, port 443 when left out"),
    unit="days",
    settings=TlsSettings,
    parse_address=_parse_address,
    host=lambda address: split_host_port(address)[0],
    probe=probe,
    interval_s=600,
    timeout_s=10.0,
)
