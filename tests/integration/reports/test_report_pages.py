from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.integration.fulfilment.support import TERM_START, example_contract, local, seen, watch

from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.models import AuditEvent
from opspact.reports import actions
from opspact.reports.models import Report
from opspact.reports.weekly import weeks

pytestmark = pytest.mark.django_db
MONDAY = local("2022-10-17 08:00")


@pytest.fixture
def report() -> Report:
    contract = example_contract()
    start = local("2022-10-11 00:00")
    seen(watch(contract, "DUTY"), ("up", TERM_START), ("down", start), ("up", start + timedelta(hours=4)))
    return actions.draft(Caller.system(now=MONDAY), contract, week=weeks.last_week(contract, MONDAY))


def signed_in(contract: Contract, role: Role) -> Client:
    user, _ = User.objects.get_or_create(username=f"user-{role}", defaults={"name": str(role)})
    Grant.objects.get_or_create(user=user, role=role, contract_code=contract.code)
    client = Client()
    client.force_login(user)
    return client


def test_a_draft_is_edited_on_its_page_and_hidden_from_the_client(report: Report) -> None:
    vendor, client = signed_in(report.contract, Role.SERVICE_MANAGER), signed_in(report.contract, Role.CLIENT_MANAGER)
    url = report.get_absolute_url()
    page = vendor.get(url).content.decode()
    assert "97.61%" in page
    assert f"/c/{report.contract.code}/kpi/availability-key/systems/DUTY/?from=2022-10-10&amp;until=2022-10-16" in page
    assert client.get(url).status_code == 404
    assert "WR-2022-000001" not in client.get(f"/c/{report.contract.code}/reports/").content.decode()
    assert vendor.post(f"{url}edit/", {"overview": "<script>alert(1)</script>"}, follow=True).status_code == 200
    assert "&lt;script&gt;alert(1)" in vendor.get(url).content.decode()


def test_the_way_from_draft_to_acceptance(report: Report) -> None:
    vendor, client = signed_in(report.contract, Role.SERVICE_MANAGER), signed_in(report.contract, Role.CLIENT_MANAGER)
    url = report.get_absolute_url()
    draft_pdf = vendor.get(f"{url}report.pdf").content
    vendor.post(f"{url}submit/")
    frozen = Report.objects.get(pk=report.pk)
    assert frozen.content_sha256 in client.get(url).content.decode()
    first = client.get(f"{url}report.pdf")
    assert first.content.startswith(b"%PDF-")
    assert first.content != draft_pdf
    assert client.get(f"{url}report.pdf").content == first.content
    assert client.get(f"{url}report.docx").content.startswith(b"PK")
    taken = AuditEvent.objects.filter(action="reports.report.view", user__username="user-client_manager")
    assert [row.detail["form"] for row in taken.order_by("id")] == ["pdf", "pdf", "docx"]
    assert vendor.post(f"{url}accept/").status_code == 403
    client.post(f"{url}accept/")
    assert Report.objects.get(pk=report.pk).state == "accepted"
    page = client.post(f"{url}return/", {"return-comment": "late"}, follow=True).content.decode()
    assert Report.objects.count() == 1
    assert "op-notice-error" in page


def test_a_returned_report_opens_a_new_version(report: Report) -> None:
    vendor, client = signed_in(report.contract, Role.SERVICE_MANAGER), signed_in(report.contract, Role.CLIENT_MANAGER)
    url = report.get_absolute_url()
    vendor.post(f"{url}submit/")
    assert client.post(f"{url}return/", {"return-comment": ""}).status_code == 422
    client.post(f"{url}return/", {"return-comment": "请补充"})
    assert vendor.get(url.replace("/1/", "/2/")).status_code == 200
    assert "请补充" in vendor.get(url).content.decode()


def test_the_signed_paper_comes_back(report: Report) -> None:
    vendor = signed_in(report.contract, Role.SERVICE_MANAGER)
    url = report.get_absolute_url()
    vendor.post(f"{url}submit/")
    frozen = Report.objects.get(pk=report.pk)
    paper = {
        "scan-number": frozen.number,
        "scan-hash": "ffffffff",
        "scan-signed_by": "王主任",
        "scan-signed_on": timezone.localdate().isoformat(),
    }
    image = {"scan-file": SimpleUploadedFile("scan.jpg", b"\xff\xd8\xff\xe0 signed")}
    assert vendor.post(f"{url}scan/", paper | image).status_code == 422
    image = {"scan-file": SimpleUploadedFile("scan.jpg", b"\xff\xd8\xff\xe0 signed")}
    vendor.post(f"{url}scan/", paper | image | {"scan-hash": frozen.content_sha256[:8]})
    assert Report.objects.get(pk=report.pk).acceptance == "scan"
    assert vendor.get(f"{url}signed/").content == b"\xff\xd8\xff\xe0 signed"


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.CLIENT_MANAGER, 200),
        (Role.CLIENT_ASSET_MANAGER, 200),
        (Role.CLIENT_STAFF, 403),
        (Role.SERVICE_MANAGER, 200),
        (Role.SERVICE_DESK, 200),
        (Role.ENGINEER, 200),
        (Role.THIRD_PARTY, 403),
    ],
)
def test_who_may_read_reports(report: Report, role: Role, expected: int) -> None:
    assert signed_in(report.contract, role).get(f"/c/{report.contract.code}/reports/").status_code == expected


def test_a_week_is_drafted_from_the_page(report: Report) -> None:
    vendor = signed_in(report.contract, Role.SERVICE_MANAGER)
    url = f"/c/{report.contract.code}/reports/draft/"
    assert vendor.get(url).status_code == 200
    answer = vendor.post(url, {"day": "2022-10-20"})
    assert answer.status_code == 302
    assert (
        Report.objects.get(version=1, number="WR-" + str(timezone.localdate().year) + "-000001").facts["first"]
        == "2022-10-17"
    )
    assert vendor.post(url, {"day": "2021-01-01"}).status_code == 200
    assert vendor.post(url, {"day": "nonsense"}).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_form_offers_the_last_whole_week_of_the_term_as_browsers_read_dates(report: Report, language: str) -> None:
    """The term ended on Thursday 2023-07-06; the last week over by then began on Monday 26 June."""
    client = signed_in(report.contract, Role.SERVICE_MANAGER)
    client.cookies["opspact_language"] = language
    page = client.get(f"/c/{report.contract.code}/reports/draft/").content.decode()
    assert 'value="2023-06-26"' in page
