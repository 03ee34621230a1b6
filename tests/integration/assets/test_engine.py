"""A ledger end to end: by hand, by workbook, back again, undone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from tests.integration.assets.world import CALLER, make_asset, make_category, make_contract, make_rack
from tests.integration.assets.world import workbook as book_of

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.contracts.models import Contract
from opspact.kit.ledgers import actions, imports, undoing, workbook
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Change, LedgerBatch


@pytest.fixture
def contract(db: None) -> Contract:
    made = make_contract()
    make_category(made)
    make_category(made, "SW", "交换机", "NET")
    return made


def brought(contract: Contract, rows: list[list[Any]], *, clears: bool = False) -> LedgerBatch:
    batch = imports.upload(CALLER, ASSETS, contract, content=book_of(rows), name="台账.xlsx", clears=clears)
    imports.read(batch, ASSETS, contract)
    batch.refresh_from_db()
    return batch


def test_a_new_asset_gets_its_code_by_the_rule_and_its_history(contract: Contract) -> None:
    first = make_asset(contract, ASSETS, "数据库服务器")
    second = make_asset(contract, ASSETS, "应用服务器")
    assert [first.code, second.code] == ["SV-2026-0001", "SV-2026-0002"]
    actions.delete(CALLER, ASSETS, contract, [second])
    assert make_asset(contract, ASSETS, "备用服务器").code == "SV-2026-0003"
    assert Change.objects.filter(subject_id=second.pk).values_list("verb", flat=True)[0] == "deleted"


def test_a_change_made_from_an_old_page_is_refused(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    actions.change(CALLER, ASSETS, asset, {"owner": "王工"}, version=1)
    with pytest.raises(RecordRefused, match="somebody else changed"):
        actions.change(CALLER, ASSETS, asset, {"owner": "李工"}, version=1)


def test_a_rack_unit_is_not_given_twice(contract: Contract) -> None:
    rack = make_rack(contract)
    make_asset(contract, ASSETS, "一号", rack=rack, u_pos=10, units=4, lifecycle="in_use")
    with pytest.raises(RecordRefused, match="units 12 to 13 of rack A01 are taken by SV-2026-0001 一号"):
        make_asset(contract, ASSETS, "二号", rack=rack, u_pos=12, units=2, lifecycle="in_use")
    front = make_asset(contract, ASSETS, "三号", rack=rack, u_pos=20, face="front", lifecycle="in_use")
    rear = make_asset(contract, ASSETS, "四号", rack=rack, u_pos=20, face="rear", lifecycle="in_use")
    assert (front.site.code, rear.room.code) == ("HQ", "R1")


def test_a_workbook_as_people_make_it(contract: Contract) -> None:
    batch = brought(
        contract,
        [
            ["资产台账", None, None, None, None, None],
            ["资产名称", "资产类别", "序列号", "启用日期", "原值", "使用状态"],
            ["核心交换机", "交换机", "ＳＮ００１", "2022.7.6", "12,500.00", "在用"],
            [None, None, None, None, None, None],
            [" 数据库服务器 ", "服务器", "SN002", "2022年7月6日", 99.5, "In use"],
            ["坏行", "不存在的类别", "SN003", "2022-13-01", "一万", "在用"],
            ["重复", "服务器", "SN002", None, None, "在用"],
        ],
    )
    assert batch.counts == {"new": 2, "wrong": 2}, list(batch.rows.values_list("number", "problems"))
    problems = {row.number: [entry[:2] for entry in row.problems] for row in batch.rows.filter(status="wrong")}
    assert problems == {
        6: [["category", "B6"], ["value", "E6"], ["in_service_on", "D6"]],
        7: [["serial_no", "C7"]],
    } or (
        {key: sorted(map(tuple, value)) for key, value in problems.items()}
        == {6: [("category", "B6"), ("in_service_on", "D6"), ("value", "E6")], 7: [("serial_no", "C7")]}
    )
    imports.apply(CALLER, ASSETS, contract, batch, only_good=True)
    switch = Asset.objects.get(serial_no="SN001")
    assert (switch.name, switch.in_service_on, str(switch.value)) == ("核心交换机", date(2022, 7, 6), "12500.00")
    assert switch.lifecycle == "in_use"


def test_what_is_exported_comes_back_unchanged(contract: Contract) -> None:
    rack = make_rack(contract)
    make_asset(contract, ASSETS, "一号", rack=rack, u_pos=10, units=2, serial_no="0012", owner="王工", value="1.50")
    make_asset(contract, ASSETS, "二号", in_service_on=date(2022, 7, 6), mgmt_ip="10.0.0.1")
    target = io.BytesIO()
    assert workbook.write(target, ASSETS, contract, "zh-hans", ASSETS.records(contract)) == 2
    batch = imports.upload(CALLER, ASSETS, contract, content=target.getvalue(), name="回.xlsx", clears=True)
    imports.read(batch, ASSETS, contract)
    assert batch.counts == {"same": 2}, list(batch.rows.values("changes", "problems"))


def test_an_import_is_undone_except_for_what_changed_since(contract: Contract) -> None:
    old = make_asset(contract, ASSETS, "旧名", serial_no="S1")
    batch = brought(
        contract,
        [
            ["资产编码", "名称", "类别", "序列号"],
            [old.code, "新名", "服务器", "S1"],
            [None, "加的", "服务器", "S2"],
            [None, "也加", "服务器", "S3"],
        ],
    )
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    actions.change(CALLER, ASSETS, Asset.objects.get(serial_no="S3"), {"owner": "有人改过"})
    done = undoing.undo(CALLER, ASSETS, contract, batch)
    assert done.counts == {"removed": 1, "reverted": 1, "restored": 0, "changed_since": 1, "refused": 0}
    old.refresh_from_db()
    assert old.name == "旧名"
    assert set(ASSETS.records(contract).values_list("serial_no", flat=True)) == {"S1", "S3"}


def test_leading_zeros_that_excel_lost_are_found_again(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器", code="000123")
    batch = brought(contract, [["资产编码", "责任人"], [123, "王工"]])
    assert batch.counts == {"changed": 1}
    row = batch.rows.get()
    assert row.record_id == asset.pk
    assert "lost its leading zeros" in row.remarks[0][2]


def test_the_template_can_be_opened_and_has_drop_downs(contract: Contract) -> None:
    target = io.BytesIO()
    workbook.write(target, ASSETS, contract, "zh-hans")
    book = openpyxl.load_workbook(target)
    assert len(book.worksheets[0].data_validations.dataValidation) >= 5
