"""Digital certificates. What stands in the certificate itself is read from it and changed by nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from django import forms
from django.utils.translation import gettext_lazy as _

from opspact.assets.certificates.facts import Facts, facts_of
from opspact.assets.ledgers import common
from opspact.assets.ledgers.software import CODE_HELP, Problems, numbered, on_asset
from opspact.assets.models import Certificate
from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers import BigReference, Field, Ledger, LongText, Moment, Text, Whole
from opspact.kit.ledgers.kinds import Kind

ITSELF, DUTY = _("The certificate"), _("Where it is used and who renews it")
READ_ONLY = (
    "subject",
    "issuer",
    "names",
    "serial",
    "sha256",
    "algorithm",
    "key_bits",
    "signature",
    "starts_at",
    "ends_at",
)
"""The columns that are read from the certificate where there is one."""


@dataclass(frozen=True)
class Names(Kind):
    """Several host names or addresses; in text separated by blanks, commas or semicolons."""

    width: int = field(default=30, init=False)

    def parse(self, text: str) -> list[str]:
        found = [part for part in re.split(r"[\s,;、,;]+", text) if part]
        if len(found) > 200 or any(len(part) > 253 for part in found):
            raise Wrong(N_("“%(found)s” is no list of names"), found=shown(text))
        return found

    def text(self, value: Any) -> str:
        return ", ".join(value or ())

    def form_field(self, **common: Any) -> forms.Field:
        return _NamesInput(max_length=4000, **common)


class _NamesInput(forms.CharField):
    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class NamesField(Field):
    """The column holds a list; an empty one reads as nothing."""

    def read(self, record: Any) -> Any:
        return record.names or None

    def write(self, record: Any, value: Any) -> None:
        record.names = value or []

    def emptied(self, record: Any) -> Any:
        return None


def check(contract: Any, records: Sequence[Any]) -> Problems:
    """A certificate stands here once, ends after it begins, and says what it says."""
    found: Problems = {}
    prints = {record.sha256: record for record in records if record.sha256}
    others = Certificate.objects.filter(contract=contract, deleted_at=None, sha256__in=list(prints))
    known = {other.sha256: other for other in others.exclude(pk__in=[record.pk for record in records if record.pk])}
    for position, record in enumerate(records):
        problems = found.setdefault(position, [])
        other = known.get(record.sha256) or prints.get(record.sha256)
        if other is not None and other is not record:
            problems.append(
                ("sha256", Wrong(N_("this certificate is on the ledger already: %(code)s"), code=str(other)))
            )
        if record.starts_at and record.ends_at and record.ends_at <= record.starts_at:
            problems.append(("ends_at", Wrong(N_("it ends before it begins"))))
        if record.pem and not {*READ_ONLY}.isdisjoint(getattr(record, "was", ())):
            problems += _changed(record)
    return {position: problems for position, problems in found.items() if problems}


def _changed(record: Any) -> list[tuple[str, Wrong]]:
    """The fields of a certificate we hold that no longer say what it says."""
    said = columns(facts_of(x509.load_pem_x509_certificates(record.pem.encode())[0]))
    words = N_("this is read from the certificate itself; upload the renewed one with “Replace”")
    return [(name, Wrong(words)) for name in READ_ONLY if getattr(record, name) != said[name]]


def columns(facts: Facts) -> dict[str, Any]:
    """The facts of a certificate by the ledger's columns."""
    return {
        "subject": facts.subject[:500],
        "issuer": facts.issuer[:500],
        "names": list(facts.names),
        "serial": facts.serial[:80],
        "sha256": facts.sha256,
        "algorithm": facts.algorithm[:40],
        "key_bits": facts.key_bits,
        "signature": facts.signature[:60],
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
    }


CERTIFICATES = Ledger(
    name="assets.certificate",
    model=Certificate,
    title=_("Certificates"),
    one=_("Certificate"),
    url_name="assets:certificate",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="certificate",
    order=54,
    is_key_given=False,
    related=("system", "asset", "replaced_by"),
    searched=("code", "name", "subject", "issuer", "serial", "sha256", "owner", "source"),
    check=check,
    before_write=numbered("CERT-"),
    notes=(_("For certificates nobody can upload. Those read from a file or a port keep what they say."),),
    fields=(
        common.code(help=CODE_HELP),
        Field("name", _("Name"), Text(200), required=True, also=("名称", "证书名称", "域名"), phone=True, width="l"),
        Field("ends_at", _("Valid until"), Moment(), also=("到期时间", "到期日期", "有效期至"), filter=True),
        common.system(group=DUTY),
        on_asset(group=DUTY, filter=True),
        Field("owner", _("Owner"), Text(60), also=("责任人", "负责人"), filter=True, group=DUTY),
        Field(
            "renewal",
            _("Steps of renewal"),
            LongText(),
            also=("更新步骤", "续期步骤"),
            default=False,
            sort=False,
            group=DUTY,
        ),
        Field("subject", _("Subject"), Text(500), also=("主题", "使用者"), default=False, group=ITSELF),
        Field(
            "issuer",
            _("Issuer"),
            Text(500),
            also=("颁发者", "颁发机构", "CA"),
            filter=True,
            default=False,
            group=ITSELF,
        ),
        NamesField(
            "names", _("Names it is for"), Names(), also=("备用名称", "SAN"), default=False, sort=False, group=ITSELF
        ),
        Field("starts_at", _("Valid from"), Moment(), also=("生效时间", "有效期起"), default=False, group=ITSELF),
        Field("algorithm", _("Key algorithm"), Text(40), also=("密钥算法", "算法"), group=ITSELF),
        Field("key_bits", _("Key length (bits)"), Whole(1, 65536), also=("密钥长度",), default=False, group=ITSELF),
        Field("signature", _("Signature"), Text(60), also=("签名算法",), default=False, group=ITSELF),
        Field("serial", _("Serial number"), Text(80), also=("序列号",), default=False, group=ITSELF),
        Field("sha256", _("Fingerprint (SHA-256)"), Text(64), also=("指纹",), default=False, group=ITSELF),
        Field("source", _("Source"), Text(200), also=("来源",), default=False, group=ITSELF),
        Field(
            "replaced_by",
            _("Replaced by"),
            BigReference(lambda contract: Certificate.objects.filter(contract=contract, deleted_at=None)),
            is_written=False,
            sort=False,
            default=False,
            group=DUTY,
        ),
        common.remark(),
    ),
)
