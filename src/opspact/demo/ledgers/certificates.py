"""Certificates of every standing: strong, about to end, expired and replaced, weak; made here, valid for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from opspact.assets.actions.certificates import add_from_file
from opspact.assets.models import Certificate
from opspact.contracts.models import BusinessSystem
from opspact.kit.actions import Caller

_STEPS = "\n".join(
    (
        "在服务器上生成新密钥和 CSR",
        "向 CA 提交 CSR，取回证书",
        "变更窗口内替换并重载服务",
        "在本台账用“替换”上传新证书",
    )
)
# host, days since it began, days until it ends, owner, a weak key
_CERTIFICATES = (
    ("oa.bjeoc.example.cn", 340, 25, "主机工程师", False),
    ("www.bjeoc.example.cn", 120, 245, "主机工程师", False),
    ("duty.bjeoc.example.cn", 310, 55, "系统工程师", False),
    ("mobile.bjeoc.example.cn", 200, 165, "网络工程师", False),
    ("video.bjeoc.example.cn", 360, 5, "网络工程师", False),
    ("old-gis.bjeoc.example.cn", 1100, -12, "系统工程师", True),
)


def make(caller: Caller, contract: Any) -> None:
    """Nothing where there are records already."""
    if Certificate.objects.filter(contract=contract).exists():
        return
    systems = list(BusinessSystem.objects.filter(scope_items__contract=contract).distinct().order_by("code"))
    authority = ec.generate_private_key(ec.SECP256R1())
    root = _signed("演示根证书", authority, "演示根证书", authority, caller.now, -1500, 3000)
    made = {}
    for number, (host, since, left, owner, is_weak) in enumerate(_CERTIFICATES):
        values = {"owner": owner, "renewal": _STEPS, "system": systems[number % len(systems)] if systems else None}
        content = _file(host, authority, root, caller.now, -since, left, is_weak=is_weak)
        made[host], _bundle = add_from_file(caller, contract, content=content, file_name=f"{host}.pem", values=values)
    content = _file("www.bjeoc.example.cn", authority, root, caller.now, -2, 363)
    add_from_file(
        caller, contract, content=content, file_name="www-new.pem", replaces=made["www.bjeoc.example.cn"]
    )  # fmt: skip


def _file(
    host: str, authority: Any, root: x509.Certificate, now: datetime, begins: int, ends: int, *, is_weak: bool = False
) -> bytes:
    key: Any = rsa.generate_private_key(65537, 1024) if is_weak else ec.generate_private_key(ec.SECP256R1())  # noqa: S505 - the example of a weak one
    leaf = _signed(host, key, "演示根证书", authority, now, begins, ends)
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (leaf, root))


def _signed(name: str, key: Any, issuer: str, signer: Any, now: datetime, begins: int, ends: int) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends))
        .add_extension(x509.BasicConstraints(key is signer, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if key is signer:
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )  # fmt: skip
    else:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _name(common: str) -> x509.Name:
    oid = x509.NameOID
    return x509.Name(
        [
            x509.NameAttribute(oid.COUNTRY_NAME, "CN"),
            x509.NameAttribute(oid.ORGANIZATION_NAME, "北京市应急指挥保障中心（演示）"),
            x509.NameAttribute(oid.COMMON_NAME, common),
        ]
    )
