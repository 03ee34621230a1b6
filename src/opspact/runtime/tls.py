"""A certificate of our own for an installation that has none: a bind beyond loopback never serves plain text."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

VALID_FOR = dt.timedelta(days=825)
RENEW_BEFORE = dt.timedelta(days=30)


def own_certificate(folder: Path, host: str, now: dt.datetime) -> tuple[Path, Path]:
    """Certificate and key (PEM, PKCS#8) below `folder`, made or renewed when missing or about to expire."""
    certificate, key = folder / "server.crt", folder / "server.key"
    if certificate.exists() and key.exists():
        present = x509.load_pem_x509_certificate(certificate.read_bytes())
        if present.not_valid_after_utc - now > RENEW_BEFORE and _covers(present, host):
            return certificate, key
    private = ec.generate_private_key(ec.SECP256R1())
    key.touch(mode=0o600)
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    certificate.write_bytes(_signed(private, host, now).public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _names(host: str) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.DNSName(socket.gethostname()),
    ]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        found.append(x509.DNSName(host))
    else:
        if not address.is_unspecified:
            found.append(x509.IPAddress(address))
    return list(dict.fromkeys(found))


def _covers(certificate: x509.Certificate, host: str) -> bool:
    present = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return all(name in list(present) for name in _names(host))


def _signed(private: ec.EllipticCurvePrivateKey, host: str, now: dt.datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"OpsPact {socket.gethostname()}"[:64])])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(int.from_bytes(os.urandom(16), "big") >> 1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
