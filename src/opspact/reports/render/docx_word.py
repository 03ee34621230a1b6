"""Word by docxtpl, from the committed template; opens in Word and WPS."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from opspact.reports.content import Content, cleaned, digest, lines
from opspact.reports.render.chart import svg
from opspact.reports.render.typst_pdf import png
from opspact.reports.render.zipped import with_fixed_times

TEMPLATE = Path(__file__).resolve().parent.parent / "templates_docx" / "report.docx"
PICTURE_WIDTH = Mm(166)


def word(content: Content, *, is_draft: bool = False) -> bytes:
    """The report as .docx, A4. The footer carries the hash of the content, or says that it is a draft."""
    sha256 = digest(content)
    plain = cleaned(content)
    document = DocxTemplate(io.BytesIO(TEMPLATE.read_bytes()))
    document.render(_context(document, plain, "" if is_draft else sha256), autoescape=True)
    properties = document.docx.core_properties
    properties.title = f"{plain['head']['title']} {plain['number']}"
    properties.created = properties.modified = datetime.fromisoformat(f"{plain['dated']}T00:00:00+00:00")
    output = io.BytesIO()
    document.save(output)
    return with_fixed_times(output.getvalue())


def _context(document: DocxTemplate, plain: dict[str, Any], sha256: str) -> dict[str, Any]:
    words = plain["words"]
    before, _, rest = words["page"].partition("{page}")
    between, _, after = rest.partition("{pages}")
    for section in plain["sections"]:
        section["lines"] = lines(section["text"])
        if "chart" in section:
            picture = io.BytesIO(png(svg(section["chart"])))
            section["picture"] = InlineImage(document, picture, width=PICTURE_WIDTH)
    return plain | {
        "watermark": plain["mark"] or ("" if sha256 else words["draft"]),
        "foot": f"{words['hash']} {sha256}" if sha256 else words["draft"],
        "page_before": before,
        "page_between": between,
        "page_after": after,
    }
