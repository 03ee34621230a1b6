"""The contract, the people of both sides, and incidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import translation
from tests.integration.servicedesk.support import MONDAY_10, by, local, make_contract

from opspact.contracts.calendars import load_public_holidays
from opspact.contracts.models import BusinessSystem, Contract, ScopeItem
from opspact.identity.models import Grant, Organisation, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.servicedesk import actions
from opspact.servicedesk.models import Incident


@pytest.fixture(autouse=True)
def _english():
    """Refusals are read in the language of the msgids."""
    with translation.override("en"):
        yield


@pytest.fixture
def contract(db: None) -> Contract:
    load_public_holidays(Caller.system(now=local("2026-01-01 00:00")), None, years=[2026])
    return make_contract("desk")


@pytest.fixture
def system(contract: Contract) -> BusinessSystem:
    organisation = Organisation.objects.create(code="client", name="Client")
    system = BusinessSystem.objects.create(organisation=organisation, code="oa", name="OA", category="key")
    ScopeItem.objects.create(contract=contract, system=system, starts_at=contract.starts_at)
    return system


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


@pytest.fixture
def opened(contract: Contract, manager: User) -> Callable[..., Incident]:
    """An incident of the manager's, P3 unless impact and urgency say otherwise."""

    def make(now: datetime = MONDAY_10, user: User | None = manager, **given: object) -> Incident:
        return actions.open_incident(by(user, now), contract, **{"title": "OA is slow", **given})

    return make
