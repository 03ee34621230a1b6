"""Excel as people make it: what is read, what is refused, and what is said about it."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from tests.integration.assets.world import CALLER, make_asset, make_category, make_contract
from tests.integration.assets.world import workbook as book_of

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.contracts.models import Contract
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers.files import WorkbookError
from opspact.kit.models import LedgerBatch

HEAD = ["资产名称", "资产类别", "序列号"]


@pytest.fixture
def contract(db: None) -> Contract:
    made = make_contract()
    make_category(made)
    return made


def read(contract: Contract, content: bytes, *, clears: bool = False) -> LedgerBatch:
    batch = imports.upload(CALLER, ASSETS, contract, content=content, name="台账.xlsx", clears=clears)
    imports.read(batch, ASSETS, contract)
    batch.refresh_from_db()
    return batch


def said(batch: LedgerBatch) -> dict[int, list[str]]:
    """The problems of each row, in English."""
    return {row.number: [msgid % params for *_at, msgid, params in row.problems] for row in batch.rows.all()}


def bytes_of(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2022.7.6", date(2022, 7, 6)),
        ("2022年7月6日", date(2022, 7, 6)),
        ("２０２２／７／６", date(2022, 7, 6)),
        ("20220706", date(2022, 7, 6)),
        ("2022-07-06 08:30:00", date(2022, 7, 6)),
        (44748, date(2022, 7, 6)),
        (44748.5, date(2022, 7, 6)),
        (datetime(2022, 7, 6), date(2022, 7, 6)),  # noqa: DTZ001 - as Excel has it
        (datetime(2022, 7, 6, 8, 30), date(2022, 7, 6)),  # noqa: DTZ001
        ("  ", None),
    ],
)
def test_a_date_in_every_fashion(contract: Contract, cell: Any, day: date | None) -> None:
    batch = read(contract, book_of([[*HEAD, "启用日期"], ["一号", "服务器", "S1", cell]]))
    assert batch.counts == {"new": 1}, said(batch)
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    assert Asset.objects.get().in_service_on == day


def test_the_sheet_that_knows_the_most_columns_is_read_and_hidden_ones_are_not(contract: Contract) -> None:
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "封面"
    cover.append(["备注"])
    cover.append(["2026 年核查"])
    hidden = book.create_sheet("旧台账")
    for row in ([*HEAD, "状态", "备注"], ["旧的", "服务器", "OLD", "在用", ""]):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    for row in (HEAD, ["一号", "服务器", "S1"]):
        book["台账" if "台账" in book.sheetnames else book.create_sheet("台账").title].append(row)
    batch = read(contract, bytes_of(book))
    assert (batch.sheet, batch.counts) == ("台账", {"new": 1})
    assert batch.rows.get().texts["serial_no"] == "S1"


def test_two_header_rows_below_a_title_and_columns_nobody_knows(contract: Contract) -> None:
    batch = read(
        contract,
        book_of(
            [
                ["2026 年资产台账"],
                ["基本信息", None, None, "其他", None, "颜色"],
                ["资产名称", "资产类别", "序列号", "重量", "责任人", None],
                ["一号", "服务器", "S1", "12kg", "王工", "黑"],
            ]
        ),
    )
    assert batch.counts == {"new": 1}, said(batch)
    assert batch.ignored == ["重量", "颜色"]
    assert batch.rows.get().texts == {"name": "一号", "category": "服务器", "serial_no": "S1", "owner": "王工"}


def test_a_merged_cell_counts_for_each_of_its_rows(contract: Contract) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        [*HEAD, "责任人"],
        ["一号", "服务器", "S1", "王工"],
        ["二号", None, "S2", None],
        ["三号", "服务器", "S3"],
    ):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("D2:D3")
    batch = read(contract, bytes_of(book))
    assert batch.counts == {"new": 3}, said(batch)
    assert [row.texts.get("owner") for row in batch.rows.all()] == ["王工", "王工", None]
    assert [entry[1] for entry in batch.rows.get(number=3).remarks] == ["B3", "D3"]
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    assert Asset.objects.filter(owner="王工").count() == 2


def test_a_formula_without_a_result_and_an_error_are_no_empty_cells(contract: Contract) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([*HEAD, "责任人"], ["一号", "服务器", "S1", "=A1&A2"], ["二号", "服务器", "S2", "#N/A"]):
        sheet.append(row)
    batch = read(contract, bytes_of(book), clears=True)
    problems = said(batch)
    assert "never calculated" in problems[2][0]
    assert problems[3] == ["#N/A is an error of a formula; mend it or write the value"]
    imports.apply(CALLER, ASSETS, contract, batch, only_good=True)
    assert Asset.objects.count() == 0


def test_numbers_too_long_for_excel_are_not_taken_for_serial_numbers(contract: Contract) -> None:
    batch = read(contract, book_of([HEAD, ["一号", "服务器", 123456789012345678]]))
    assert "has lost some; write it as text" in said(batch)[2][0]


def test_leading_zeros_are_found_again_in_serial_numbers_too(contract: Contract) -> None:
    made = make_asset(contract, ASSETS, "一号", serial_no="000815")
    batch = read(contract, book_of([["序列号", "责任人"], [815, "王工"]]))
    assert (batch.counts, batch.rows.get().record_id) == ({"changed": 1}, made.pk)


def test_a_code_or_serial_is_given_once_in_the_file_the_ledger_and_what_was_deleted(contract: Contract) -> None:
    gone = make_asset(contract, ASSETS, "旧", code="A-1")
    actions.delete(CALLER, ASSETS, contract, [gone])
    make_asset(contract, ASSETS, "有", code="A-2", serial_no="S2")
    rows = [["A-1", "一", "服务器", "S1"], ["A-3", "三", "服务器", "S2"], ["A-4", "四", "服务器", "S4"]]
    batch = read(contract, book_of([["资产编码", *HEAD], *rows, ["A-4", "又", "服务器", "S5"]]))
    assert said(batch) == {
        2: ["“A-1” belongs to a record that was deleted; restore that one"],
        3: ["“S2” is taken already"],
        4: [],
        5: ["“A-4” stands in row 4 already"],
    }
    imports.apply(CALLER, ASSETS, contract, batch, only_good=True)
    assert sorted(ASSETS.records(contract).values_list("code", flat=True)) == ["A-2", "A-4"]


def test_an_empty_cell_empties_a_field_only_when_asked(contract: Contract) -> None:
    made = make_asset(contract, ASSETS, "一号", serial_no="S1", owner="王工")
    rows = [["序列号", "责任人"], ["S1", None]]
    assert read(contract, book_of(rows)).counts == {"same": 1}
    batch = read(contract, book_of(rows), clears=True)
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    made.refresh_from_db()
    assert made.owner == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("名称,类别\n一,服务器\n".encode("gb18030"), "file.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file.xls"),
        (b"", "file.empty"),
        (b"PK\x03\x04broken", "file.broken"),
        (book_of([["姓名", "电话"], ["王工", "1"]]), "sheet.none"),
        (book_of([["备注"], ["只有备注"]]), "header.missing"),
        (book_of([["名称", "类别", "资产名称"], ["一", "服务器", "二"]]), "header.twice"),
    ],
)
def test_what_is_no_workbook_of_this_ledger_is_refused_with_the_reason(
    contract: Contract, content: bytes, code: str
) -> None:
    with pytest.raises(WorkbookError) as refused:
        imports.upload(CALLER, ASSETS, contract, content=content, name="台账", clears=False)
    assert refused.value.code == code


def test_somebody_who_takes_a_value_between_preview_and_writing_stops_the_import(contract: Contract) -> None:
    batch = read(contract, book_of([["资产编码", *HEAD], ["A-1", "一", "服务器", "S1"], ["A-2", "二", "服务器", "S2"]]))
    make_asset(contract, ASSETS, "先到", serial_no="S2")
    counts = imports.apply(CALLER, ASSETS, contract, batch, only_good=True)
    assert counts == {"new": 1, "wrong": 1}
    assert list(Asset.objects.filter(code__startswith="A-").values_list("code", flat=True)) == ["A-1"]
