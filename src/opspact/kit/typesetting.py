"""Pages by typst from templates of ours. Texts of people come as JSON, are shown as strings, never read as markup."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

import typst
from django.conf import settings

# The build hook puts the fonts there; a closed network has no others, so every machine sets the same page.
FONTS = settings.PACKAGE / "reports" / "fonts"

_one_at_a_time = Lock()


class FontsMissing(RuntimeError):
    """The fonts that the build hook fetches are not there."""


def compiled(source: bytes, **wanted: Any) -> list[bytes]:
    """What typst makes of a template: one file for a PDF, one for each page of a PNG. Raises FontsMissing.

    One compilation at a time: the compiler, which keeps the fonts open, can't be entered twice.
    """
    with _one_at_a_time:
        made = _compiler().compile(source, **wanted)
    pages = made if isinstance(made, list) else [made]
    return [bytes(page) for page in pages if page is not None]


@cache
def _compiler() -> typst.Compiler:
    if not list(FONTS.glob("*.ttf")):
        raise FontsMissing(f"no fonts in {FONTS}: install OpsPact again with its front-end files")
    return typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)
