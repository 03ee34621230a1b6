"""Makes report.docx, the Word template of every periodic report: `python -m opspact.reports.templates_docx.make`.

Fonts are named as Word and WPS in a Chinese office have them (黑体, 仿宋, 宋体), East Asian and Latin text alike. The
result is committed, so an office may change it in Word or WPS; the placeholders are docxtpl's.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from opspact.reports.render.zipped import with_fixed_times

TEMPLATE = Path(__file__).resolve().parent / "report.docx"
SONG, HEI, FANGSONG = "宋体", "黑体", "仿宋"
ACCENT, MARK, MUTED = RGBColor(0x0B, 0x66, 0x68), RGBColor(0x6A, 0x41, 0xB0), RGBColor(0x55, 0x66, 0x6A)
TEXT_WIDTH = Mm(166)

WATERMARK = """
<w:p {ns}><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:pict>
<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" id="_x0000_t136"
 coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>
<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>
<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>
<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>
<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" id="OpsPactMark"
 o:spid="_x0000_s2049" type="#_x0000_t136" style="position:absolute;width:400pt;height:100pt;rotation:325;
z-index:-251658752;
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;
mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#e4e4e4" stroked="f">
<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt"
 string="{{{{ watermark }}}}"/></v:shape></w:pict></w:r></w:p>
"""


def template() -> bytes:
    """The template as .docx, the same bytes every time."""
    document = Document()
    _styles(document)
    _page(document.sections[0])
    _body(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "OpsPact", "OpsPact", ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    output = io.BytesIO()
    document.save(output)
    return with_fixed_times(output.getvalue())


def _styles(document: Any) -> None:
    for name, font, size in (("Normal", FANGSONG, 12), ("Title", HEI, 22), ("Heading 1", HEI, 14), ("Header", SONG, 9)):
        _font(document.styles[name], font, size)
    document.styles["Normal"].paragraph_format.line_spacing = 1.5
    document.styles["Header"].paragraph_format.line_spacing = 1
    _font(document.styles["Footer"], SONG, 8)
    title = document.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.font.color.rgb = RGBColor(0, 0, 0)
    for border in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(border)
    heading = document.styles["Heading 1"]
    heading.font.color.rgb = ACCENT
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(12), Pt(6)


def _font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = name, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(28), Mm(25)
    header = section.header
    _two_sided(header.paragraphs[0], "{{ head.contract }}\t{{ number }}")
    _plain(header, "{%p if watermark %}", "Header")
    header._element.append(parse_xml(WATERMARK.format(ns=nsdecls("w"))))
    _plain(header, "{%p endif %}", "Header")
    foot = section.footer.paragraphs[0]
    _two_sided(foot, "{{ foot }}\t{{ page_before }}")
    _field(foot, "PAGE")
    foot.add_run("{{ page_between }}")
    _field(foot, "NUMPAGES")
    foot.add_run("{{ page_after }}")


def _two_sided(paragraph: Any, text: str) -> None:
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(text).font.color.rgb = MUTED


def _field(paragraph: Any, name: str) -> None:
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        element.set(qn("w:fldCharType"), kind) if kind else setattr(element, "text", text)
        run._element.append(element)


def _body(document: Any) -> None:
    _plain(document, "{%p if mark %}")
    banner = document.add_paragraph()
    banner.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = banner.add_run("【{{ mark }}】")
    run.bold, run.font.color.rgb = True, MARK
    _plain(document, "{%p endif %}")
    document.add_paragraph("{{ head.title }}", style="Title")
    _plain(document, "{%p for name, value in head.facts %}")
    document.add_paragraph("{{ name }}：{{ value }}")
    _plain(document, "{%p endfor %}")
    _plain(document, "{%p for section in sections %}")
    document.add_paragraph("{{ section.title }}", style="Heading 1")
    _plain(document, "{%p for line in section.lines %}")
    _indented(document, "{{ line }}")
    _plain(document, "{%p endfor %}")
    _plain(document, "{%p if section.rows %}")
    _table(document)
    _plain(document, "{%p elif section.empty %}")
    _indented(document, "{{ section.empty }}")
    _plain(document, "{%p endif %}")
    _plain(document, "{%p if section.picture %}")
    document.add_paragraph("{{ section.picture }}")
    _plain(document, "{%p endif %}")
    _plain(document, "{%p endfor %}")
    _plain(document, "{%p for line in signatures %}")
    document.add_paragraph("{{ line }}").paragraph_format.space_before = Pt(18)
    _plain(document, "{%p endfor %}")


def _plain(place: Any, text: str, style: str | None = None) -> None:
    place.add_paragraph(text, style=style)


def _indented(document: Any, text: str) -> None:
    document.add_paragraph(text).paragraph_format.first_line_indent = Pt(24)


def _table(document: Any) -> None:
    """A header row that repeats on each page, then one row per record; as many columns as the section has."""
    rows = (
        ("{%tc for column in section.columns %}", "{{ column.title }}", "{%tc endfor %}"),
        ("{%tr for row in section.rows %}", "", ""),
        ("{%tc for cell in row.cells %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    table = document.add_table(rows=len(rows), cols=3, style="Table Grid")
    table.autofit = True
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = 1
            run = paragraph.add_run(text)
            run.font.size, run.font.name = Pt(9), SONG
            run._element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in head.cells:
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="E0EFEE"/>'))


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
