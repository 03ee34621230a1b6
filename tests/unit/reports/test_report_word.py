import io
import zipfile

from docx import Document
from docx.oxml.ns import qn
from tests.unit.reports.sample import HOSTILE, content

from opspact.reports.content import digest
from opspact.reports.render import word
from opspact.reports.templates_docx import make


def opened(document: bytes) -> Document:
    return Document(io.BytesIO(document))


def paragraphs(document: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(document).paragraphs]


def test_it_opens_again_with_texts_and_tables() -> None:
    made = word(content())
    assert "运维周报" in paragraphs(made)
    assert "本周没有中断。" in paragraphs(made)
    table = [[cell.text for cell in row.cells] for row in opened(made).tables[0].rows]
    assert table == [
        ["系统", "可用率", "结论"],
        ["应急值守系统", "99.31%", "已达标"],
        ["局网站系统", "95.99%", "未达标"],
    ]
    assert len(opened(made).inline_shapes) == 1


def test_it_bears_the_hash_of_its_content_unless_it_is_a_draft() -> None:
    assert digest(content()) in opened(word(content())).sections[0].footer.paragraphs[0].text
    assert opened(word(content(), is_draft=True)).sections[0].footer.paragraphs[0].text.startswith("草稿")


def test_it_names_chinese_fonts_for_chinese_text() -> None:
    styles = opened(word(content())).styles
    for name, font in (("Normal", "仿宋"), ("Title", "黑体"), ("Heading 1", "黑体"), ("Footer", "宋体")):
        fonts = styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_it_is_the_same_file_for_the_same_content() -> None:
    first = word(content())
    assert word(content()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_marks_simulated_data_in_a_banner_and_a_watermark() -> None:
    marked = word(content(mark="演示数据"))
    assert "【演示数据】" in paragraphs(marked)
    assert 'string="演示数据"' in opened(marked).sections[0].header._element.xml
    plain = opened(word(content())).sections[0].header._element.xml
    assert "textpath" not in plain


def test_it_prints_hostile_texts_as_they_are() -> None:
    hostile = content(mark='"><w:evil/>')
    hostile["sections"][0]["text"] = "\n".join(HOSTILE)
    hostile["sections"][1]["rows"][0]["cells"][0] = "<w:t>{{ 7*7 }}</w:t>"
    made = word(hostile)
    texts = paragraphs(made)
    assert "{{ 7*7 }} {% for x in y %} {{ head.__class__ }}" in texts
    assert "</w:t></w:r><w:p/> & <script>alert(1)</script>" in texts
    assert "控制字符" in texts
    assert opened(made).tables[0].rows[1].cells[0].text == "<w:t>{{ 7*7 }}</w:t>"


def test_the_template_is_what_its_script_makes() -> None:
    assert make.TEMPLATE.read_bytes() == make.template()
