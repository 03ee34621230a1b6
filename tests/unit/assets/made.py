"""Certificates made for a test: by whom, for whom, from when to when, with which key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

NOW = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)

SM2 = """-----BEGIN CERTIFICATE-----
MIIB2jCCAYCgAwIBAgIUJC/ZQXR11+sjH3XfuORjnVhK7IcwCgYIKoEcz1UBg3Uw
NTELMAkGA1UEBhMCQ04xDTALBgNVBAoMBFRlc3QxFzAVBgNVBAMMDnNtMi5leGFt
cGxlLmNuMB4XDTI2MTEyMjE3NTMyN1oXDTM2MTExOTE3NTMyN1owNTELMAkGA1UE
BhMCQ04xDTALBgNVBAoMBFRlc3QxFzAVBgNVBAMMDnNtMi5leGFtcGxlLmNuMFkw
EwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEzseXgWherO4+USLvNpgmA7rYqjE/LRmN
/1nNm2I56Ga0p0aUnwClOi9H2SXnKkg1V/U97fbPObs9MO1xlg7o+6NuMGwwHQYD
VR0OBBYEFJPanPzWnefb1y6smTzipP69mVubMB8GA1UdIwQYMBaAFJPanPzWnefb
1y6smTzipP69mVubMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIOc20yLmV4
YW1wbGUuY24wCgYIKoEcz1UBg3UDSAAwRQIgHTi3wzAkzyihkdr6jvHYDDqAXW6U
tiTtjPIyYtJYlBACIQDsEgedtcnKieQvxm5PK8LAPTXQwPt/qaMQQkr1MjdaiA==
-----END CERTIFICATE-----
"""
"""Made with `openssl ecparam -name SM2` and `openssl req -x509 -sm3`: CN sm2.example.cn, to 2036."""


class Made:
    """A certificate and its key."""

    def __init__(
        self,
        name: str,
        *,
        by: Made | None = None,
        key: Any = None,
        names: tuple[str, ...] = (),
        begins: datetime = NOW - 30 * DAY,
        ends: datetime = NOW + 300 * DAY,
        is_authority: bool = False,
    ) -> None:
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "指挥中心"),
                x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
            ]
        )
        issuer = by.certificate.subject if by else subject
        signer = by.key if by else self.key
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        if is_authority:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_name(each) for each in names]), critical=False
            )
        self.certificate = builder.sign(signer, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def pfx(self, password: str = "", *others: Made) -> bytes:
        secret = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
        return pkcs12.serialize_key_and_certificates(
            b"own", self.key, self.certificate, [each.certificate for each in others], secret
        )


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def chain_of_three(name: str = "oa.example.cn") -> tuple[Made, Made, Made]:
    """The certificate, the authority that issued it, the root above that."""
    root = Made("Root", is_authority=True, ends=NOW + 3000 * DAY)
    between = Made("Issuing", by=root, is_authority=True, ends=NOW + 2000 * DAY)
    return Made(name, by=between, names=(name,)), between, root


def weak_rsa() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)
