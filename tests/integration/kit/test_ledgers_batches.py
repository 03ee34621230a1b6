"""What is written together can be looked at row by row, mended, and undone as far as the ledger's rules let it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from tests.integration.assets.world import CALLER, NOW, make_asset, make_category, make_contract, make_rack, workbook
from tests.integration.kit.test_ledgers_pages import client_of

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.places import RACKS
from opspact.assets.models import Asset, Rack
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, imports, jobs, undoing
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Change, LedgerBatch

pytestmark = pytest.mark.django_db
HEAD = ["资产编码", "资产名称", "资产类别", "序列号"]
State = LedgerBatch.State


@pytest.fixture
def contract() -> Contract:
    made = make_contract()
    make_category(made)
    return made


@pytest.fixture
def engineer(contract: Contract) -> Client:
    return client_of(contract, Role.ENGINEER)


def applied(ledger: Ledger, contract: Contract, rows: list[list[Any]], *, only_good: bool = False) -> LedgerBatch:
    batch = imports.upload(CALLER, ledger, contract, content=workbook(rows), name="台账.xlsx", clears=False)
    imports.read(batch, ledger, contract)
    imports.apply(CALLER, ledger, contract, batch, only_good=only_good)
    return batch


def test_undoing_leaves_what_the_ledgers_rules_keep_and_says_which_and_why(contract: Contract) -> None:
    make_rack(contract)
    batch = applied(RACKS, contract, [["编号", "机房", "U数"], ["A02", "R1", 42], ["A03", "R1", 42]])
    held = Rack.objects.get(code="A02")
    make_asset(contract, ASSETS, "主机", rack=held, u_pos=1, units=2)
    done = undoing.undo(CALLER, RACKS, contract, batch)
    assert done.counts == {"removed": 1, "reverted": 0, "restored": 0, "changed_since": 0, "refused": 1}
    assert set(RACKS.records(contract).values_list("code", flat=True)) == {"A01", "A02"}
    (row,) = batch.rows.exclude(left=[])
    assert row.record_id == held.pk
    assert row.left[0] % row.left[1] == "SV-2026-0001 and perhaps more stands in rack A02; take it out first"


def test_undoing_names_who_changed_a_record_since_and_leaves_it(contract: Contract) -> None:
    batch = applied(ASSETS, contract, [HEAD, ["A1", "一", "服务器", "S1"], ["A2", "二", "服务器", "S2"]])
    person = User.objects.create(username="wang", name="王工")
    Grant.objects.create(user=person, role=Role.ENGINEER, contract_code=contract.code)
    later = Caller(person, NOW + timedelta(hours=2), "page")
    actions.change(later, ASSETS, Asset.objects.get(code="A2"), {"owner": "李工"})
    (left,) = undoing.would(batch, ASSETS, contract).left
    assert str(left.why) == f"{person} changed it at 2026-07-06 11:00"  # 03:00 UTC in Shanghai
    undoing.undo(CALLER, ASSETS, contract, batch)
    assert list(ASSETS.records(contract).values_list("code", "owner")) == [("A2", "李工")]


def test_a_change_that_was_undone_is_no_change_since(contract: Contract) -> None:
    batch = applied(ASSETS, contract, [HEAD, ["A1", "一", "服务器", "S1"]])
    at = [Caller(None, NOW + timedelta(hours=hours), "test") for hours in (1, 2, 3)]
    change = actions.change_picked(at[0], ASSETS, contract, list(Asset.objects.all()), {"owner": "李工"})
    (left,) = undoing.would(batch, ASSETS, contract).left
    assert "changed it" in str(left.why)
    undoing.undo(at[1], ASSETS, contract, change)
    assert undoing.undo(at[2], ASSETS, contract, batch).counts["removed"] == 1


def test_what_can_be_undone_nowhere_stays_applied(contract: Contract, engineer: Client) -> None:
    batch = applied(ASSETS, contract, [HEAD, ["A1", "一", "服务器", "S1"]])
    actions.change(Caller(None, NOW + timedelta(hours=1), "test"), ASSETS, Asset.objects.get(), {"owner": "李工"})
    url = f"/c/{contract.code}/assets/import/{batch.pk}/"
    assert 'class="btn btn-danger"' not in engineer.post(url, {"do": "undo"}).content.decode()
    engineer.post(url, {"do": "undo", "confirmed": "1"})
    batch.refresh_from_db()
    assert batch.state == State.APPLIED


def test_a_value_given_away_since_keeps_the_record_as_it_is(contract: Contract) -> None:
    make_asset(contract, ASSETS, "旧", code="A1", serial_no="S1")
    batch = applied(ASSETS, contract, [HEAD, ["A1", "旧", "服务器", "S9"]])
    make_asset(contract, ASSETS, "后来", code="A3", serial_no="S1")
    (left,) = undoing.would(batch, ASSETS, contract).left
    assert (left.is_refused, str(left.why)) == (True, "“S1” is taken already")
    with pytest.raises(ValidationError):
        undoing.undo(CALLER, ASSETS, contract, batch)
    assert Asset.objects.get(code="A1").serial_no == "S9"


def test_the_result_links_every_record_filters_and_leads_to_the_list(contract: Contract, engineer: Client) -> None:
    old = make_asset(contract, ASSETS, "旧", code="A0", serial_no="S0")
    make_asset(contract, ASSETS, "同", code="A9", serial_no="S9")
    rows = [HEAD, ["A0", "改名", "服务器", "S0"], ["A1", "新", "服务器", "S1"], ["A9", "同", "服务器", "S9"]]
    batch = applied(ASSETS, contract, [*rows, ["A2", "坏", "没有", "S2"]], only_good=True)
    folder = f"/c/{contract.code}/assets/"
    page = engineer.get(f"{folder}import/{batch.pk}/").content.decode()
    assert f'href="{folder}{old.pk}/"' in page
    for name, n in (("new", 1), ("changed", 1), ("same", 1), ("wrong", 1)):
        part = engineer.get(f"{folder}import/{batch.pk}/", {"status": name}).content.decode()
        assert len(re.findall(r'<td class="op-num">\d+</td>', part)) == n
    found = engineer.get(f"{folder}import/{batch.pk}/", {"q": "改名"}).content.decode()
    assert len(re.findall(r'<td class="op-num">\d+</td>', found)) == 1
    listed = engineer.get(folder, {"batch": batch.pk}, headers={"HX-Request": "true"}).content.decode()
    assert set(re.findall(r">(A\d)</a>", listed)) == {"A0", "A1"}
    assert "台账.xlsx" in engineer.get(folder, {"batch": batch.pk}).content.decode()


def test_a_batch_of_another_ledger_narrows_nothing_in(contract: Contract, engineer: Client) -> None:
    make_asset(contract, ASSETS, "一", code="A1")
    make_rack(contract)
    racks = applied(RACKS, contract, [["编号", "机房", "U数"], ["A02", "R1", 42]])
    listed = engineer.get(f"/c/{contract.code}/assets/", {"batch": racks.pk}, headers={"HX-Request": "true"})
    assert "没有符合" in listed.content.decode()


def test_many_rows_are_paged_by_their_number(contract: Contract, engineer: Client) -> None:
    rows = [[f"A{n:03}", f"机{n}", "服务器", f"S{n:03}"] for n in range(1, 131)]
    batch = applied(ASSETS, contract, [HEAD, *rows])
    url = f"/c/{contract.code}/assets/import/{batch.pk}/"
    first = engineer.get(url).content.decode()
    assert "A100" in first
    assert "A101" not in first
    (after,) = re.findall(r'rel="next" href="(\?[^"]+)"', first) or re.findall(r'href="(\?[^"]+)"', first)[-1:]
    second = engineer.get(url + after.replace("&amp;", "&")).content.decode()
    assert "A101" in second
    assert "A130" in second


def test_the_refused_rows_come_back_as_a_workbook_to_be_mended(contract: Contract, engineer: Client) -> None:
    rows = [[*HEAD, "启用日期", "颜色"], ["A1", "好", "服务器", "S1", "2022.7.6", "红"]]
    rows += [["A2", "坏", "服务器", "00815", "昨天", "蓝"], [None, None, "服务气", "S3", 44748, None]]
    batch = applied(ASSETS, contract, rows, only_good=True)
    content = engineer.get(f"/c/{contract.code}/assets/import/{batch.pk}/?refused").getvalue()
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert [str(text).rstrip(" *") for text in head[:5]] == ["资产编码", "名称", "类别", "序列号", "启用日期"]
    assert head[5:] == ["哪里不对", "原文件行号"]
    (bad, worse) = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert bad[:5] == ["A2", "坏", "服务器", "00815", "昨天"]
    assert "“昨天” 不是日期" in bad[5].replace("”不", "” 不")
    assert (worse[4], worse[6]) == (44748, 4)
    assert sheet["E2"].fill.fgColor.rgb == "FFFBE3E1"
    sheet["E2"], sheet["B3"], sheet["C3"] = "2022-07-07", "三", "服务器"
    target = io.BytesIO()
    sheet.parent.save(target)
    again = imports.upload(CALLER, ASSETS, contract, content=target.getvalue(), name="改.xlsx", clears=False)
    imports.read(again, ASSETS, contract)
    assert again.counts == {"new": 2}


def test_a_change_of_many_is_undone_from_its_message_but_not_what_changed_since(
    contract: Contract, engineer: Client
) -> None:
    one, two = (make_asset(contract, ASSETS, name, code=name, owner="原来") for name in ("甲", "乙"))
    folder = f"/c/{contract.code}/assets/"
    posted = {"do": "bulk", "action": "change", "pk": [one.pk, two.pk], "confirmed": "1", "field": "owner"}
    page = engineer.post(folder, posted | {"value": "新人", "reason": "换班"}, follow=True).content.decode()
    batch = LedgerBatch.objects.get()
    url = f"{folder}done/{batch.pk}/"
    assert f'<a href="{url}" hx-post="{url}"' in page
    two.refresh_from_db()
    later = Caller(None, batch.applied_at + timedelta(minutes=1), "test")
    actions.change(later, ASSETS, two, {"owner": "再换"})
    asked = engineer.post(url, {"do": "undo"}).content.decode()
    assert "乙" in asked
    engineer.post(url, {"do": "undo", "confirmed": "1"})
    assert dict(Asset.objects.values_list("name", "owner")) == {"甲": "原来", "乙": "再换"}
    shown = engineer.get(url, {"status": "left"}).content.decode()
    assert "OpsPact" in shown
    assert "换班" in engineer.get(f"{folder}done/").content.decode()
    last = Change.objects.filter(subject_id=one.pk).first()
    assert last is not None
    assert last.fields == {"owner": ["新人", "原来"]}


def test_a_deletion_of_many_is_undone_except_what_was_restored_or_whose_value_is_taken(
    contract: Contract, engineer: Client
) -> None:
    made = [make_asset(contract, ASSETS, name, code=name, serial_no=f"S-{name}") for name in ("甲", "乙", "丙")]
    folder = f"/c/{contract.code}/assets/"
    posted = {"do": "bulk", "action": "delete", "pk": [each.pk for each in made], "confirmed": "1", "reason": "误删"}
    engineer.post(folder, posted)
    assert not ASSETS.records(contract).exists()
    batch = LedgerBatch.objects.get()
    later = Caller(None, batch.applied_at + timedelta(minutes=1), "test")
    deleted = list(ASSETS.records(contract, deleted=True).filter(name="乙"))
    actions.restore(later, ASSETS, contract, deleted)
    make_asset(contract, ASSETS, "丁", code="丁", serial_no="S-丙")
    done = undoing.undo(CALLER, ASSETS, contract, batch)
    assert done.counts == {"removed": 0, "reverted": 0, "restored": 1, "changed_since": 1, "refused": 1}
    assert set(ASSETS.records(contract).values_list("name", flat=True)) == {"甲", "乙", "丁"}


@pytest.mark.parametrize("why", ["refused", "clash"])
def test_what_stands_in_the_way_only_when_a_deletion_is_written_back_is_left_and_told(
    contract: Contract, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    made = [make_asset(contract, ASSETS, name, code=name, serial_no=f"S-{name}") for name in ("甲", "乙")]
    batch = actions.delete_picked(CALLER, ASSETS, contract, made)

    given = ASSETS.before_write

    def complete(caller: Caller, contract: Contract, records: Sequence[Any]) -> None:
        given(caller, contract, records)
        if why == "clash":  # somebody took the serial number after it was judged free
            if records[0].name != "丙":
                make_asset(contract, ASSETS, "丙", code="丙", serial_no="S-乙")
        elif at := [at for at, record in enumerate(records) if record.name == "乙"]:
            raise RecordRefused({at[0]: [("", Wrong("no number is left"))]})

    monkeypatch.setitem(vars(ASSETS), "before_write", complete)
    done = undoing.undo(CALLER, ASSETS, contract, batch)
    if why == "refused":
        assert (done.counts["restored"], done.counts["refused"]) == (1, 1)
        assert batch.rows.get(record_id=made[1].pk).left == ["no number is left", {}]
    else:
        assert (done.counts["restored"], done.counts["refused"]) == (0, 2)
    assert Asset.objects.get(pk=made[1].pk).deleted_at is not None
    assert batch.state == "undone"


def test_a_change_of_many_names_its_fields_in_the_reader_s_language(contract: Contract, engineer: Client) -> None:
    made = make_asset(contract, ASSETS, "甲", code="甲")
    actions.change_picked(CALLER, ASSETS, contract, [made], {"owner": "王工", "serial_no": "S1"})
    url = f"/c/{contract.code}/assets/done/"
    assert "责任人、序列号" in engineer.get(url).content.decode()
    engineer.cookies["opspact_language"] = "en"
    assert "Responsible person, Serial number" in engineer.get(url).content.decode()


def test_who_may_not_delete_does_not_undo_a_deletion(contract: Contract) -> None:
    made = make_asset(contract, ASSETS, "甲", code="甲")
    batch = actions.delete_picked(CALLER, ASSETS, contract, [made])
    viewer = client_of(contract, Role.CLIENT_MANAGER)
    url = f"/c/{contract.code}/assets/done/{batch.pk}/"
    assert viewer.post(url, {"do": "undo", "confirmed": "1"}).status_code in (403, 404)
    assert not ASSETS.records(contract).exists()


def test_a_reading_that_was_cancelled_leaves_no_row_and_a_late_job_reads_nothing(contract: Contract) -> None:
    rows = [HEAD, *([f"A{n}", f"机{n}", "服务器", f"S{n}"] for n in range(20))]
    batch = imports.upload(CALLER, ASSETS, contract, content=workbook(rows), name="台账.xlsx", clears=False)
    assert imports.cancel(CALLER, ASSETS, contract, batch)
    assert LedgerBatch.objects.get(pk=batch.pk).content is None
    imports.read(batch, ASSETS, contract)  # as a worker that had begun before the cancelling
    assert (batch.state, batch.rows.count()) == (State.CANCELLED, 0)
    jobs.read.func(batch=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (State.CANCELLED, 0)


def test_what_is_over_is_not_cancelled(contract: Contract) -> None:
    batch = applied(ASSETS, contract, [HEAD, ["A1", "一", "服务器", "S1"]])
    assert not imports.cancel(CALLER, ASSETS, contract, batch)
    batch.refresh_from_db()
    assert batch.state == State.APPLIED


def test_what_was_not_applied_is_not_undone_by_a_job_either(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MANY", 0)
    rows = [HEAD, ["A1", "一", "服务器", "S1"]]
    batch = imports.upload(CALLER, ASSETS, contract, content=workbook(rows), name="台账.xlsx", clears=False)
    imports.read(batch, ASSETS, contract)
    caller = Caller(User.objects.create(username="wang"), NOW, "test")
    with pytest.raises(ValidationError):
        jobs.undo_soon(caller, ASSETS, contract, batch)
    batch.refresh_from_db()
    assert batch.state == State.PREVIEWED


def test_a_job_undoes_in_the_name_of_who_asked(contract: Contract) -> None:
    batch = applied(ASSETS, contract, [HEAD, ["A1", "一", "服务器", "S1"]])
    person = User.objects.create(username="wang", name="王工")
    Grant.objects.create(user=person, role=Role.ENGINEER, contract_code=contract.code)
    LedgerBatch.objects.update(state=State.UNDOING)
    jobs.undo.func(batch=batch.pk, user=person.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.undone_by) == (State.UNDONE, person)
    assert not ASSETS.records(contract).exists()


def test_the_question_before_an_undo_names_the_first_that_stay_and_counts_the_rest(
    contract: Contract, engineer: Client
) -> None:
    rows = [[f"A{n:03}", f"机{n}", "服务器", f"S{n:03}"] for n in range(1, 26)]
    batch = applied(ASSETS, contract, [HEAD, *rows])
    later = Caller(None, NOW + timedelta(hours=1), "test")
    actions.change_many(later, ASSETS, contract, list(Asset.objects.exclude(code="A001")), {"owner": "李工"})
    asked = engineer.post(f"/c/{contract.code}/assets/import/{batch.pk}/", {"do": "undo"}).content.decode()
    assert asked.count("改动过") == 20
    assert "另有 4 条" in asked
