"""Makes report.docx, the Word template of the difference report: `python -m opspact.assets.stocktaking.reports.make`.

The result is committed, so that an office may change it in Word or WPS; the placeholders are docxtpl's.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

TEMPLATE = Path(__file__).resolve().parent / "report.docx"
SONG, HEI, FANGSONG = "宋体", "黑体", "仿宋"


def template() -> bytes:
    """The template as .docx: landscape, because the lists are wide."""
    document = Document()
    for name, font, size in (("Normal", FANGSONG, 12), ("Title", HEI, 20), ("Heading 1", HEI, 14), ("Footer", SONG, 9)):
        _font(document.styles[name], font, size)
    for name in ("Title", "Heading 1"):
        document.styles[name].font.color.rgb = RGBColor(0, 0, 0)
    for border in document.styles["Title"].element.pPr.findall(qn("w:pBdr")):
        document.styles["Title"].element.pPr.remove(border)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    _foot(section.footer.paragraphs[0])
    _body(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "OpsPact", "OpsPact", ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = name, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def _foot(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("{{ code }}　")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        element.set(qn("w:fldCharType"), kind) if kind else setattr(element, "text", text)
        paragraph.add_run()._element.append(element)


def _body(document: Any) -> None:
    document.add_paragraph("{%p if mark %}")
    document.add_paragraph("【{{ mark }}】").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ title }}", style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in ("{%p for fact in head %}", "{{ fact.name }}：{{ fact.value }}", "{%p endfor %}"):
        document.add_paragraph(line)
    document.add_paragraph("{%p for section in sections %}")
    document.add_paragraph("{{ section.title }}", style="Heading 1")
    document.add_paragraph("{%p if section.rows %}")
    _table(document)
    for line in (
        "{%p else %}",
        "{{ section.empty }}",
        "{%p endif %}",
        "{%p endfor %}",
        "{%p for line in signatures %}",
    ):
        document.add_paragraph(line)
    document.add_paragraph("{{ line }}").paragraph_format.space_before = Pt(18)
    document.add_paragraph("{%p endfor %}")


def _table(document: Any) -> None:
    """A header row that repeats on each page, then a row for each record; as many columns as the section has."""
    rows = (
        ("{%tc for column in section.columns %}", "{{ column }}", "{%tc endfor %}"),
        ("{%tr for row in section.rows %}", "", ""),
        ("{%tc for cell in row.cells %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    table = document.add_table(rows=len(rows), cols=3, style="Table Grid")
    table.autofit = True
    bottom = '<w:bottom w:w="40" w:type="dxa"/>'
    table._tbl.tblPr.append(
        parse_xml(f'<w:tblCellMar {nsdecls("w")}><w:top w:w="40" w:type="dxa"/>{bottom}</w:tblCellMar>')
    )
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.font.name = Pt(9), SONG
            run._element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in table.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="E0EFEE"/>'))


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
