"""A contract with the example's real terms, the people of both sides, and a clock that tests set."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opspact.contracts.calendars import load_public_holidays
from opspact.contracts.models import BusinessSystem, Contract, TermsVersion
from opspact.identity.models import Grant, Organisation, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.servicedesk import actions
from opspact.servicedesk.models import Incident

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


@pytest.fixture
def contract(db: None) -> Contract:
    load_public_holidays(Caller.system(now=local("2026-01-01 00:00")), None)
    return make_contract("desk")


@pytest.fixture
def system(contract: Contract) -> BusinessSystem:
    organisation = Organisation.objects.create(code="client", name="Client")
    return BusinessSystem.objects.create(organisation=organisation, code="oa", name="OA", category="key")


@pytest.fixture
def person(contract: Contract) -> Callable[..., User]:
    """person("li", Role.ENGINEER): a user with that role in the contract, made at the first call."""

    def make(username: str, role: Role, discipline: str = "", code: str = contract.code) -> User:
        user, _ = User.objects.get_or_create(username=username, defaults={"name": username.title()})
        Grant.objects.get_or_create(user=user, role=role, contract_code=code, discipline=discipline)
        return User.objects.get(pk=user.pk)

    return make


@pytest.fixture
def manager(person: Callable[..., User]) -> User:
    return person("manager", Role.SERVICE_MANAGER)


@pytest.fixture
def engineer(person: Callable[..., User]) -> User:
    return person("engineer", Role.ENGINEER, "network")


def by(user: User | None, now: datetime = MONDAY_10) -> Caller:
    return Caller(user, now, "page") if user else Caller.system(now=now)


@pytest.fixture
def opened(contract: Contract, manager: User) -> Callable[..., Incident]:
    """An incident of the manager's, P3 unless impact and urgency say otherwise."""

    def make(now: datetime = MONDAY_10, user: User | None = manager, **given: object) -> Incident:
        return actions.open_incident(by(user, now), contract, **{"title": "OA is slow", **given})

    return make
