"""PDF by typst, from a template of ours and the content as JSON: no text of a person is ever read as markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from opspact.kit.typesetting import compiled
from opspact.reports.content import Content, cleaned, digest, lines
from opspact.reports.render.chart import svg

TEMPLATE = Path(__file__).resolve().parent / "report.typ"
# PDF/A-2u: what an archive accepts (GB/T 18894, DA/T 46), with text that can be searched.
STANDARD = "a-2u"
POINTS_PER_INCH = 220


def pdf(content: Content, *, is_draft: bool = False) -> bytes:
    """The report as PDF/A, A4. The footer carries the hash of the content, or says that it is a draft.

    Raises FontsMissing when the package was built without its fonts.
    """
    sha256 = digest(content)
    inputs = {"content": json.dumps(_plain(content), ensure_ascii=False), "sha256": "" if is_draft else sha256}
    charts = {
        f"chart-{section['code']}": svg(cleaned(section["chart"]))
        for section in content["sections"]
        if "chart" in section
    }
    return compiled(TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs | charts, pdf_standards=[STANDARD])[0]


def png(drawing: str) -> bytes:
    """An SVG as PNG, for Word, which older WPS can't show as SVG."""
    source = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    return compiled(source, format="png", ppi=POINTS_PER_INCH, sys_inputs={"svg": drawing})[0]


def _plain(content: Content) -> dict[str, Any]:
    """The content with its texts in paragraphs and without control characters."""
    plain: dict[str, Any] = cleaned(content)
    for section in plain["sections"]:
        section["lines"] = lines(section["text"])
        section["has_chart"] = "chart" in section
        section.pop("chart", None)
    return plain
