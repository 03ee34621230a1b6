"""Asking a role, deciding once, and what follows from it."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller
from opspact.kit.models import Approval, AuditEvent, Message

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KIND = "test.accept"

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    return Contract.objects.create(
        code="desk", name="Desk", short_name="Desk", starts_at=NOW, ends_at=NOW.replace(year=2027)
    )


@pytest.fixture
def decided(monkeypatch):
    seen = []
    monkeypatch.setitem(approvals._handlers, KIND, lambda caller, approval: seen.append(approval.state))
    return seen


def person(username, role, code="desk"):
    user = User.objects.create(username=username, name=username.title())
    Grant.objects.create(user=user, role=role, contract_code=code)
    return user


@pytest.fixture
def manager():
    return person("manager", Role.SERVICE_MANAGER)


@pytest.fixture
def boss():
    return person("boss", Role.CLIENT_MANAGER)


def ask(user, contract, role=Role.CLIENT_MANAGER):
    return approvals.ask(Caller(user, NOW, "page"), contract, kind=KIND, title="Accept the report", role=role)


def decide(user, approval, approved=True, comment=""):
    approvals.decide(Caller(user, NOW, "page"), approval, approved=approved, comment=comment)


def test_the_role_is_told_and_decides_and_the_asker_is_told(contract, manager, boss, decided):
    approval = ask(manager, contract)
    assert Message.objects.get(user=boss).url == approvals.url_of(approval)
    decide(boss, approval)
    assert decided == [Approval.State.APPROVED]
    assert (approval.decided_by, approval.decided_at) == (boss, NOW)
    assert Message.objects.get(user=manager).text.startswith("Approved")


def test_a_refusal_needs_words(contract, manager, boss, decided):
    approval = ask(manager, contract)
    with pytest.raises(ValidationError):
        decide(boss, approval, approved=False, comment=" ")
    decide(boss, approval, approved=False, comment="the figures are wrong")
    assert decided == [Approval.State.REFUSED]


def test_it_is_decided_once(contract, manager, boss, decided):
    approval = ask(manager, contract)
    decide(boss, approval)
    with pytest.raises(ValidationError):
        decide(boss, approval, approved=False, comment="no")
    assert decided == [Approval.State.APPROVED]


def test_another_role_does_not_decide_it(contract, manager, boss, decided):
    approval = ask(boss, contract)
    with pytest.raises(PermissionDenied):
        decide(manager, approval)
    assert AuditEvent.objects.get(action="kit.approval.decide").result == AuditEvent.Result.DENIED


def test_the_role_of_another_contract_does_not_decide_it(contract, manager, decided):
    approval = ask(manager, contract)
    with pytest.raises(PermissionDenied):
        decide(person("theirs", Role.CLIENT_MANAGER, "other"), approval)


def test_nobody_decides_what_they_asked_for(contract, boss, decided):
    approval = ask(boss, contract)
    assert not approvals.waiting_for(boss, "desk").exists()
    with pytest.raises(PermissionDenied):
        decide(boss, approval)


def test_the_same_question_stands_open_once(contract, manager, boss, decided):
    approval = ask(manager, contract)
    with pytest.raises(ValidationError):
        ask(manager, contract)
    decide(boss, approval)
    assert ask(manager, contract).pk != approval.pk


def test_a_withdrawn_question_has_no_answer(contract, manager, boss, decided):
    approval = ask(manager, contract)
    assert approvals.withdraw(Caller(manager, NOW, "page"), contract, KIND)
    assert not approvals.withdraw(Caller(manager, NOW, "page"), contract, KIND)
    with pytest.raises(ValidationError):
        decide(boss, approval)


def test_an_answer_whose_consequence_fails_was_not_given(contract, manager, boss, monkeypatch):
    def fails(caller, approval):
        raise ValidationError("the report changed meanwhile")

    monkeypatch.setitem(approvals._handlers, KIND, fails)
    approval = ask(manager, contract)
    with pytest.raises(ValidationError):
        decide(boss, approval)
    assert Approval.objects.get().state == Approval.State.OPEN


def test_a_kind_nobody_handles_cannot_be_asked(contract, manager):
    with pytest.raises(LookupError):
        ask(manager, contract)


def test_the_page_decides_and_says_what_is_wrong(client, contract, manager, boss, decided):
    approval = ask(manager, contract)
    client.force_login(boss)
    assert approval.title in client.get("/c/desk/approvals/").content.decode()
    url = approvals.url_of(approval)
    assert client.post(url, {"decision": "refuse"}).status_code == 200
    assert client.post(url, {"decision": "approve"}).status_code == 302
    assert decided == [Approval.State.APPROVED]
    assert 'value="approve"' not in client.get(url).content.decode()


def test_who_is_neither_asked_nor_asking_does_not_find_it(client, contract, manager, decided):
    approval = ask(manager, contract)
    client.force_login(person("engineer", Role.ENGINEER))
    assert client.get(approvals.url_of(approval)).status_code == 404
