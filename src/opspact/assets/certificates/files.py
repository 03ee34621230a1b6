"""From an uploaded file to its certificates: PEM, DER, PKCS#7 and PFX; for anything else, what it is instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key, pkcs7

from opspact.assets.certificates import pfx
from opspact.assets.certificates.facts import checked
from opspact.core.inputs import Wrong
from opspact.core.words import N_

MAX_BYTES = 1024 * 1024
MOST = 50
# A body ends at the next five dashes: else a file of nothing but beginnings would be searched to its end from each.
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*(?:-(?!----)[^-]*)*)-----END \1-----")
_PKCS7_DATA = bytes.fromhex("06092a864886f70d010701")
_PKCS7_SIGNED = bytes.fromhex("06092a864886f70d010702")
_OPENSSH = b"ssh-"

IS_KEY = N_(
    "This file holds a private key and no certificate. It was not kept. Choose the certificate that goes with it."
)
IS_REQUEST = N_(
    "This is a certificate request (CSR): what is sent to the authority. Choose the certificate it sent back."
)
IS_PUBLIC_KEY = N_("This file holds a public key and no certificate.")
IS_KEYSTORE = N_("This is a Java keystore; export the certificate from it: keytool -exportcert -rfc.")
NEEDS_PASSWORD = N_("This PFX file is encrypted; type its password.")
WRONG_PASSWORD = N_("The password does not open this PFX file.")
UNREADABLE = N_("This PFX file holds what can't be read here, such as an SM2 key; export its certificate alone as PEM.")
TOO_SLOW = N_("Opening this PFX file takes longer than %(seconds)s seconds; export its certificate alone as PEM.")
TOO_LARGE = N_("The file is larger than %(mb)s MB.")
IS_DAMAGED = N_("Certificate %(number)s of the file is damaged.")
IS_NONE = N_("This is no certificate in PEM, DER, P7B or PFX.")

UNREADABLE_PARTS = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion)


class FileRefused(Wrong):
    """The file holds no certificate that can be read; the message says what it is instead."""


@dataclass
class Bundle:
    """The certificates of one file in its order. `dropped_keys`: how many private keys came along and were dropped."""

    certificates: list[x509.Certificate] = field(default_factory=list)
    dropped_keys: int = 0


def read(content: bytes, password: str = "") -> Bundle:
    """The certificates in a file. Raises FileRefused. The password is used here and nowhere else."""
    if not content.strip():
        raise FileRefused(N_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise FileRefused(TOO_LARGE, mb=MAX_BYTES // 1024**2)
    blocks = _BLOCK.findall(content)
    bundle = _from_pem(content, blocks) if blocks else _from_der(content, password)
    if len(bundle.certificates) > MOST:
        raise FileRefused(N_("The file holds more than %(most)s certificates; choose the chain of one."), most=MOST)
    unique = {each.fingerprint(SHA256()): each for each in bundle.certificates}
    bundle.certificates = list(unique.values())
    return bundle


def _from_pem(content: bytes, blocks: list[tuple[bytes, bytes]]) -> Bundle:
    bundle = Bundle()
    labels = [label.decode() for label, _body in blocks]
    bundle.dropped_keys = sum(label.endswith("PRIVATE KEY") for label in labels)
    for match in _BLOCK.finditer(content):
        label, block = match[1].decode(), match[0]
        try:
            if label in ("CERTIFICATE", "X509 CERTIFICATE"):
                block = block.replace(b"X509 CERTIFICATE", b"CERTIFICATE")
                bundle.certificates.append(checked(x509.load_pem_x509_certificate(block)))
            elif label in ("PKCS7", "CMS"):
                found = pkcs7.load_pem_pkcs7_certificates(block.replace(b"CMS", b"PKCS7"))
                bundle.certificates += map(checked, found)
        except UNREADABLE_PARTS as error:
            raise FileRefused(IS_DAMAGED, number=len(bundle.certificates) + 1) from error
    if bundle.certificates:
        return bundle
    raise FileRefused(_what_labels_say(labels))


def _what_labels_say(labels: list[str]) -> str:
    if any(label.endswith("CERTIFICATE REQUEST") for label in labels):
        return IS_REQUEST
    if any(label.endswith("PRIVATE KEY") for label in labels):
        return IS_KEY
    if any(label.endswith("PUBLIC KEY") for label in labels):
        return IS_PUBLIC_KEY
    return IS_NONE


def _from_der(content: bytes, password: str) -> Bundle:
    try:
        found = x509.load_der_x509_certificate(content)
    except UNREADABLE_PARTS:
        pass
    else:
        return Bundle(_all_checked([found]))
    head = content[:64]
    if _PKCS7_SIGNED in head and not _is_pfx(content):
        try:
            return Bundle([checked(each) for each in pkcs7.load_der_pkcs7_certificates(content)])
        except UNREADABLE_PARTS as error:
            raise FileRefused(N_("This P7B file holds no certificate that can be read.")) from error
    if _is_pfx(content):
        return _from_pfx(content, password)
    raise FileRefused(_what_bytes_say(content))


def _is_pfx(content: bytes) -> bool:
    """PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo } (RFC 7292, 4)."""
    head = content[:64]
    return content[:1] == b"\x30" and b"\x02\x01\x03" in head[:12] and (_PKCS7_DATA in head or _PKCS7_SIGNED in head)


def _from_pfx(content: bytes, password: str) -> Bundle:
    try:
        answer = pfx.opened(content, password)
    except TimeoutError:
        raise FileRefused(TOO_SLOW, seconds=pfx.SECONDS) from None
    match answer.get("refused"):
        case "password":
            raise FileRefused(WRONG_PASSWORD if password else NEEDS_PASSWORD)
        case "unreadable":
            raise FileRefused(UNREADABLE)
    certificates = [x509.load_pem_x509_certificate(each.encode()) for each in answer["certificates"]]
    if not certificates:
        raise FileRefused(IS_KEY if answer["has_key"] else IS_NONE)
    return Bundle(_all_checked(certificates), dropped_keys=int(answer["has_key"]))


def _all_checked(certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    for number, each in enumerate(certificates, start=1):
        try:
            checked(each)
        except ValueError as error:
            raise FileRefused(IS_DAMAGED, number=number) from error
    return certificates


def _what_bytes_say(content: bytes) -> str:
    if content[:4] in (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"):
        return IS_KEYSTORE
    if content.startswith(_OPENSSH):
        return IS_PUBLIC_KEY
    tests: tuple[tuple[str, Callable[[bytes], object]], ...] = (
        (IS_REQUEST, x509.load_der_x509_csr),
        (IS_KEY, lambda data: load_der_private_key(data, None)),
        (IS_PUBLIC_KEY, load_der_public_key),
    )
    for words, load in tests:
        try:
            load(content)
        except TypeError:  # a private key that is encrypted
            return words
        except (ValueError, UnsupportedAlgorithm):
            continue
        return words
    return IS_NONE
