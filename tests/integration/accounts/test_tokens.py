"""API tokens: shown once, hashed, ending, and never more than their owner may do."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from tests.integration.accounts.conftest import People, calls

from opspact.accounts.actions import create_token, deactivate, revoke_token
from opspact.accounts.models import ApiToken
from opspact.accounts.tokens import authenticate
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.permissions import may

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def manager(people: People, contracts: object, machine) -> User:
    from opspact.accounts.actions import grant

    user = people.make("manager", Role.SERVICE_MANAGER, "one")
    grant(machine, user, role=Role.SERVICE_MANAGER, contract_code="two")
    return user


def make(user: User, **more) -> tuple[ApiToken, str]:
    caller = calls(user)
    given = {"name": "script", "contract_code": "one", "expires_at": caller.now + timedelta(days=30)}
    return create_token(caller, user, **(given | more))


def test_only_the_hash_is_kept(manager: User) -> None:
    token, key = make(manager)
    assert token.sha256 == hashlib.sha256(key.encode()).hexdigest()
    assert key not in str(vars(ApiToken.objects.get()))
    assert authenticate(key, timezone.now()) == manager


def test_it_acts_in_its_contract_only_and_read_only_reads_only(manager: User) -> None:
    _token, key = make(manager)
    person = authenticate(key, timezone.now())
    assert may(person, "kit.contract.view", "one")
    assert not may(person, "kit.contract.view", "two")
    assert not may(person, "kit.approval.decide", "one")
    assert not may(person, "accounts.self.view")
    assert may(User.objects.get(pk=manager.pk), "kit.approval.decide", "one")


def test_it_may_be_cut_down_to_named_permissions_but_never_gives_more(manager: User) -> None:
    names = ("kit.approval.decide", "kit.audit.view")
    _token, key = make(manager, read_only=False, permissions=names)
    person = authenticate(key, timezone.now())
    assert may(person, "kit.approval.decide", "one")
    assert not may(person, "kit.approval.view", "one")
    assert not may(person, "kit.audit.view", "one")


def test_a_key_that_is_over_revoked_foreign_or_made_up_is_nobody(manager: User, machine) -> None:
    now = timezone.now()
    token, key = make(manager)
    assert authenticate(key, token.expires_at - timedelta(seconds=1)) == manager
    assert authenticate(key, token.expires_at) is None
    assert authenticate(key + "x", now) is None
    assert authenticate("", now) is None
    revoke_token(calls(manager), token)
    assert authenticate(key, now) is None
    _other, second = make(manager)
    deactivate(machine, manager)
    assert authenticate(second, now) is None


def test_use_is_noted_at_most_once_a_minute(manager: User) -> None:
    token, key = make(manager)
    now = timezone.now()
    for moment in (now, now + timedelta(seconds=59), now + timedelta(seconds=61)):
        authenticate(key, moment)
        token.refresh_from_db()
    assert token.last_used_at == now + timedelta(seconds=61)


def test_it_refuses_a_token_for_longer_than_a_year_for_another_contract_or_person(
    manager: User, people: People
) -> None:
    with pytest.raises(ValidationError, match="一年"):
        make(manager, expires_at=timezone.now() + YEAR + timedelta(minutes=1))
    with pytest.raises(PermissionDenied):
        make(manager, contract_code="three")
    with pytest.raises(ValidationError, match="no"):
        make(manager, permissions=("no.such",))
    other = people.make("other", Role.ENGINEER, "one")
    with pytest.raises(PermissionDenied):
        create_token(calls(other), manager, name="x", contract_code="one", expires_at=timezone.now() + YEAR / 2)
    with pytest.raises(PermissionDenied):
        revoke_token(calls(other), make(manager)[0])


def test_an_administrator_has_no_tokens(people: People) -> None:
    admin = people.make("aud", Role.AUDIT_ADMIN)
    with pytest.raises(ValidationError):
        make(admin, contract_code="")


def test_the_page_shows_the_key_once(client: Client, manager: User) -> None:
    client.force_login(manager)
    form = {
        "name": "脚本",
        "contract_code": "one",
        "read_only": "on",
        "expires_on": str(timezone.localdate() + YEAR / 2),
    }
    made = client.post("/account/tokens/new/", form)
    key = re.search(r"opp_[\w-]+(?=</p>)", made.text)[0]
    assert made.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert authenticate(key, timezone.now()) == manager
    own = client.get("/account/").text
    assert "脚本" in own
    assert key not in own
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert authenticate(key, timezone.now()) is None


def test_nobody_reaches_anothers_token_page(client: Client, manager: User, people: People) -> None:
    token, _key = make(manager)
    client.force_login(people.make("other", Role.ENGINEER, "one"))
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
