"""Papers out and back, and the pages."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any
from uuid import uuid4

import openpyxl
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.integration.assets.stocktakings import World, make_world

from opspact.assets.models import Stocktaking, StocktakingScan
from opspact.assets.stocktaking import deciding, leading, marking, queries, reporting
from opspact.assets.stocktaking.places import Place
from opspact.assets.stocktaking.reports import excel, lists, paper
from opspact.assets.stocktaking.reports.paper import sheets
from opspact.assets.stocktaking.reports.word import document
from opspact.kit import approvals
from opspact.kit.actions import Caller
from opspact.kit.models import Approval, AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def rows_of(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def filled(content: bytes, cells: dict[str, str], *, sheet: int = 0, clear: str = "") -> bytes:
    """The list with some cells written by hand."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.worksheets[sheet][clear] if clear else ():
        for cell in row:
            cell.value = None
    for ref, value in cells.items():
        book.worksheets[sheet][ref] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def client_of(caller: Caller) -> Client:
    client = Client()
    assert caller.user is not None
    client.force_login(caller.user)
    return client


def url(stocktaking: Stocktaking, end: str = "") -> str:
    return f"/c/{stocktaking.contract.code}/stocktakings/{stocktaking.pk}/{end}"


def test_a_filled_list_comes_back(world: World) -> None:
    stocktaking = world.running()
    out = lists.workbook(stocktaking)
    assert [row[0] for row in rows_of(out)[1:]] == [asset.code for asset in world.assets]
    back = filled(out, {"E2": "在", "E3": "√", "F3": "二号机房", "G3": "B07", "E4": "盘亏", "H4": "问过使用人"})
    reading = lists.read(stocktaking, back, "盘点.xlsx")
    assert reading.problems == []
    assert marking.mark_each(world.counter, stocktaking, reading.said) == 3
    standing = queries.standing(stocktaking)
    assert (standing.found, standing.moved, standing.missing, standing.doubtful) == (1, 1, 1, 0)
    assert world.item(stocktaking, 1).found_rack == world.other_rack
    assert lists.read(stocktaking, lists.workbook(stocktaking), "again.xlsx").said == []


def test_what_was_found_beyond_the_list_comes_back_on_its_second_sheet(world: World) -> None:
    stocktaking = world.running()
    lines = {"A2": "FT-9", "B2": "旧打印机", "C2": "R2", "D2": "B07", "A3": "SN900", "C3": "一号机房"}
    back = filled(lists.workbook(stocktaking), lines, sheet=1)
    for _twice in range(2):
        reading = lists.read(stocktaking, back, "盘点.xlsx")
        assert (reading.problems, reading.said) == ([], [])
        marking.mark_each(world.counter, stocktaking, reading.said, reading.beyond)
    unknown, extra = stocktaking.items.get(state="unknown"), stocktaking.items.get(state="extra")
    assert (unknown.text, unknown.remark, unknown.found_rack) == ("FT-9", "旧打印机", world.other_rack)
    assert extra.found_room == world.rack.room
    assert StocktakingScan.objects.count() == 2
    assert lists.read(stocktaking, lists.workbook(stocktaking), "again.xlsx").beyond == []
    wrong = {"B2": "没有编码", "A3": world.assets[0].code, "A4": "X1", "C4": "九号机房"}
    reading = lists.read(stocktaking, filled(lists.workbook(stocktaking), wrong, sheet=1, clear="A2:D3"), "错.xlsx")
    assert [cell for cell, _label, _text in reading.problems] == ["清单外发现 A2", "清单外发现 A3", "清单外发现 C4"]


def test_wrong_cells_are_named_one_by_one(world: World) -> None:
    stocktaking = world.running()
    cells = {"E2": "也许", "E3": "在", "F3": "九号机房", "E4": "在", "A4": "SV-2026-0004", "C4": "", "E5": "在"}
    cells |= {"A5": world.assets[0].code, "E6": "在", "A6": world.assets[0].code}
    reading = lists.read(stocktaking, filled(lists.workbook(stocktaking), cells), "盘点.xlsx")
    assert [cell for cell, _label, _text in reading.problems] == ["E2", "F3", "A4", "A6"]


def test_the_report_says_who_found_what_where(world: World) -> None:
    stocktaking = world.running()
    world.scan(stocktaking, world.assets[0].code)
    world.scan(stocktaking, world.assets[1].code, world.elsewhere())
    world.scan(stocktaking, "=cmd|' /C calc'!A0")
    book = openpyxl.load_workbook(io.BytesIO(excel.workbook(stocktaking)))
    everything = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"二号机房 B07", "一号机房 A01", "李工", world.assets[1].code, "SN002"} <= everything
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "=cmd|' /C calc'!A0" in everything
    with zipfile.ZipFile(io.BytesIO(document(stocktaking))) as archive:
        text = archive.read("word/document.xml").decode()
    assert "二号机房 B07" in text
    assert "{{" not in text
    assert "{%" not in text


