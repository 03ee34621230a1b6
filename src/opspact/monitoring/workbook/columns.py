"""The columns of the workbook, in both languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`zh` and `en` are the headers; `also` are headers people write instead."""

    field: str
    zh: str
    en: str
    width: int
    is_required: bool = False
    also: tuple[str, ...] = ()


COLUMNS = (
    Column("code", "编号", "Code", 16, True, ("编码", "目标编号", "代码")),
    Column("name", "名称", "Name", 26, True, ("目标名称",)),
    Column("address", "地址", "Address", 34, True, ("IP", "IP地址", "目标地址")),
    Column("kind", "检查方式", "Kind of check", 14, True, ("检测方式", "监控方式", "Check", "Kind")),
    Column("system", "业务系统", "Business system", 22, also=("系统", "所属系统", "System")),
    Column("site", "地点", "Site", 16, also=("站点", "位置", "机房")),
    Column("asset", "资产编码", "Asset", 18, also=("资产", "资产编号", "设备编码", "Asset code")),
    Column("circuit", "专线", "Leased circuit", 22, also=("专线编号", "线路", "线路编号", "Circuit", "Circuit code")),
    Column("interval_s", "间隔（秒）", "Interval (s)", 12, also=("间隔", "检查间隔", "Interval")),
    Column("settings", "阈值", "Thresholds", 32, also=("设置", "参数", "Settings")),
)
BY_FIELD = {column.field: column for column in COLUMNS}
SHEETS = {"zh": "监控对象", "en": "Targets"}


def header(column: Column, language: str) -> str:
    return column.en if language.startswith("en") else column.zh


def field_of(text: str) -> str | None:
    """The field that a header names, in either language and however it is spaced; None for any other text."""
    return _FIELDS.get(_bare(text))


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"\(.*?\)|[\s*:_]", "", folded).lower()


_FIELDS = {
    _bare(name): column.field for column in COLUMNS for name in (column.zh, column.en, column.field, *column.also)
}
