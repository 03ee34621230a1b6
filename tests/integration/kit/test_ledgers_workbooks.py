"""Excel as people make it: what is read, what is refused, and what is said about it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.utils.translation import override
from tests.integration.assets.world import CALLER, make_asset, make_category, make_contract
from tests.integration.assets.world import workbook as book_of

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.contracts.models import Contract
from opspact.kit.ledgers import actions, imports, reading, workbook
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


def sheet_of(rows: list[list[Any]]) -> Any:
    """The first sheet of a workbook with these rows, to be spoilt."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book.active


def test_hidden_rows_and_columns_and_filtered_ones_are_read_like_all_others(contract: Contract) -> None:
    sheet = sheet_of([HEAD, ["一", "服务器", "S1"], ["二", "服务器", "S2"], ["三", "服务器", "S3"]])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.auto_filter.ref = "A1:C4"
    batch = read(contract, bytes_of(sheet.parent))
    assert batch.counts == {"new": 3}
    assert [row.texts["serial_no"] for row in batch.rows.all()] == ["S1", "S2", "S3"]


def test_a_formula_is_read_by_the_result_that_was_kept(contract: Contract) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEAD, "启用日期"])
        sheet.write_row(1, 0, ["一", "服务器"])
        sheet.write_formula(1, 2, '="S"&1', value="S1")
        sheet.write_formula(1, 3, "=44747+1", value=44748)
    batch = read(contract, target.getvalue())
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    made = Asset.objects.get()
    assert (made.serial_no, made.in_service_on) == ("S1", date(2022, 7, 6))


@pytest.mark.parametrize(
    "format_",
    ["General", 'yyyy"年"m"月"d"日"', "[$-804]yyyy年m月d日;@", "yyyy/m/d", "[DBNum1][$-804]yyyy年m月d日;@"],
)
def test_a_date_cell_under_the_formats_of_excel_and_wps(contract: Contract, format_: str) -> None:
    sheet = sheet_of([[*HEAD, "启用日期"], ["一", "服务器", "S1", 44748]])
    sheet["D2"].number_format = format_
    batch = read(contract, bytes_of(sheet.parent))
    assert batch.counts == {"new": 1}, said(batch)
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    assert Asset.objects.get().in_service_on == date(2022, 7, 6)


def test_a_sheet_that_says_a_wrong_size_of_itself_is_read_whole(contract: Contract) -> None:
    """As some exports of WPS and of reporting systems do: dimension A1, and texts in the cells themselves."""
    source = zipfile.ZipFile(io.BytesIO(book_of([HEAD, ["一", "服务器", "S1"], ["二", "服务器", "S2"]])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1"', content)
                rest = b'<c r="C3" t="inlineStr"><is><t xml:space="preserve"> S9\xe3\x80\x80</t></is></c>'
                content = re.sub(rb'<c r="C3"[^>]*>.*?</c>', rest, content)
            made.writestr(part, content)
    batch = read(contract, target.getvalue())
    assert [row.texts["name"] for row in batch.rows.all()] == ["一", "二"]
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    assert set(Asset.objects.values_list("serial_no", flat=True)) == {"S1", "S9"}


def test_blank_rows_between_and_thousands_of_formatted_ones_behind_are_passed_over(contract: Contract) -> None:
    sheet = sheet_of([HEAD, ["一", "服务器", "S1"], [None, "  ", "　"], ["二", "服务器", "S2"]])
    for row in range(5, 3000):
        sheet.cell(row, 1).number_format = "@"
    batch = read(contract, bytes_of(sheet.parent))
    assert [row.number for row in batch.rows.all()] == [2, 4]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("名称,类别\n一,服务器\n".encode("gb18030"), "GBK"),
        ("名称,类别\n一,服务器\n".encode("utf-8-sig"), "UTF-8"),
        ("名称\t类别\n一\t服务器\n".encode("utf-16"), "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "密码"),
        ("<html><table><tr><td>名称</td></tr></table></html>".encode(), ".xlsx"),
    ],
)
def test_the_wrong_kind_of_file_is_named_in_chinese_with_what_to_do(
    contract: Contract, content: bytes, word: str
) -> None:
    with pytest.raises(WorkbookError) as refused, override("zh-hans"):
        imports.upload(CALLER, ASSETS, contract, content=content, name="台账.csv", clears=False)
    with override("zh-hans"):
        assert word in refused.value.text
        assert re.search("[\u4e00-\u9fff]", refused.value.text)


def test_the_template_says_in_chinese_what_each_column_takes(contract: Contract) -> None:
    target = io.BytesIO()
    workbook.write(target, ASSETS, contract, "zh-hans")
    book = openpyxl.load_workbook(target)
    sheet, lists, notes = (book[name] for name in ("资产", "lists", "说明"))
    head = [cell.value for cell in sheet[1]]
    assert [text for text in head if text.endswith("*")] == ["名称 *", "类别 *"]
    assert lists.sheet_state == "hidden"
    rules = sheet.data_validations.dataValidation
    offered = {next(iter(rule.sqref.ranges)).bounds[0]: rule.formula1 for rule in rules}
    place = head.index("使用状态") + 1
    column = re.match(r"=?lists!\$([A-Z]+)\$", offered[place])
    assert column is not None
    words = [cell.value for cell in lists[column[1]] if cell.value]
    assert {"入库", "在用", "备用", "维修", "闲置", "报废"} <= set(words)
    said_of = {row[0].value: row[1].value for row in notes.iter_rows()}
    assert "在用" in said_of["使用状态"]
    assert all(re.search("[\u4e00-\u9fff]", text) for text in said_of.values())


def test_a_time_in_a_cell_of_general_format_is_read_by_its_serial_number() -> None:
    # 2022-07-06 09:30 in Shanghai; Excel's day 44748 is 2022-07-06, 9.5 hours are 0.395833 of a day.
    assert reading.read_moment("44748.3958333333") == datetime(2022, 7, 6, 1, 30, tzinfo=UTC)
