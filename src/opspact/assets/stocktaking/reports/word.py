"""The difference report in Word by docxtpl, from the committed template; opens in Word and WPS."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate

from opspact.assets.models import Stocktaking
from opspact.assets.stocktaking.facts import Part, facts

TEMPLATE = Path(__file__).resolve().parent / "report.docx"


def document(stocktaking: Stocktaking) -> bytes:
    """In the reader's language, A4."""
    told = facts(stocktaking)
    marks = [word for word, is_on in ((_("Demo data"), told.is_simulated), (_("Draft"), told.is_draft)) if is_on]
    made = DocxTemplate(io.BytesIO(TEMPLATE.read_bytes()))
    context = {
        "title": told.title,
        "mark": " ".join(marks),
        "head": [{"name": name, "value": value} for name, value in told.head],
        "sections": [_section(part) for part in (told.summary, *told.parts)],
        "signatures": list(told.signatures),
        "code": stocktaking.code,
    }
    made.render(context, autoescape=True)
    made.docx.core_properties.title = told.title
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _section(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "columns": [_printable(title) for title in part.columns],
        "rows": [{"cells": [_printable(cell) for cell in row]} for row in part.rows],
        "empty": part.empty,
    }


def _printable(text: str) -> str:
    """Without what XML can't hold."""
    return "".join(each for each in text if each.isprintable() or each == "\n")
