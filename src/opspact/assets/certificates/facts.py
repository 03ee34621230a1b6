"""What a certificate says of itself, SM2 (GB/T 32918) included, which `cryptography` can read but not verify."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

_E = TypeVar("_E", bound=x509.ExtensionType)
SM2_CURVE = bytes.fromhex("06082a811ccf5501822d")
"""OID 1.2.156.10197.1.301 in DER, as it stands among the parameters of the public key."""
SM2_WITH_SM3 = "1.2.156.10197.1.501"
SM2 = "SM2"
_SIGNATURES = {
    SM2_WITH_SM3: "SM2 SM3",
    "1.2.840.113549.1.1.4": "RSA MD5",
    "1.2.840.113549.1.1.5": "RSA SHA-1",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.113549.1.1.11": "RSA SHA-256",
    "1.2.840.113549.1.1.12": "RSA SHA-384",
    "1.2.840.113549.1.1.13": "RSA SHA-512",
    "1.2.840.10040.4.3": "DSA SHA-1",
    "2.16.840.1.101.3.4.3.2": "DSA SHA-256",
    "1.2.840.10045.4.1": "ECDSA SHA-1",
    "1.2.840.10045.4.3.2": "ECDSA SHA-256",
    "1.2.840.10045.4.3.3": "ECDSA SHA-384",
    "1.2.840.10045.4.3.4": "ECDSA SHA-512",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
}


@dataclass(frozen=True)
class Facts:
    """Instants are aware UTC; `names` are the DNS names, addresses and mailboxes the certificate is for."""

    name: str
    subject: str
    issuer: str
    names: tuple[str, ...]
    serial: str
    sha256: str
    algorithm: str
    key_bits: int | None
    signature: str
    starts_at: datetime
    ends_at: datetime
    is_authority: bool
    is_self_signed: bool


def facts_of(certificate: x509.Certificate) -> Facts:
    """Everything the ledger shows. Raises ValueError where a part of the certificate is broken."""
    algorithm, bits = _key(certificate)
    common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    names = _names(certificate)
    subject = _written(certificate.subject)
    return Facts(
        name=storable(str(common[0].value)) if common else names[0] if names else subject,
        subject=subject,
        issuer=_written(certificate.issuer),
        names=names,
        serial=f"{certificate.serial_number:x}",
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        algorithm=algorithm,
        key_bits=bits,
        signature=_signature(certificate),
        starts_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
        is_authority=_is_authority(certificate),
        is_self_signed=is_self_signed(certificate),
    )


def checked(certificate: x509.Certificate) -> x509.Certificate:
    """The certificate itself, once each of its parts was read. Raises ValueError for a broken one.

    `cryptography` reads the parts when they are asked for, and complains of each in another way.
    """
    try:
        facts_of(certificate)
    except Exception as error:
        raise ValueError("a part of the certificate can't be read") from error
    return certificate


def extension(certificate: x509.Certificate, kind: type[_E]) -> _E | None:
    """What an extension says; None without it, and where the extensions can't be read."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError, TypeError):
        return None


def is_self_signed(certificate: x509.Certificate) -> bool:
    """By its signature where that can be checked; by its names alone for an algorithm nobody here can check (SM2)."""
    if certificate.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except UnsupportedAlgorithm:
        return True
    except Exception:
        # InvalidSignature, or a key that could not have made this signature: then somebody else of that name did.
        return False
    return True


def is_sm2(certificate: x509.Certificate) -> bool:
    return SM2_CURVE in certificate.tbs_certificate_bytes or (
        certificate.signature_algorithm_oid.dotted_string == SM2_WITH_SM3
    )


def storable(text: str) -> str:
    """Without NUL, which a certificate may carry and no database keeps."""
    return text.replace("\0", "")


def pem_of(chain: list[x509.Certificate]) -> str:
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in chain)


def _key(certificate: x509.Certificate) -> tuple[str, int | None]:
    if SM2_CURVE in certificate.tbs_certificate_bytes:
        return SM2, 256
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return certificate.public_key_algorithm_oid.dotted_string, None
    match key:
        case rsa.RSAPublicKey():
            return "RSA", key.key_size
        case dsa.DSAPublicKey():
            return "DSA", key.key_size
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.name}", key.key_size
        case ed25519.Ed25519PublicKey():
            return "Ed25519", 256
        case ed448.Ed448PublicKey():
            return "Ed448", 456
    return certificate.public_key_algorithm_oid.dotted_string, None


def _signature(certificate: x509.Certificate) -> str:
    number = certificate.signature_algorithm_oid.dotted_string
    return _SIGNATURES.get(number, number)


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    found = extension(certificate, x509.SubjectAlternativeName)
    if found is None:
        return ()
    wanted = (x509.DNSName, x509.IPAddress, x509.RFC822Name, x509.UniformResourceIdentifier)
    return tuple(dict.fromkeys(storable(str(each.value)) for each in found if isinstance(each, wanted)))


def _is_authority(certificate: x509.Certificate) -> bool:
    found = extension(certificate, x509.BasicConstraints)
    return found is not None and found.ca


def _written(name: x509.Name) -> str:
    """CN first, as people read it, and with the characters themselves instead of their escapes."""
    parts = [f"{each.rfc4514_attribute_name}={each.value!s}" for rdn in name.rdns for each in rdn]
    return storable(", ".join(reversed(parts)))