def test_the_counting_sheets_are_a_pdf_of_all_or_of_one_room(world: World) -> None:
    stocktaking = world.running(room=[world.rack.room_id, world.other_room.pk])
    both, room = sheets(stocktaking), Place(world.rack.room.site_id, world.rack.room_id)
    one = sheets(stocktaking, within=room)
    texts = [[page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages] for made in (both, one)]
    assert [len(pages) for pages in texts] == [2, 1]
    assert all(asset.code in texts[1][0] for asset in world.assets)
    assert "SV-2026-0004" in texts[0][1]
    client = client_of(world.counter)
    page = client.get(url(stocktaking)).content.decode()
    assert f"paper.pdf?site={room.site}&amp;room={room.room}" in page
    answer = client.get(url(stocktaking, f"paper.pdf?site={room.site}&room={room.room}&open=1"))
    assert answer["Content-Type"] == "application/pdf"


def test_too_many_rows_for_one_pdf_are_said_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "MOST", 2)
    answer = client_of(world.counter).get(url(world.running(), "paper.pdf"), follow=True)
    assert "3 行" in answer.content.decode()


def test_the_list_names_the_scope(world: World) -> None:
    world.planned()
    page = client_of(world.counter).get(f"/c/{world.contract.code}/stocktakings/").content.decode()
    assert "R1 一号机房" in page


def test_the_lists_tabs_stay_within_one_stocktaking(world: World) -> None:
    stocktaking = world.running()
    page = client_of(world.counter).get(f"/c/{world.contract.code}/stocktakings/items/?stocktaking={stocktaking.pk}")
    assert f"?stocktaking={stocktaking.pk}&amp;state=missing" in page.content.decode()


def test_the_decision_s_page_says_what_follows(world: World) -> None:
    stocktaking = world.running()
    world.scan(stocktaking, world.assets[0].code)
    leading.finish(world.leader, stocktaking, is_rest_missing=True)
    gone = list(stocktaking.items.filter(state="missing"))
    deciding.choose(world.leader, stocktaking, gone, resolution="idle")
    reporting.submit(world.leader, stocktaking)
    page = client_of(world.client).get(approvals.url_of(Approval.objects.get())).content.decode()
    assert re.search(r"<dt>盘亏</dt><dd>2 · 标为闲置</dd>", page)
    assert page.index("标为闲置") < page.index('value="approve"')
    assert Stocktaking.objects.get().report_digest[:16] in page


def test_the_pages_lead_through_a_stocktaking(world: World) -> None:
    stocktaking = world.planned()
    leader, counter = client_of(world.leader), client_of(world.counter)
    room = {"scope_room": world.rack.room_id}
    assert "3" in leader.get(f"/c/{world.contract.code}/stocktakings/preview/", room).content.decode()
    assert leader.get(url(stocktaking, "edit/")).status_code == 200
    assert counter.post(url(stocktaking, "start/"), {"confirmed": "1"}).status_code == 403
    assert leader.post(url(stocktaking, "start/"), {"confirmed": "1"}).status_code == 302
    assert world.assets[0].code in leader.get(f"/c/{world.contract.code}/stocktakings/items/").content.decode()
    scan = {"key": str(uuid4()), "text": "SN001", "place": f"rack:{world.rack.pk}", "at": 1.8e12, "by_hand": True}
    body = {"scans": [scan, {**scan, "key": str(uuid4())}]}
    answer = counter.post(url(stocktaking, "scans/"), json.dumps(body), "application/json").json()
    assert [(each["status"], each["title"]) for each in answer["results"]] == [
        ("found", f"{world.assets[0].code} 数据库服务器"),
        ("repeat", f"{world.assets[0].code} 数据库服务器"),
    ]
    assert (answer["done"], answer["expected"]) == (1, 3)
    for end in ("", "count/", "progress/", "results/", f"items/{world.item(stocktaking, 0).pk}/", "paper.pdf?open=1"):
        assert counter.get(url(stocktaking, end)).status_code == 200, end
    for end in ("list.xlsx", "report.xlsx", "report.docx"):
        assert counter.get(url(stocktaking, end)).status_code == 200, end
    taken = AuditEvent.objects.filter(action="assets.stocktaking.export", result="done", user=world.counter.user)
    assert taken.count() == 4
    asset = counter.get(f"/c/{world.contract.code}/assets/{world.assets[0].pk}/").content.decode()
    assert stocktaking.code in asset


