"""Is this an .xlsx file at all, and a harmless one? If not: what it is instead, and what to do."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from opspact.core.words import N_
from opspact.probes.errors import InputError

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_MERGED = 2_000
MAX_PARTS = 500
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MERGED, _ROW, _CELL, _FORMULA, _VALUE = (f"{_MAIN}{name}" for name in ("mergeCell", "row", "c", "f", "v"))
_MARKS = re.compile(rb"mergeCell |[<:]f[ />]")

Range = tuple[int, int, int, int, str]
"""Left, top, right, bottom, counted from 1, and how Excel calls it."""


class WorkbookError(InputError):
    """A file that can't be read as the workbook that was asked for."""

    @property
    def text(self) -> str:
        """The sentence in the reader's language."""
        return _(self.message) % self.params


def open_zip(content: bytes, name: str, *, most_unpacked: int = MAX_UNPACKED) -> zipfile.ZipFile:
    """The workbook as a zip, checked for its size unpacked. Raises WorkbookError.

    The sizes in the directory can be trusted as bounds: zipfile never unpacks more of a part than its entry says.
    """
    if not content:
        raise WorkbookError("file.empty", N_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise WorkbookError("file.size", N_("The file is larger than %(mb)s MB."), mb=MAX_BYTES // 1024**2)
    if content.startswith(_OLE):
        raise WorkbookError(
            "file.xls", N_("This is an old .xls file or a workbook with a password; save it as .xlsx without one.")
        )
    if not content.startswith(b"PK"):
        raise _no_workbook(content, name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise WorkbookError("file.broken", N_("The file is damaged and can't be opened.")) from None
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > most_unpacked:
        raise WorkbookError("file.bomb", N_("Unpacked the file would be too large; it is not opened."))
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise WorkbookError("file.zip", N_("This is a zip archive, but not an .xlsx workbook."))
    return archive


def _no_workbook(content: bytes, name: str) -> WorkbookError:
    for encoding, called in (("utf-8-sig", "UTF-8"), ("gb18030", "GBK"), ("utf-16", "UTF-16")):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.splitlines()[0] if text.strip() else ""
        if "\x00" in text or not any(mark in first for mark in ",;\t，"):
            continue
        return WorkbookError(
            "file.csv",
            N_(
                "“%(name)s” is a CSV file (%(encoding)s), not a workbook; open it in Excel or WPS and save it as .xlsx."
            ),
            name=name,
            encoding=called,
        )
    return WorkbookError("file.format", N_("“%(name)s” is not an .xlsx workbook."), name=name)


@dataclass(frozen=True)
class Marks:
    """What openpyxl does not tell of a sheet in read-only mode: merged ranges, and the cells, such as "B7", whose
    formula was never calculated."""

    merged: tuple[Range, ...] = ()
    uncalculated: frozenset[str] = frozenset()


def marks_of(archive: zipfile.ZipFile, sheet: Any, concerns: Callable[[Range], bool] = lambda merged: True) -> Marks:
    """The marks of a sheet; of merged ranges those that `concerns` wants. Raises WorkbookError.

    More than `MAX_MERGED` merged ranges are refused: people would have to check what each of them means.
    """
    if not _has_marks(archive, sheet._worksheet_path):
        return Marks()
    merged: list[Range] = []
    uncalculated: set[str] = set()
    with archive.open(sheet._worksheet_path) as part:
        for _event, element in ElementTree.iterparse(part):  # noqa: S314 - expat bounds what entities may grow to
            if element.tag == _MERGED and (ref := element.get("ref")):
                found = _range(ref)
                merged += [found] if concerns(found) else []
                if len(merged) > MAX_MERGED:
                    message = N_("Sheet “%(sheet)s” has more than %(n)s merged cells; unmerge them.")
                    raise WorkbookError("sheet.merged", message, sheet=sheet.title, n=MAX_MERGED)
            elif element.tag == _CELL:
                # An empty text is a result, that of a formula of type "str".
                is_empty = not element.findtext(_VALUE) and element.get("t") != "str"
                if is_empty and element.find(_FORMULA) is not None:
                    uncalculated.add(element.get("r", ""))
                element.clear()
            elif element.tag == _ROW:
                element.clear()
    return Marks(tuple(sorted(merged, key=lambda each: each[1])), frozenset(uncalculated))


def _range(ref: str) -> Range:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    return left, top, right, bottom, ref


def _has_marks(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether the sheet has a merged cell or a formula at all: most large ones have none, and this is soon known."""
    with archive.open(name) as part:
        tail = b""
        while block := part.read(1 << 20):
            if _MARKS.search(tail + block):
                return True
            tail = block[-16:]
    return False
