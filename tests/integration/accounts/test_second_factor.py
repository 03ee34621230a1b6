"""Two factors: set up with a QR code, asked for at sign-in, required by role, sealed, never replayed."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from tests.integration.accounts.conftest import PASSWORD, People, calls, sign_in

from opspact.accounts.actions import reset_second_factor
from opspact.accounts.sealing import seal, unseal
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.models import AuditEvent

pytestmark = pytest.mark.django_db


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up(client: Client) -> str:
    page = client.get("/account/second-factor/set-up/")
    secret = re.search(r'<code translate="no">(\w+)</code>', page.text)[1]
    response = client.post("/account/second-factor/set-up/", {"code": code_of(secret)})
    assert response["Location"] == "/account/second-factor/codes/"
    return secret


@pytest.fixture
def engineer(people: People, contracts: object) -> User:
    return people.make("li.lei", Role.ENGINEER, "one")


def test_it_is_set_up_with_a_picture_and_then_asked_for(
    client: Client, engineer: User, django_capture_on_commit_callbacks
) -> None:
    sign_in(client, "li.lei")
    assert 'src="data:image/svg+xml;base64,' in client.get("/account/second-factor/set-up/").text
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(client)
    assert "还剩 10 个恢复码" in client.get("/account/second-factor/codes/").text
    client.post("/sign-out/")
    assert sign_in(client, "li.lei")["Location"] == "/sign-in/code/"
    assert client.get("/account/")["Location"] == "/sign-in/?next=/account/"
    assert "不正确" in client.post("/sign-in/code/", {"code": "000000"}).text
    assert client.post("/sign-in/code/", {"code": code_of(secret)}).status_code == 302
    assert client.get("/account/").status_code == 200
    done = AuditEvent.objects.filter(action="accounts.session.sign_in", result="done").first()
    assert done.detail == {"second_factor": True}
    assert AuditEvent.objects.filter(action="accounts.second_factor.enter", result="denied").count() == 1
    assert AuditEvent.objects.filter(action="accounts.second_factor.set_up").exists()


def test_a_code_that_was_used_is_refused_while_it_would_be_valid(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    secret = set_up(client)
    code = code_of(secret)
    for expected in (302, 200):
        other = Client()
        sign_in(other, "li.lei")
        assert other.post("/sign-in/code/", {"code": code}).status_code == expected


def test_a_recovery_code_opens_once(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    set_up(client)
    recovery = re.search(r"<li>(\w+)</li>", client.get("/account/second-factor/codes/").text)[1]
    for expected in (302, 200):
        other = Client()
        sign_in(other, "li.lei")
        assert other.post("/sign-in/code/", {"code": recovery}).status_code == expected


def test_wrong_codes_lock_the_name_like_wrong_passwords(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    secret = set_up(client)
    client.post("/sign-out/")
    sign_in(client, "li.lei")
    for _ in range(5):
        client.post("/sign-in/code/", {"code": "000000"})
    assert "失败次数过多" in client.post("/sign-in/code/", {"code": code_of(secret)}).text
    assert "失败次数过多" in sign_in(Client(), "li.lei").text


def test_the_secret_is_sealed_in_the_database(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    secret = set_up(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert unseal(stored) == secret


def test_what_was_changed_does_not_unseal() -> None:
    sealed = seal("JBSWY3DPEHPK3PXP")
    assert sealed != seal("JBSWY3DPEHPK3PXP")
    changed = sealed[:-8] + ("A" if sealed[-8] != "A" else "B") + sealed[-7:]
    with pytest.raises(ValueError, match="changed"):
        unseal(changed)
    with pytest.raises(ValueError, match="not sealed"):
        unseal("JBSWY3DPEHPK3PXP")


def test_administrators_and_service_managers_must_set_it_up_first(people: People, contracts: object, settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    people.make("sec", Role.SECURITY_ADMIN)
    people.make("manager", Role.SERVICE_MANAGER, "one")
    people.make("li.lei", Role.ENGINEER, "one")
    for name, place in (("sec", "set-up"), ("manager", "set-up"), ("li.lei", "")):
        client = Client()
        sign_in(client, name)
        response = client.get("/account/")
        assert response.get("Location", "") == (f"/account/second-factor/{place}/" if place else "")
        if place:
            set_up(client)
            assert client.get("/account/").status_code == 200
            assert "必须使用第二因素" in client.get("/account/second-factor/remove/").text
            assert client.post("/account/second-factor/remove/").status_code == 200
    assert Authenticator.objects.filter(type="totp").count() == 2


def test_where_it_is_not_required_it_is_offered(client: Client, people: People) -> None:
    people.make("sec", Role.SECURITY_ADMIN)
    sign_in(client, "sec")
    page = client.get("/account/")
    assert page.status_code == 200
    assert "第二因素可以更好地保护" in page.text


def test_changing_it_later_asks_for_the_password_again(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    session = client.session
    session["accounts_began"] -= 600
    session.save()
    response = client.get("/account/second-factor/set-up/")
    assert response["Location"].startswith("/account/again/")
    assert "密码不正确" in client.post(response["Location"], {"password": "wrong"}).text
    assert client.post(response["Location"], {"password": PASSWORD})["Location"] == "/account/second-factor/set-up/"


def test_the_security_administrator_resets_it_and_every_session_ends(
    client: Client, engineer: User, people: People
) -> None:
    sign_in(client, "li.lei")
    set_up(client)
    reset_second_factor(calls(people.make("sec", Role.SECURITY_ADMIN)), engineer)
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    assert not Authenticator.objects.exists()
    assert sign_in(client, "li.lei")["Location"] == "/account/"