def test_a_device_keeps_where_each_asset_is_expected(world: World, django_assert_num_queries: Any) -> None:
    stocktaking = world.running()
    client = client_of(world.counter)
    kept = client.get(url(stocktaking, "count/expected.json")).json()
    first = world.assets[0]
    assert kept["rows"][0] == [first.code, "SN001", first.name, 0, first.pk]
    assert kept["places"] == [[f"rack:{world.rack.pk}", "一号机房 A01"]]
    with CaptureQueriesContext(connection) as one:
        client.get(url(stocktaking, "count/expected.json"))
    more = url(world.running(department=["指挥处", ""]), "count/expected.json")
    with django_assert_num_queries(len(one)):
        client.get(more)
    worker = client.get(url(stocktaking, "count/worker.js"))
    assert worker["Content-Type"] == "text/javascript"
    assert "default-src 'none'" in worker["Content-Security-Policy"]
    staff = client_of(world.caller("client_staff", "职员"))
    for end in ("count/expected.json", "count/worker.js", "count/"):
        assert staff.get(url(stocktaking, end)).status_code == 403


def test_before_the_start_the_counting_page_takes_nothing(world: World) -> None:
    planned = world.planned()
    for caller, said in ((world.leader, "start/"), (world.counter, "王经理")):
        page = client_of(caller).get(url(planned, "count/")).content.decode()
        assert said in page
        assert "as-code" not in page
    scan = {"key": str(uuid4()), "text": "SN001", "at": 1.8e12}
    answer = client_of(world.counter).post(url(planned, "scans/"), json.dumps({"scans": [scan]}), "application/json")
    assert answer.status_code == 409
    assert not StocktakingScan.objects.exists()


def test_a_place_that_is_gone_keeps_no_scan_back(world: World) -> None:
    stocktaking = world.running()
    scan = {"key": str(uuid4()), "text": "SN001", "place": "rack:999999", "at": 1.8e12}
    confirm = {"key": scan["key"], "is_here": False, "at": 1.8e12}
    body = json.dumps({"scans": [scan], "confirms": [confirm]})
    answer = client_of(world.counter).post(url(stocktaking, "scans/"), body, "application/json").json()
    assert [each["status"] for each in answer["results"]] == ["found", "found"]
    assert "不在台账" in answer["results"][0]["text"]


@pytest.mark.parametrize(
    "body", ["", "[]", '{"confirms": [{}]}', '{"scans": 1}', '{"scans": [1]}', '{"scans": [{"key": "x"}]}']
)
def test_what_no_page_of_ours_sends_is_refused_in_words(world: World, body: str) -> None:
    answer = client_of(world.counter).post(url(world.running(), "scans/"), body, "application/json")
    assert answer.status_code == 409
    assert answer.json()["refused"]


def test_a_list_is_marked_in_bulk_and_only_within_one_contract(world: World) -> None:
    stocktaking = world.running()
    client, at = client_of(world.counter), f"/c/{world.contract.code}/stocktakings/items/"
    picked = {"do": "bulk", "action": "found", "confirmed": "1", "pk": [it.pk for it in stocktaking.items.all()[:2]]}
    place = f"rack:{world.other_rack.pk}"
    client.post(at, picked | {"reason": "纸质盘点", "place": place})
    assert queries.standing(stocktaking).moved == 2
    stranger = world.caller("engineer", "外人")
    stranger.user.grants.update(contract_code="self")
    assert client_of(stranger).get(url(stocktaking)).status_code in (403, 404)


def test_a_filled_list_with_an_error_writes_nothing(world: World) -> None:
    stocktaking = world.running()
    content = filled(lists.workbook(stocktaking), {"E2": "在", "E3": "也许"})
    client, upload = client_of(world.counter), SimpleUploadedFile("盘点.xlsx", content)
    answer = client.post(url(stocktaking, "results/"), {"file": upload})
    assert "E3" in answer.content.decode()
    assert queries.standing(stocktaking).open == 3
    content = filled(lists.workbook(stocktaking), {"E2": "在"})
    client.post(url(stocktaking, "results/"), {"file": SimpleUploadedFile("盘点.xlsx", content)})
    assert queries.standing(stocktaking).found == 1


def test_the_page_names_the_places_of_its_scope(world: World) -> None:
    stocktaking = world.planned()
    room = world.rack.room
    page = client_of(world.counter).get(url(stocktaking)).content.decode()
    assert f"机房：{room.code} {room.name}" in page
    assert f"机房：{room.pk}" not in page
