"""A contract with the example's real terms, and a clock that tests set."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from opspact.contracts.models import Contract, TermsVersion
from opspact.identity.models import User
from opspact.kit.actions import Caller

TERMS = Path(__file__).parents[3] / "examples" / "beijing-2022" / "contract.yaml"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    """`2026-11-20 17:50` on the wall in Shanghai, as aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


MONDAY_10 = local("2026-11-23 10:00")


def make_contract(code: str) -> Contract:
    contract = Contract.objects.create(
        code=code, name=code, short_name=code, starts_at=local("2026-01-01 00:00"), ends_at=local("2028-01-01 00:00")
    )
    source = TERMS.read_text()
    TermsVersion.objects.create(
        contract=contract,
        version=1,
        source=source,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        loaded_at=local("2026-01-01 00:00"),
    )
    return contract


def by(user: User | None, now: datetime = MONDAY_10) -> Caller:
    return Caller(user, now, "page") if user else Caller.system(now=now)
