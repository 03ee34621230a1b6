import io

import pypdf
from tests.unit.reports.sample import HOSTILE, content

from opspact.reports.content import digest
from opspact.reports.render import pdf


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def test_it_shows_the_figures_in_chinese_with_header_footer_and_page_numbers() -> None:
    text = text_of(pdf(content()))
    for expected in ("运维周报", "应急值守系统", "99.31%", "95.99%", "未达标", "本周没有中断。", "WR-2022-000001"):
        assert expected in text
    assert "第 1 页 共 1 页" in text


def test_it_bears_the_hash_of_its_content_unless_it_is_a_draft() -> None:
    assert digest(content()) in text_of(pdf(content()))
    draft = text_of(pdf(content(), is_draft=True))
    assert digest(content()) not in draft
    assert "草稿" in draft


def test_it_is_the_same_file_for_the_same_content() -> None:
    assert pdf(content()) == pdf(content())


def test_it_marks_simulated_data_across_the_page_and_in_a_banner() -> None:
    assert text_of(pdf(content(mark="演示数据"))).count("演示数据") >= 2
    assert "演示数据" not in text_of(pdf(content()))


def test_it_prints_hostile_texts_as_they_are() -> None:
    hostile = content()
    hostile["sections"][0]["text"] = "\n".join(HOSTILE)
    hostile["sections"][1]["rows"][0]["cells"][0] = "#panic()"
    hostile["sections"][1]["chart"]["rows"][0]["name"] = "<b>&#1;"
    hostile["head"]["contract"] = '*"#1"*'
    text = text_of(pdf(hostile))
    for expected in (
        '#include "/etc/passwd"',
        "$ x^2 $ *粗* _斜_ @ref <label>",
        "{{ 7*7 }}",
        "控制字符",
        "#panic()",
        '*"#1"*',
    ):
        assert expected in text


def test_it_is_made_for_the_archive() -> None:
    """PDF/A-2u, which the metadata declare (ISO 19005-2)."""
    metadata = pypdf.PdfReader(io.BytesIO(pdf(content()))).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in metadata


def test_a_long_table_runs_over_pages_with_its_head_repeated() -> None:
    long = content()
    long["sections"][1]["rows"] = [{"cells": [f"系统{number}", "99.00%", "已达标"]} for number in range(120)]
    pages = pypdf.PdfReader(io.BytesIO(pdf(long))).pages
    assert len(pages) >= 3
    assert "可用率" in pages[1].extract_text()
