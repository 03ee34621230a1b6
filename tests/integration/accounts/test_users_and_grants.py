"""Separation of the three administrators, of the two parties, and what leaving means."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.integration.accounts.conftest import PASSWORD, People, calls, sign_in

from opspact.accounts.actions import (
    activate,
    create_user,
    deactivate,
    grant,
    reset_second_factor,
    revoke,
    unlock,
)
from opspact.accounts.jobs import clear_away, disable_dormant
from opspact.accounts.models import SignIn, SignInLock
from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import ADMINISTRATORS, Role
from opspact.kit.models import AuditEvent
from opspact.kit.permissions import may

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contracts")]
Three = dict[Role, User]


def test_who_creates_cannot_grant_and_who_grants_cannot_create(three: Three) -> None:
    system, security, audit = (calls(three[role]) for role in sorted(three, key=list(Role).index))
    user = create_user(system, None, username="li.lei", name="李雷", password=PASSWORD)
    with pytest.raises(PermissionDenied):
        grant(system, user, role=Role.ENGINEER, contract_code="one")
    with pytest.raises(PermissionDenied):
        create_user(security, None, username="other", name="别人", password=PASSWORD)
    for nobody in (audit, calls(user)):
        with pytest.raises(PermissionDenied):
            grant(nobody, user, role=Role.ENGINEER, contract_code="one")
    grant(security, user, role=Role.ENGINEER, contract_code="one", discipline="network")
    row = AuditEvent.objects.filter(action="accounts.grant.give").first()
    assert (row.result, row.contract_code, row.user) == ("done", "one", three[Role.SECURITY_ADMIN])
    assert AuditEvent.objects.filter(action="accounts.grant.give", result="denied").count() == 3


def test_nobody_grants_to_or_takes_from_themselves(three: Three) -> None:
    security = three[Role.SECURITY_ADMIN]
    with pytest.raises(PermissionDenied):
        grant(calls(security), security, role=Role.SERVICE_MANAGER, contract_code="one")
    with pytest.raises(PermissionDenied):
        revoke(calls(security), security.grants.get())


@pytest.mark.parametrize("second", [Role.ENGINEER, Role.CLIENT_MANAGER, Role.AUDIT_ADMIN])
def test_an_administrator_holds_no_other_role(three: Three, second: Role) -> None:
    code = "" if second in ADMINISTRATORS else "one"
    with pytest.raises(ValidationError, match="兼任"):
        grant(calls(three[Role.SECURITY_ADMIN]), three[Role.SYSTEM_ADMIN], role=second, contract_code=code)


def test_somebody_with_business_becomes_no_administrator(people: People, machine) -> None:
    user = people.make("li.lei", Role.ENGINEER, "one")
    with pytest.raises(ValidationError, match="兼任"):
        grant(machine, user, role=Role.AUDIT_ADMIN)


def test_the_database_itself_refuses_a_second_administration(three: Three) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=three[Role.SYSTEM_ADMIN], role=Role.AUDIT_ADMIN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=three[Role.SYSTEM_ADMIN], role=Role.ENGINEER, contract_code="")


def test_nobody_stands_on_both_sides_of_one_contract(people: People, machine) -> None:
    user = people.make("li.lei", Role.ENGINEER, "one")
    with pytest.raises(ValidationError, match="甲方和乙方"):
        grant(machine, user, role=Role.CLIENT_STAFF, contract_code="one")
    grant(machine, user, role=Role.CLIENT_STAFF, contract_code="two")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"role": Role.ENGINEER}, "合同"),
        ({"role": Role.SYSTEM_ADMIN, "contract_code": "one"}, "三员"),
        ({"role": Role.ENGINEER, "contract_code": "three"}, "three"),
        ({"role": Role.SERVICE_DESK, "contract_code": "one", "discipline": "host"}, "专业"),
        ({"role": "king", "contract_code": "one"}, "king"),
    ],
)
def test_it_refuses_a_grant_that_makes_no_sense(people: People, machine, given: dict, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        grant(machine, people.make("li.lei"), **given)
    assert why in "".join(refused.value.messages)


def test_granting_twice_is_one_grant(people: People, machine) -> None:
    user = people.make("li.lei", Role.ENGINEER, "one")
    grant(machine, user, role=Role.ENGINEER, contract_code="one")
    assert user.grants.count() == 1


def test_a_role_holds_only_in_its_contract(people: People) -> None:
    user = people.make("li.lei", Role.SERVICE_MANAGER, "one")
    assert may(user, "kit.contract.view", "one")
    assert not may(user, "kit.contract.view", "two")
    assert not may(user, "accounts.user.view", "one")


def test_a_name_is_never_used_again_in_any_case(people: People, machine) -> None:
    gone = people.make("li.lei")
    deactivate(machine, gone)
    with pytest.raises(ValidationError, match="不得重复"):
        create_user(machine, None, username="Li.Lei", name="另一人", password=PASSWORD)


def test_a_leaver_is_out_at_once_everywhere(client: Client, people: People, three: Three) -> None:
    user = people.make("li.lei", Role.ENGINEER, "one")
    other = Client()
    for each in (client, other):
        sign_in(each, "li.lei")
        assert each.get("/account/").status_code == 200
    deactivate(calls(three[Role.SYSTEM_ADMIN]), user, reason="left")
    for each in (client, other):
        assert each.get("/account/")["Location"].startswith("/sign-in/")
    assert not SignIn.objects.filter(user=user).exists()
    assert sign_in(client, "li.lei").status_code == 200
    activate(calls(three[Role.SYSTEM_ADMIN]), user)
    assert sign_in(client, "li.lei").status_code == 302


def test_the_last_administrator_of_a_kind_stays(people: People, three: Three, machine) -> None:
    with pytest.raises(ValidationError, match="最后一个"):
        deactivate(machine, three[Role.AUDIT_ADMIN])
    with pytest.raises(ValidationError, match="最后一个"):
        revoke(machine, three[Role.AUDIT_ADMIN].grants.get())
    people.make("aud2", Role.AUDIT_ADMIN)
    deactivate(machine, three[Role.AUDIT_ADMIN])


def test_nobody_deactivates_themselves(people: People, three: Three) -> None:
    people.make("sys2", Role.SYSTEM_ADMIN)
    with pytest.raises(ValidationError, match="自己"):
        deactivate(calls(three[Role.SYSTEM_ADMIN]), three[Role.SYSTEM_ADMIN])


def test_the_system_administrator_unlocks_but_does_not_reset_second_factors(people: People, three: Three) -> None:
    user = people.make("li.lei")
    client = Client()
    for _ in range(5):
        sign_in(client, "li.lei", "wrong")
    with pytest.raises(PermissionDenied):
        reset_second_factor(calls(three[Role.SYSTEM_ADMIN]), user)
    unlock(calls(three[Role.SYSTEM_ADMIN]), user)
    assert sign_in(client, "li.lei").status_code == 302


def test_accounts_unused_for_ninety_days_are_disabled_except_a_last_administrator(people: People, three: Three) -> None:
    now = timezone.now()
    asleep, awake = people.make("asleep", Role.ENGINEER, "one"), people.make("awake", Role.ENGINEER, "one")
    never = people.make("never")
    User.objects.update(created_at=now - timedelta(days=200), last_login=now - timedelta(days=90, seconds=1))
    User.objects.filter(pk=awake.pk).update(last_login=now - timedelta(days=89))
    User.objects.filter(pk=never.pk).update(last_login=None)
    assert sorted(disable_dormant(now)) == ["asleep", "never"]
    asleep.refresh_from_db()
    assert not asleep.is_active
    row = AuditEvent.objects.filter(action="accounts.user.deactivate", subject_id=str(asleep.pk)).get()
    assert (row.via, row.detail["reason"]) == ("job", "dormant")
    assert User.objects.filter(is_active=True, grants__role__in=ADMINISTRATORS).count() == 3


def test_the_daily_job_clears_what_has_run_out() -> None:
    now = timezone.now()
    SignInLock.objects.create(name_sha256="a", attempts=1, last_at=now - timedelta(hours=2))
    SignInLock.objects.create(name_sha256="b", attempts=1, last_at=now)
    clear_away(now)
    assert [lock.pk for lock in SignInLock.objects.all()] == ["b"]


def test_contracts_are_offered_by_their_code(client: Client, three: Three, people: People, contracts: dict) -> None:
    people.make("li.lei")
    client.force_login(three[Role.SECURITY_ADMIN])
    page = client.get("/system/users/li.lei/grants/new/").text
    assert all(f'value="{code}"' in page for code in contracts)
    client.post("/system/users/li.lei/grants/new/", {"role": "engineer", "contract_code": "two", "discipline": "host"})
    assert Contract.objects.get(code="two").code in User.objects.get(username="li.lei").contract_codes
