"""The week of Monday 2022-10-10; DUTY down for 4 of 168 h on the 11th: 1 − 4 ÷ 168 = 97.619 %."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, connection, transaction
from docx import Document
from tests.integration.fulfilment.support import TERM_START, example_contract, local, seen, watch

from opspact.calc import kinds
from opspact.calc.running import Context, calculate
from opspact.contracts.models import Contract
from opspact.fulfilment.models import KpiSnapshot
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.models import Message
from opspact.monitoring.models import ObservedInterval
from opspact.reports import actions, errors, store
from opspact.reports.content import canonical, digest
from opspact.reports.jobs import draft_all
from opspact.reports.models import Report
from opspact.reports.scans import Paper, Scan
from opspact.reports.weekly import weeks

pytestmark = pytest.mark.django_db
MONDAY = local("2022-10-17 08:00")
SYSTEM = Caller.system(now=MONDAY)


@pytest.fixture
def contract() -> Contract:
    contract = example_contract()
    for code in ("OA", "WEBSITE"):
        seen(watch(contract, code), ("up", TERM_START))
    start = local("2022-10-11 00:00")
    seen(watch(contract, "DUTY"), ("up", TERM_START), ("down", start), ("up", start + timedelta(hours=4)))
    return contract


@pytest.fixture
def report(contract: Contract) -> Report:
    return actions.draft(SYSTEM, contract, week=weeks.last_week(contract, MONDAY))


def person(contract: Contract, role: Role) -> Caller:
    user, _ = User.objects.get_or_create(username=f"user-{role}", defaults={"name": str(role)})
    Grant.objects.get_or_create(user=user, role=role, contract_code=contract.code)
    return Caller(User.objects.get(pk=user.pk), MONDAY + timedelta(hours=1), "page")


def section(report: Report, code: str) -> dict:
    return next(each for each in report.content["sections"] if each["code"] == code)


def duty_row(report: Report) -> list[str]:
    return next(row["cells"] for row in section(report, "availability")["rows"] if row["ref"].endswith(":DUTY"))


def test_it_drafts_the_week_from_the_records(report: Report) -> None:
    assert (report.facts["first"], report.facts["last"]) == ("2022-10-10", "2022-10-16")
    assert duty_row(report)[1:3] == ["97.61%", "100.00%"]
    assert duty_row(report)[6:8] == ["4 h 00 min", "1"]
    assert section(report, "outages")["rows"][0]["cells"][1:3] == ["2022-10-11 00:00:00", "2022-10-11 04:00:00"]
    assert len(section(report, "availability")["chart"]["rows"]) == 12


def test_the_same_week_is_drafted_once(contract: Contract, report: Report) -> None:
    assert actions.draft(SYSTEM, contract, week=weeks.week_of(contract, date(2022, 10, 12))).pk == report.pk


def test_a_week_outside_the_term_is_refused(contract: Contract) -> None:
    with pytest.raises(errors.OutsideTheTerm):
        actions.draft(SYSTEM, contract, week=weeks.week_of(contract, date(2022, 6, 1)))


def test_on_monday_every_running_contract_gets_its_draft(contract: Contract) -> None:
    example_contract("another")
    assert draft_all(MONDAY) == 2
    assert draft_all(local("2026-01-05 08:00")) == 0


def test_a_refresh_keeps_what_people_wrote_and_says_what_changed(contract: Contract, report: Report) -> None:
    manager = person(contract, Role.SERVICE_MANAGER)
    actions.edit(manager, report, texts={"overview": "本周平稳。\r\n无重大事故。", "requests": "办理 3 件。"})
    ObservedInterval.objects.filter(seen="down").update(seen="degraded")
    changes = actions.refresh(manager, report)
    assert ["应急值守系统|value", "41/42", "1"] in changes
    assert section(report, "overview")["text"] == "本周平稳。\n无重大事故。"
    assert section(report, "requests")["text"] == "办理 3 件。"
    assert duty_row(report)[1] == "100.00%"


def test_a_text_left_as_drafted_follows_the_data(contract: Contract, report: Report) -> None:
    manager = person(contract, Role.SERVICE_MANAGER)
    actions.edit(manager, report, texts={"overview": section(report, "overview")["text"]})
    assert report.edited == {}


def test_submitting_freezes_and_renders_the_same_content(contract: Contract, report: Report) -> None:
    actions.edit(person(contract, Role.SERVICE_MANAGER), report, texts={"next": "#panic() <b>&{{ 7*7 }}"})
    actions.submit(person(contract, Role.SERVICE_MANAGER), report)
    report = Report.objects.get(pk=report.pk)
    assert digest(report.content) == report.content_sha256
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(store.fetch(report.pdf_sha256))).pages)
    for expected in ("应急值守系统", "97.61%", "演示数据", report.content_sha256, "#panic() <b>&{{ 7*7 }}"):
        assert expected in text
    document = Document(io.BytesIO(store.fetch(report.docx_sha256)))
    assert "97.61%" in [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert Message.objects.count() == 0  # nobody is the client's manager yet
    with pytest.raises(errors.NotADraft):
        actions.edit(person(contract, Role.SERVICE_MANAGER), report, texts={"overview": "later"})


@pytest.mark.parametrize(
    "change",
    ["content = '{}'", "facts = '{}'", "state = 'draft'", "pdf_sha256 = ''", "version = 7", "submitted_at = now()"],
)
def test_the_database_refuses_to_change_what_was_submitted(contract: Contract, report: Report, change: str) -> None:
    actions.submit(person(contract, Role.SERVICE_MANAGER), report)
    with pytest.raises(Error, match="is frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_report SET {change} WHERE id = %s", [report.pk])
    with pytest.raises(Error, match="is frozen"), transaction.atomic():
        report.delete()


def test_what_was_accepted_stays_accepted(contract: Contract, report: Report) -> None:
    actions.submit(person(contract, Role.SERVICE_MANAGER), report)
    client = person(contract, Role.CLIENT_MANAGER)
    actions.accept(client, report)
    with pytest.raises(errors.NotSubmitted):
        actions.send_back(client, report, comment="too late")
    with pytest.raises(Error, match="is frozen"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(comment="changed")


def test_a_returned_report_leads_to_the_next_version_with_the_same_texts(contract: Contract, report: Report) -> None:
    manager, client = person(contract, Role.SERVICE_MANAGER), person(contract, Role.CLIENT_MANAGER)
    actions.edit(manager, report, texts={"next": "演练"})
    actions.submit(manager, report)
    with pytest.raises(errors.CommentNeeded):
        actions.send_back(client, report, comment=" ")
    following = actions.send_back(client, report, comment="请补充原因")
    assert (following.number, following.version, following.state) == (report.number, 2, "draft")
    assert section(following, "next")["text"] == "演练"
    assert Report.objects.get(pk=report.pk).state == "returned"
    assert Message.objects.filter(user=manager.user).count() == 1


def test_a_scan_bound_to_the_frozen_hash_counts_as_acceptance(contract: Contract, report: Report) -> None:
    manager = person(contract, Role.SERVICE_MANAGER)
    actions.submit(manager, report)
    day = date(2022, 10, 17)
    good = Paper(report.number, f" {report.content_sha256[:4]} {report.content_sha256[4:8].upper()}", "王主任", day)
    scan = Scan(b"%PDF-1.7 signed")
    wrong = {
        errors.AnotherPaper: Paper("WR-2022-000099", good.hash, "王主任", day),
        errors.WrongSignature: Paper(report.number, good.hash, "王主任", date(2022, 10, 16)),
    }
    for error, paper in wrong.items():
        with pytest.raises(error):
            actions.accept_on_paper(manager, report, scan=scan, paper=paper)
    with pytest.raises(errors.AnotherPaper):
        actions.accept_on_paper(manager, report, scan=scan, paper=Paper(report.number, "0" * 8, "王主任", day))
    with pytest.raises(errors.NotAScan):
        actions.accept_on_paper(manager, report, scan=Scan(b"MZ\x90"), paper=good)
    actions.accept_on_paper(manager, report, scan=scan, paper=good)
    filed = Report.objects.get(pk=report.pk)
    assert (filed.state, filed.acceptance, filed.signed_by, filed.scan_type) == (
        "accepted",
        "scan",
        "王主任",
        "application/pdf",
    )
    assert store.fetch(filed.scan_sha256) == scan.content


def test_only_the_client_accepts_and_only_the_vendor_submits(contract: Contract, report: Report) -> None:
    with pytest.raises(PermissionDenied):
        actions.submit(person(contract, Role.CLIENT_MANAGER), report)
    actions.submit(person(contract, Role.SERVICE_MANAGER), report)
    for role in (Role.SERVICE_MANAGER, Role.ENGINEER, Role.CLIENT_STAFF):
        with pytest.raises(PermissionDenied):
            actions.accept(person(contract, role), report)


def test_its_figures_recompute_from_what_was_kept(report: Report) -> None:
    kept = KpiSnapshot.objects.get(pk__in=report.facts["snapshots"], kpi_code="availability-key")
    answer = calculate(kinds.kind("availability"), canonical(kept.inputs), Context())
    assert answer["agrees"] is True
    assert answer["figures"]["systems"]["DUTY"]["availability"] == "41/42"
    assert kept.figure["value"] == "41/42"


def test_a_damaged_file_is_told_and_not_handed_out(contract: Contract, report: Report) -> None:
    key = store.keep(b"report")
    store._path(key).write_bytes(b"forged")
    with pytest.raises(store.Damaged):
        store.fetch(key)
