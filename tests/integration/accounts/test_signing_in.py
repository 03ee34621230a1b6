"""Signing in through the real page: lock-out, rotation, idle and absolute limits, what the audit keeps."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.accounts.conftest import PASSWORD, People, sign_in

from opspact.accounts import lockout, sessions
from opspact.accounts.models import SignIn, SignInLock
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer(people: People, contracts: object) -> User:
    return people.make("li.lei", Role.ENGINEER, "one")


def _notice(response) -> str:
    return re.sub(r"\d\d:\d\d:\d\d", "TIME", " ".join(re.findall(r'role="alert">.*?<div>(.*?)</div>', response.text)))


def test_it_signs_in_gives_a_new_session_key_and_keeps_the_row(client: Client, engineer: User) -> None:
    client.get("/sign-in/")
    client.session.save()
    before = client.cookies.get("opspact_session")
    response = sign_in(client, "li.lei")
    assert response.status_code == 302
    assert response["Location"] == "/account/"
    assert before is None or client.cookies["opspact_session"].value != before.value
    row = AuditEvent.objects.get(action="accounts.session.sign_in")
    assert (row.user, row.result, row.ip, row.via) == (engineer, "done", "127.0.0.1", "page")
    assert SignIn.objects.get().user == engineer


def test_a_session_fixed_before_signing_in_is_worth_nothing(client: Client, engineer: User) -> None:
    client.cookies["opspact_session"] = planted = "a" * 32
    sign_in(client, "li.lei")
    assert client.cookies["opspact_session"].value != planted


def test_the_page_comes_back_to_after_signing_in_but_never_to_another_site(client: Client, engineer: User) -> None:
    assert client.get("/account/")["Location"] == "/sign-in/?next=/account/"
    assert sign_in(client, "li.lei", to="https://evil.example/")["Location"] == "/"


def test_sign_up_and_reset_by_mail_do_not_exist(client: Client, engineer: User) -> None:
    for path in ("/accounts/signup/", "/signup/", "/accounts/password/reset/", "/password/reset/", "/sign-in/code/x/"):
        assert client.get(path).status_code == 404


def test_five_failures_lock_the_name_for_ten_minutes(client: Client, engineer: User) -> None:
    for _ in range(4):
        assert "用户名或密码不正确" in sign_in(client, "li.lei", "wrong").text
    fifth = sign_in(client, "li.lei", "wrong")
    assert "失败次数过多" in fifth.text
    assert re.search(r"\d\d:\d\d:\d\d", fifth.text)
    assert "失败次数过多" in sign_in(client, "li.lei").text
    until = SignInLock.objects.get().locked_until
    assert until - timezone.now() > timedelta(minutes=9, seconds=50)
    assert AuditEvent.objects.filter(action="accounts.session.sign_in", result="denied").count() == 6
    SignInLock.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert sign_in(client, "li.lei").status_code == 302
    assert not SignInLock.objects.exists()


def test_an_unknown_name_answers_exactly_like_a_known_one(engineer: User) -> None:
    answers = {}
    for name in ("li.lei", "nobody"):
        client = Client()
        answers[name] = [
            (response.status_code, _notice(response)) for response in (sign_in(client, name, "wrong") for _ in range(7))
        ]
    assert answers["li.lei"] == answers["nobody"]
    denied = AuditEvent.objects.filter(result="denied")
    assert set(denied.values_list("user_name", flat=True)) == {"li.lei", "nobody"}


def test_an_unknown_name_takes_comparable_time(client: Client, people: People, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    people.make("li.lei")

    def seconds(name: str) -> float:
        SignInLock.objects.all().delete()
        begun = time.perf_counter()
        sign_in(client, name, "wrong")
        return time.perf_counter() - begun

    seconds("li.lei")
    known = statistics.median(seconds("li.lei") for _ in range(7))
    unknown = statistics.median(seconds("nobody") for _ in range(7))
    assert 0.5 < known / unknown < 2


def test_an_inactive_person_answers_like_a_wrong_password(client: Client, engineer: User) -> None:
    User.objects.filter(pk=engineer.pk).update(is_active=False)
    right = sign_in(client, "li.lei")
    wrong = sign_in(client, "li.lei", "wrong")
    assert (right.status_code, _notice(right)) == (wrong.status_code, _notice(wrong))


def test_case_and_width_of_a_name_do_not_give_more_attempts() -> None:
    now = timezone.now()
    for name in ("admin", "ADMIN", " Admin ", "ａｄｍｉｎ", "admin"):
        assert lockout.begin_attempt(name, now) is None
    assert lockout.begin_attempt("aDmin", now) == now + timedelta(minutes=10)


def test_a_failure_is_forgotten_after_an_hour() -> None:
    now = timezone.now()
    for _ in range(4):
        lockout.begin_attempt("x", now)
    later = now + timedelta(hours=1, seconds=1)
    assert [lockout.begin_attempt("x", later) for _ in range(5)] == [None] * 5


def test_a_right_password_gives_its_attempt_back_and_locks_nothing(client: Client, engineer: User) -> None:
    for _ in range(4):
        sign_in(client, "li.lei", "wrong")
    assert sign_in(client, "li.lei").status_code == 302


def test_an_unused_session_ends_and_says_why(client: Client, engineer: User, settings) -> None:
    sign_in(client, "li.lei")
    assert client.get("/account/").status_code == 200
    _age(client, sessions.SEEN, settings.IDLE_LOGOUT_S)
    response = client.get("/account/?a=1")
    assert response["Location"] == "/sign-in/?next=%2Faccount%2F%3Fa%3D1&why=idle"
    assert "无人操作" in client.get(response["Location"]).text
    assert AuditEvent.objects.get(action="accounts.session.expire").detail == {"why": "idle"}
    assert not SignIn.objects.exists()
    assert client.get("/account/")["Location"] == "/sign-in/?next=/account/"


def test_a_page_refreshing_itself_is_no_use_of_the_session(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    _age(client, sessions.SEEN, 60)
    before = client.session[sessions.SEEN]
    client.get("/account/", headers={"X-OpsPact-Poll": "1"})
    assert client.session[sessions.SEEN] == before
    client.get("/account/")
    assert client.session[sessions.SEEN] > before


def test_a_poll_after_the_end_takes_the_whole_page_to_the_sign_in(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    _age(client, sessions.SEEN, 901)
    response = client.get(
        "/account/",
        headers={"X-OpsPact-Poll": "1", "HX-Request": "true", "HX-Current-URL": "http://testserver/c/one/targets/?q=x"},
    )
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/sign-in/?next=%2Fc%2Fone%2Ftargets%2F%3Fq%3Dx&why=idle"


def test_a_session_ends_at_its_twelfth_hour_however_busy(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    _age(client, sessions.BEGAN, 12 * 3600)
    assert client.get("/account/")["Location"].endswith("why=age")


def test_signing_out_is_kept_and_ends_the_session(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    assert client.post("/sign-out/").status_code == 302
    assert AuditEvent.objects.filter(action="accounts.session.sign_out", user=engineer).exists()
    assert not SignIn.objects.exists()
    assert client.get("/account/").status_code == 302


def test_signing_out_elsewhere_ends_the_others_only(client: Client, engineer: User) -> None:
    sign_in(client, "li.lei")
    elsewhere = Client()
    sign_in(elsewhere, "li.lei", PASSWORD)
    assert "1 个会话将立即结束" in client.get("/account/sessions/end/").text
    client.post("/account/sessions/end/")
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def _age(client: Client, what: str, seconds: int) -> None:
    session = client.session
    session[what] -= seconds
    session.save()
