"""What people write in Chinese stays as they wrote it; what they type full-width by accident is folded."""

import pytest

from opspact.assets.models import Category
from opspact.kit.ledgers import reading
from opspact.kit.ledgers.kinds import LongText, Text
from opspact.kit.ledgers.references import Reference


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("备机（二），停用。", "备机（二），停用。"),
        ("【急】电源：两路！", "【急】电源：两路！"),
        ("　核心交换机Ａ１　", "核心交换机A1"),
        ("ＳＮ２０２２（１）", "SN2022(1)"),
        ("机\0房①", "机房①"),
    ],
)
def test_chinese_marks_stay_and_full_width_letters_are_folded(typed: str, kept: str) -> None:
    assert Text().folded(typed) == LongText().folded(typed) == kept


def test_a_record_with_chinese_brackets_in_its_name_is_found_by_it() -> None:
    room = Category(code="JF-C1", name="C1楼机房（托管区）")
    kind = Reference(lambda contract: [room]).bound(None)
    for typed in ("C1楼机房（托管区）", "C1楼机房(托管区)", "ｃ１楼机房（托管区）", "JF-C1 C1楼机房（托管区）"):
        assert kind.parse(reading.text_of(typed)) is room
