"""Excel out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from types import SimpleNamespace as Record

import openpyxl
import pytest

from opspact.core.instants import HOUR
from opspact.kit.lists import Column
from opspact.kit.lists.export import write

COLUMNS = (
    Column("name", "Name"),
    Column("at", "At", kind="datetime"),
    Column("share", "Share", kind="percent"),
    Column("sum", "Sum", kind="money"),
    Column("took", "Took", kind="duration"),
    Column("picture", "Picture", kind="html"),
    Column("count", "Count", kind="number"),
)


def written(*records: Record) -> openpyxl.worksheet.worksheet.Worksheet:
    target = BytesIO()
    assert write(target, "Targets: all/some", COLUMNS, records) == len(records)
    return openpyxl.load_workbook(target).active


def record(**values: object) -> Record:
    empty = {"name": "", "at": None, "share": None, "sum": None, "took": None, "picture": "<b>", "count": None}
    return Record(**empty | values)


@pytest.mark.parametrize("text", ["=1+1", "+86 10", "-1", "@SUM(A1)", "https://example.org", "{=1}"])
def test_text_stays_text_whatever_it_begins_with(text: str) -> None:
    cell = written(record(name=text))["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_values_keep_their_kind_and_times_are_local() -> None:
    sheet = written(
        record(
            at=datetime(2022, 7, 6, 4, 0, tzinfo=UTC),
            share=Fraction(95996, 100000),
            sum=Decimal("1408200.00"),
            took=26 * HOUR,
        )
    )
    assert sheet["B2"].value == datetime(2022, 7, 6, 12, 0)  # noqa: DTZ001 - a sheet knows no zone
    assert (sheet["C2"].value, sheet["C2"].number_format) == (0.9599, "0.00%")
    assert sheet["D2"].value == 1408200
    assert sheet["E2"].number_format == "[h]:mm:ss"


def test_only_columns_with_a_plain_value_are_exported() -> None:
    assert [cell.value for cell in written(record())[1]] == ["Name", "At", "Share", "Sum", "Took", "Count"]


def test_a_title_that_excel_refuses_becomes_a_sheet_name() -> None:
    assert written(record()).title == "Targets  all some"


def test_a_number_longer_than_excel_keeps_is_text_digit_by_digit() -> None:
    sheet = written(record(count=999_999_999_999_999), record(count=1_208_907_372_870_555_465_154_560))
    assert [sheet["F2"].value, sheet["F3"].value] == [999_999_999_999_999, "1208907372870555465154560"]
