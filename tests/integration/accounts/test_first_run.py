"""The first run: with the code from the terminal, once, and only one of two who come at the same moment."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from opspact.accounts import first_run
from opspact.accounts.first_run import Administrator, TooLate
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.models import AuditEvent


@pytest.fixture
def data(tmp_path: Path, settings) -> Path:
    (tmp_path / "secrets").mkdir()
    settings.DATA = tmp_path
    return tmp_path


def _form(code: str, **changed: str) -> dict[str, str]:
    form = {"code": code}
    for role, username in zip(first_run.THREE, ("sysadmin", "secadmin", "auditadmin"), strict=True):
        password = f"Battery-{username[:3]}-42"
        form |= {
            f"{role}_name": f"张{username[:3]}",
            f"{role}_username": username,
            f"{role}_password": password,
            f"{role}_again": password,
        }
    return form | changed


@pytest.mark.django_db
def test_every_page_leads_to_the_first_run_until_there_is_somebody(client: Client, data: Path) -> None:
    for path in ("/", "/account/", "/sign-in/", "/system/users/"):
        assert client.get(path)["Location"] == "/first-run/"
    assert "三员" in client.get("/first-run/").text


@pytest.mark.django_db
def test_the_code_opens_it_once_and_the_page_is_gone_for_good(client: Client, data: Path) -> None:
    code = first_run.code(data)
    assert first_run.code(data) == code
    assert stat.S_IMODE(first_run.code_file(data).stat().st_mode) == 0o600
    response = client.post("/first-run/", _form(code.lower().replace("-", " ")))
    assert response["Location"] == "/sign-in/"
    assert sorted(Grant.objects.values_list("role", flat=True)) == ["audit_admin", "security_admin", "system_admin"]
    assert all(user.must_change_password for user in User.objects.all())
    assert not first_run.code_file(data).exists()
    assert client.get("/first-run/").status_code == 404
    assert client.post("/first-run/", _form(code)).status_code == 404
    row = AuditEvent.objects.get(action="accounts.first_run.complete")
    assert row.detail == {"usernames": ["sysadmin", "secadmin", "auditadmin"]}


@pytest.mark.django_db
def test_a_stranger_without_the_code_gets_nothing(client: Client, data: Path) -> None:
    first_run.code(data)
    response = client.post("/first-run/", _form("AAAA-BBBB-CCCC"))
    assert "设置码不正确" in response.text
    assert not User.objects.exists()
    assert AuditEvent.objects.get().result == "denied"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"audit_admin_username": "SYSADMIN"}, "不同的用户名"),
        ({"audit_admin_name": "张sys"}, "不同的人"),
        ({"audit_admin_password": "short", "audit_admin_again": "short"}, "12"),
        ({"audit_admin_again": "Battery-xxx-42"}, "不一致"),
        (
            {"audit_admin_password": "Battery-sys-42", "audit_admin_again": "Battery-sys-42"},
            "不同的密码",
        ),
    ],
)
def test_it_refuses_and_creates_none_of_the_three(client: Client, data: Path, changed: dict, why: str) -> None:
    response = client.post("/first-run/", _form(first_run.code(data), **changed))
    assert response.status_code == 200
    assert why in response.text
    assert not User.objects.exists()
    assert first_run.code_file(data).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_wins(data: Path) -> None:
    first_run.code(data)
    start = threading.Barrier(2)
    ends: list[str] = []

    def run(who: str) -> None:
        people = tuple(
            Administrator(role, f"{who}{number}", f"{who} {number}", f"Battery-{who}-{number}2")
            for number, role in enumerate(first_run.THREE)
        )
        start.wait()
        try:
            first_run.complete(Caller(None, timezone.now(), "page", "192.0.2.1"), people, data)
            ends.append("won")
        except TooLate:
            ends.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(who,)) for who in ("alpha", "bravo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["too late", "won"]
    assert User.objects.count() == 3
    assert set(Grant.objects.values_list("role", flat=True)) == set(Role) & set(first_run.THREE)
