"""People of a small installation: the three administrators, and a few who work in two contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from opspact.accounts import first_run
from opspact.accounts.actions import create_user, grant
from opspact.contracts.models import Contract
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller

PASSWORD = "Correct-Horse-42"


class QuickArgon2(Argon2PasswordHasher):
    """The real algorithm at its least cost: these tests make hundreds of hashes."""

    time_cost, memory_cost, parallelism = 1, 8, 1


@pytest.fixture(autouse=True)
def _new_installation(settings) -> Iterator[None]:
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickArgon2"]
    first_run.ask_again()
    yield
    first_run.ask_again()


@pytest.fixture
def machine() -> Caller:
    return Caller.system(now=timezone.now(), via="cli")


@pytest.fixture
def contracts(db: None) -> dict[str, Contract]:
    term = {"starts_at": datetime(2022, 7, 6, tzinfo=UTC), "ends_at": datetime(2023, 7, 6, tzinfo=UTC)}
    return {
        code: Contract.objects.create(code=code, name=f"合同 {code}", short_name=code, **term)
        for code in ("one", "two")
    }


class People:
    """Makes people on demand; everybody has the same password."""

    def __init__(self, machine: Caller) -> None:
        self.machine = machine

    def make(self, username: str, role: Role | None = None, contract_code: str = "", discipline: str = "") -> User:
        user = create_user(
            self.machine,
            None,
            username=username,
            name=f"人员 {username}",
            password=PASSWORD,
            must_change_password=False,
        )
        if role is not None:
            grant(self.machine, user, role=role, contract_code=contract_code, discipline=discipline)
        return user


@pytest.fixture
def people(db: None, machine: Caller) -> People:
    cache.clear()
    return People(machine)


@pytest.fixture
def three(people: People) -> dict[Role, User]:
    return {
        Role.SYSTEM_ADMIN: people.make("sys", Role.SYSTEM_ADMIN),
        Role.SECURITY_ADMIN: people.make("sec", Role.SECURITY_ADMIN),
        Role.AUDIT_ADMIN: people.make("aud", Role.AUDIT_ADMIN),
    }


def calls(user: User) -> Caller:
    return Caller(user, timezone.now(), "page", "192.0.2.7")


def sign_in(client: Client, username: str, password: str = PASSWORD, to: str = "/account/"):
    return client.post("/sign-in/", {"login": username, "password": password, "next": to})
