"""The password policy (GB/T 22239-2019 8.1.4.1 a): length, classes, history, age, no default."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from tests.integration.accounts.conftest import PASSWORD, People, calls, sign_in

from opspact.accounts.actions import create_user, reset_password, set_password
from opspact.accounts.passwords import is_due, one_time
from opspact.accounts.validators import classes_in
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Short-1a", "12"),
        ("onlysmallletters", "小写字母"),
        ("small-and-hyphen", "小写字母"),
        ("Han.Meimei-2022", "用户名"),
        ("Password1234", "常见"),
    ],
)
def test_it_refuses_a_weak_password_in_words(machine: Caller, password: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        create_user(machine, None, username="han.meimei", name="韩梅梅", password=password)
    if why in ("12", "小写字母"):
        assert why in "".join(refused.value.messages)
    assert not User.objects.exists()


@pytest.mark.parametrize(("password", "classes"), [("aaa", 1), ("aA", 2), ("aA1", 3), ("aA1-", 4), ("密码aA", 3)])
def test_it_counts_classes_of_characters(password: str, classes: int) -> None:
    assert classes_in(password) == classes


def test_the_last_five_passwords_are_refused_and_the_sixth_is_not(people: People, machine: Caller) -> None:
    user = people.make("li.lei")
    for number in range(1, 5):
        set_password(machine, user, password=f"Another-Horse-{number}")
    with pytest.raises(ValidationError, match="5"):
        set_password(machine, user, password=PASSWORD)
    set_password(machine, user, password="Another-Horse-5")
    set_password(machine, user, password=PASSWORD)
    assert user.former_passwords.count() == 5


def test_a_password_is_due_after_ninety_days(people: People) -> None:
    user = people.make("li.lei")
    assert not is_due(user, user.password_set_at + timedelta(days=90, seconds=-1))
    assert is_due(user, user.password_set_at + timedelta(days=90))


def test_a_default_password_must_be_changed_before_any_other_page(client: Client, people: People) -> None:
    user = people.make("li.lei")
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    sign_in(client, "li.lei")
    response = client.get("/account/")
    assert response["Location"] == "/account/password/?next=%2Faccount%2F"
    assert "请立即设置自己的密码" in client.get(response["Location"]).text
    answer = client.post(
        response["Location"],
        {"oldpassword": PASSWORD, "password1": "Fresh-Battery-7", "password2": "Fresh-Battery-7", "next": "/account/"},
    )
    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert AuditEvent.objects.filter(action="accounts.password.change", user=user, result="done").exists()


def test_an_expired_password_leads_to_the_change_page(client: Client, people: People) -> None:
    user = people.make("li.lei")
    User.objects.filter(pk=user.pk).update(password_set_at=timezone.now() - timedelta(days=91))
    sign_in(client, "li.lei")
    assert client.get("/account/")["Location"].startswith("/account/password/")


def test_changing_the_password_ends_the_other_sessions(client: Client, people: People) -> None:
    people.make("li.lei")
    elsewhere = Client()
    sign_in(elsewhere, "li.lei")
    sign_in(client, "li.lei")
    new = {"oldpassword": PASSWORD, "password1": "Fresh-Battery-7", "password2": "Fresh-Battery-7"}
    client.post("/account/password/", new)
    page = client.get("/account/")
    assert page.status_code == 200
    assert "当前会话" in page.text
    assert elsewhere.get("/account/").status_code == 302


def test_a_reset_gives_a_password_for_one_sign_in(people: People, three: dict[Role, User]) -> None:
    user = people.make("li.lei")
    client = Client()
    sign_in(client, "li.lei")
    password = reset_password(calls(three[Role.SYSTEM_ADMIN]), user)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    assert password not in str(AuditEvent.objects.get(action="accounts.password.reset").detail)


def test_one_time_passwords_fit_the_policy_and_differ() -> None:
    made = {one_time() for _ in range(50)}
    assert len(made) == 50
    assert all(len(each) >= 12 and classes_in(each) == 4 for each in made)


def test_nobody_sets_anothers_password(people: People, three: dict[Role, User]) -> None:
    user = people.make("li.lei")
    with pytest.raises(PermissionDenied):
        set_password(calls(three[Role.SYSTEM_ADMIN]), user, password="Fresh-Battery-7")
