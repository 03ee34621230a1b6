"""The sheets and rolls that labels are printed on. All lengths in mm."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

A4 = (210.0, 297.0)


@dataclass(frozen=True)
class Format:
    """`left` and `top` of the first label on its page; `pitch_x`, `pitch_y` from one label to the next."""

    name: str
    label: str | Promise
    page: tuple[float, float]
    columns: int
    rows: int
    width: float
    height: float
    left: float = 0
    top: float = 0
    pitch_x: float = 0
    pitch_y: float = 0

    @property
    def per_page(self) -> int:
        return self.columns * self.rows

    @property
    def is_sheet(self) -> bool:
        return self.per_page > 1

    def place(self, slot: int) -> tuple[int, float, float]:
        """The page, and the left and top of a label, by its number from 0: row by row."""
        page, within = divmod(slot, self.per_page)
        row, column = divmod(within, self.columns)
        return page, self.left + column * self.pitch_x, self.top + row * self.pitch_y


def _sheet(
    columns: int, rows: int, width: float, height: float, left: float, top: float, *pitch: float, name: str = ""
) -> Format:
    words = _("A4, {rows} × {columns} labels of {width} × {height} mm")
    label = _Filled(words, rows=rows, columns=columns, width=width, height=height)
    pitch_x, pitch_y = pitch or (width, height)
    return Format(name, label, A4, columns, rows, width, height, left, top, pitch_x, pitch_y)  # type: ignore[arg-type]


def _single(width: float, height: float) -> Format:
    label = _Filled(_("Label printer, {width} × {height} mm"), width=width, height=height)
    return Format(f"{width:g}x{height:g}", label, (width, height), 1, 1, width, height)  # type: ignore[arg-type]


class _Filled:
    """Words with lengths in them, translated when they are shown."""

    def __init__(self, words: str | Promise, **values: float) -> None:
        self.words, self.values = words, {name: f"{value:g}" for name, value in values.items()}

    def __str__(self) -> str:
        return str(self.words).format(**self.values)


FORMATS = {
    each.name: each
    for each in (
        _sheet(3, 8, 70, 37, 0, 0.5, name="a4-3x8"),
        _sheet(5, 13, 38.1, 21.2, 4.75, 10.7, 40.6, 21.2, name="a4-5x13"),
        _sheet(2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1, name="a4-2x7"),
        _single(50, 30),
        _single(60, 40),
        _single(40, 30),
    )
}
