"""The audit trail: read by one role only, and changed by nobody, by the database's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from tests.integration.accounts.conftest import PASSWORD, People, sign_in

from opspact.accounts.actions import create_user, grant
from opspact.accounts.labels import detail_text
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.database import PROGRAM_ROLE
from opspact.kit.models import AuditEvent

pytestmark = pytest.mark.django_db
APPEND_ONLY = [model for model in apps.get_models() if getattr(model, "append_only", False)]


@pytest.fixture
def as_program(db: None) -> Iterator[None]:
    """The connection as the role the program runs as."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {PROGRAM_ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def _refused(sql: str) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return refused.value.__cause__.sqlstate


def test_the_audit_trail_is_append_only() -> None:
    assert AuditEvent in APPEND_ONLY


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.usefixtures("as_program")
def test_the_program_can_neither_update_delete_nor_truncate(model, statement: str) -> None:
    key = model._meta.pk.column
    assert _refused(statement.format(model._meta.db_table, key, key)) == "42501"


@pytest.mark.usefixtures("as_program")
@pytest.mark.parametrize("sql", ["ALTER TABLE kit_auditevent DISABLE TRIGGER ALL", "DROP TABLE kit_auditevent"])
def test_the_program_cannot_take_the_guard_away(sql: str) -> None:
    assert _refused(sql) == "42501"


@pytest.mark.usefixtures("as_program")
def test_the_program_cannot_grant_itself_more() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE ON kit_auditevent TO {PROGRAM_ROLE}")  # PostgreSQL warns and grants nothing
    assert _refused("UPDATE kit_auditevent SET user_name = 'x'") == "42501"


@pytest.mark.usefixtures("as_program")
def test_the_programs_own_actions_work_under_its_role(people: People, contracts: object, machine: Caller) -> None:
    user = create_user(machine, None, username="li.lei", name="李雷", password=PASSWORD, must_change_password=False)
    grant(machine, user, role=Role.ENGINEER, contract_code="one")
    client = Client()
    assert sign_in(client, "li.lei", "wrong").status_code == 200
    assert sign_in(client, "li.lei").status_code == 302
    assert client.get("/account/").status_code == 200
    client.post("/sign-out/")
    kept = list(AuditEvent.objects.order_by("id").values_list("action", "result"))
    assert kept == [
        ("accounts.user.create", "done"),
        ("accounts.grant.give", "done"),
        ("accounts.session.sign_in", "denied"),
        ("accounts.session.sign_in", "done"),
        ("accounts.session.sign_out", "done"),
    ]


def test_not_even_the_owner_changes_a_row_by_accident(machine: Caller) -> None:
    _event(machine)
    assert _refused("UPDATE kit_auditevent SET user_name = 'x'") == "42501"
    assert _refused("DELETE FROM kit_auditevent") == "42501"


def _event(machine: Caller, **fields: object) -> AuditEvent:
    given = {
        "at": machine.now,
        "user_name": "li.lei",
        "via": "page",
        "action": "accounts.user.create",
        "result": "done",
    }
    return AuditEvent.objects.create(**(given | fields))


@pytest.fixture
def auditor(client: Client, people: People) -> Client:
    client.force_login(people.make("aud", Role.AUDIT_ADMIN))
    return client


def test_the_page_says_who_did_what_to_what_when_from_where(auditor: Client, machine: Caller) -> None:
    _event(machine, ip="192.0.2.9", subject_type="identity.user", subject_label="韩梅梅", result="denied")
    page = auditor.get("/system/audit/").text
    for word in ("li.lei", "新建用户", "用户: 韩梅梅", "192.0.2.9", "页面"):
        assert word in page


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=li.lei", {"a", "b"}),
        ("q=梅梅", {"c"}),
        ("q=192.0.2.", {"b"}),
        ("result=denied", {"b"}),
        ("action=accounts.user.edit", {"c"}),
        ("via=api", {"c"}),
    ],
)
def test_it_filters(auditor: Client, machine: Caller, query: str, seen: set[str]) -> None:
    _event(machine, detail={"mark": "row-a"})
    _event(machine, detail={"mark": "row-b"}, result="denied", ip="192.0.2.9")
    _event(
        machine,
        detail={"mark": "row-c"},
        action="accounts.user.edit",
        via="api",
        user_name="x",
        subject_label="韩梅梅",
    )
    page = auditor.get(f"/system/audit/?{query}").text
    assert {letter for letter in "abc" if f"row-{letter}" in page} == seen


def test_days_are_local_and_the_last_one_counts(auditor: Client, machine: Caller) -> None:
    local_midnight = timezone.localtime(machine.now).replace(hour=0, minute=0, second=0, microsecond=0)
    _event(machine, at=local_midnight - timedelta(microseconds=1), detail={"mark": "row-yesterday"})
    _event(machine, at=local_midnight, detail={"mark": "row-today"})
    day = local_midnight.date()
    page = auditor.get(f"/system/audit/?since={day}&until={day}").text
    assert "row-today" in page
    assert "row-yesterday" not in page


def test_an_export_is_itself_kept(auditor: Client, machine: Caller) -> None:
    _event(machine)
    response = auditor.get("/system/audit/?export=xlsx&result=done")
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert book.active["A1"].value == "时间"
    row = AuditEvent.objects.get(action="kit.list.export")
    assert row.user.username == "aud"
    assert row.detail["list"] == "accounts.audit"


def test_nobody_else_reads_it(people: People, contracts: object, three: dict[Role, User]) -> None:
    for user in (three[Role.SYSTEM_ADMIN], three[Role.SECURITY_ADMIN], people.make("m", Role.SERVICE_MANAGER, "one")):
        client = Client()
        client.force_login(user)
        assert client.get("/system/audit/").status_code == 403
    assert Client().get("/system/audit/").status_code == 302


def test_the_page_offers_no_way_to_change_anything(auditor: Client, machine: Caller) -> None:
    event = _event(machine)
    auditor.post("/system/audit/", {"do": "bulk", "action": "delete", "pk": event.pk, "confirmed": "1"})
    assert AuditEvent.objects.filter(pk=event.pk).exists()


def test_the_notes_of_an_action_are_said_in_words() -> None:
    assert detail_text({"username": "li.lei", "role": "engineer", "discipline": ""}) == "用户名: li.lei; 角色: engineer"
    assert detail_text({"second_factor": False, "usernames": ["a", "b"]}) == "第二因素: 否; 用户名: a, b"
    assert detail_text({"changed": {"name": ["旧", "新"]}}) == "变更: 名称: 旧, 新"
    assert detail_text({"locked": True}) == "该用户名处于锁定状态。"
