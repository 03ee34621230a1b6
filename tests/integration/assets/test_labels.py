"""Labels, read again by a real barcode reader."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pypdf
import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from tests.integration.assets.world import make_asset, make_category, make_contract
from tests.integration.monitoring.world import make_user

from opspact.assets.labels import code128, drawing, marks
from opspact.assets.labels.drawing import Label, Layout
from opspact.assets.labels.formats import FORMATS
from opspact.assets.labels.words import Content
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.core.inputs import Wrong
from opspact.identity.roles import Role
from opspact.kit.models import AuditEvent

CODES = ("SV-2026-0001", "000123456789", "HQ-SRV-I-2026-00012", "a b~!x")
MM = 72 / 25.4
ADDRESS = "https://ops.example.cn/c/beijing-2022/a/{}"


def decoded(pages: list[bytes]) -> list[tuple[str, str]]:
    found = [each for page in pages for each in zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))]
    return sorted((each.format.name, each.text) for each in found)


def label(code: str, **more: Any) -> Label:
    return Label(code, "核心交换机 华为S12700E-8（汇聚层主用）", ("应急指挥处 王建国",), "北京应急", **more)


@pytest.mark.parametrize("name", list(FORMATS))
def test_each_format_is_read_again_as_qr(name: str) -> None:
    labels = [label(code, qr=ADDRESS.format(marks.quote(code, safe=""))) for code in CODES]
    pages = drawing.pictures(labels, Layout(FORMATS[name]))
    assert {marks.read(text).code for _kind, text in decoded(pages)} == set(CODES)


@pytest.mark.parametrize("name", ["a4-3x8", "a4-2x7", "60x40"])
def test_bars_and_qr_stand_on_one_label(name: str) -> None:
    labels = [label(code, qr=marks.mark("beijing-2022", code), bars=code) for code in CODES]
    found = decoded(drawing.pictures(labels, Layout(FORMATS[name])))
    assert {text for kind, text in found if kind == "Code128"} == set(CODES)
    assert {marks.read(text) for kind, text in found if kind == "QRCode"} == {
        marks.Mark("beijing-2022", code) for code in CODES
    }


def test_a_code_with_chinese_characters_is_written_as_qr_only() -> None:
    code = "机房-A01-0001"
    found = decoded(drawing.pictures([label(code, qr=marks.mark("bj", code))], Layout(FORMATS["50x30"])))
    assert [marks.read(text) for _kind, text in found] == [marks.Mark("bj", code)]
    with pytest.raises(Wrong, match="only as QR"):
        drawing.pdf([label(code, bars=code)], Layout(FORMATS["50x30"]))


def test_a_code_too_long_for_its_label_is_refused_and_not_printed_unreadable() -> None:
    with pytest.raises(Wrong, match=r"needs 63 mm as Code 128, this label has 38\.1"):
        drawing.pdf([label("X", bars="ABCDEFGHIJKLMNOPQRSTUVW-A")], Layout(FORMATS["a4-5x13"]))


def lines_of(made: bytes) -> list[tuple[float, float, float, str]]:
    """The lines of text on the first page: left, baseline and size in points, and the words."""
    found: list[tuple[float, float, float, str]] = []

    def take(text: str, cm: list[float], _tm: Any, _font: Any, size: float) -> None:
        if words := text.replace("\u200b", "").strip():
            found.append((cm[4], cm[5], size, words))

    pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text(visitor_text=take)
    return found


@pytest.mark.parametrize("symbol", ["qr", "bars"])
@pytest.mark.parametrize("name", list(FORMATS))
def test_long_words_neither_overlap_nor_leave_the_label(name: str, symbol: str) -> None:
    """Estimated with 0.5 em a Latin character, which is less than any of this font's capitals and digits has."""
    code = "BJ-YJ-ZF-SERVER-2026-000000000001-ABCDEF"
    words = ("北京市应急管理局信息通信技术保障处 欧阳建国", "城市副中心C1楼数据中心机房（托管区） A01 U12–15")
    long = Label(
        code, "应急指挥大厅虚拟化平台超融合节点服务器（主用第一台）" * 2, words, "北京应急指挥保障中心运维项目"
    )
    drawn = replace(long, **{symbol: "SV-1"})
    lines = lines_of(drawing.pdf([drawn], Layout(FORMATS[name])))
    assert len(code) == 40
    assert "".join(text for *_place, text in lines).startswith(code)
    baselines = sorted({round(y, 1) for _x, y, _size, _text in lines}, reverse=True)
    assert min((a - b for a, b in pairwise(baselines)), default=9) >= 4.5
    _page, left, top = FORMATS[name].place(0)
    right, bottom = left + FORMATS[name].width, FORMATS[name].page[1] - top - FORMATS[name].height
    for x, y, size, text in lines:
        width = sum(1.0 if ord(character) > 0x2E80 else 0.5 for character in text) * size
        assert x + width <= right * MM
        assert y >= bottom * MM


def test_a_begun_sheet_is_used_up() -> None:
    labels = [label(f"SV-{n}", qr=marks.mark("bj", f"SV-{n}")) for n in range(3)]
    pages = drawing.pictures(labels, Layout(FORMATS["a4-3x8"], skip=22), ppi=150)
    assert len(pages) == 2
    first, second = (Image.open(io.BytesIO(page)).convert("L") for page in pages)
    width, height = first.size
    assert first.crop((0, 0, width, height * 7 // 8)).getextrema() == (255, 255)
    assert first.crop((0, height * 7 // 8, width // 3, height)).getextrema() == (255, 255)
    assert first.crop((width // 3, height * 7 // 8, width, height)).getextrema()[0] < 50
    assert second.crop((0, height // 8, width, height)).getextrema() == (255, 255)


def test_code_128_writes_pairs_of_digits_in_set_c() -> None:
    # GS1 General Specifications and ISO/IEC 15417: 105 is start C, 100 changes to B, 99 to C, 106 is the stop.
    assert code128.values("123456") == [105, 12, 34, 56, (105 + 12 + 2 * 34 + 3 * 56) % 103, 106]
    # The worked example of the standard's check character: "PJJ123C" in set A is 103; in set B the start is 104.
    text = [48, 42, 42, 17, 18, 19, 35]
    check = (104 + sum(place * value for place, value in enumerate(text, start=1))) % 103
    assert code128.values("PJJ123C") == [104, *text, check, 106]
    assert len(code128.values("AB12345678")) == len([104, 33, 34, 99, 12, 34, 56, 78, 0, 106])
    assert all(sum(code128.widths(character)) == 11 * 3 + 13 for character in "A~ z")


@pytest.mark.parametrize(
    ("scanned", "code", "contract"),
    [
        ("SV-2026-0001", "SV-2026-0001", ""),
        ("  ＳＶ－２０２６－０００１ ", "SV-2026-0001", ""),
        ("opspact:asset:bj:SV%2F1", "SV/1", "bj"),
        ("http://10.1.1.1:8000/c/bj/a/SV-1", "SV-1", "bj"),
        ("https://old.example.cn/c/bj/a/%E6%9C%BA-1/", "机-1", "bj"),
        ("https://example.cn/", "https://example.cn/", ""),
    ],
)
def test_what_was_scanned_or_typed_names_the_asset(scanned: str, code: str, contract: str) -> None:
    assert marks.read(scanned) == marks.Mark(contract, code)


@pytest.fixture
def asset(db: None) -> Asset:
    contract = make_contract()
    make_category(contract)
    return make_asset(contract, ASSETS, "数据库服务器", owner="王建国", department="应急指挥处")


def test_the_page_gives_a_pdf_that_is_on_record(asset: Asset) -> None:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    url = f"/c/watch/assets/labels/?pk={asset.pk}"
    assert asset.code in client.get(url).content.decode()
    asked = {"format": "a4-3x8", "symbol": "both", "says": "url", "lines": ["name", "holder"], "start": "5"}
    answer = client.post(url, asked | {"copies": "2", "shift_x": "0", "shift_y": "-0.5"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    audit = AuditEvent.objects.get(action="assets.label.print")
    assert audit.detail == {"format": "a4-3x8", "labels": 2, "codes": [asset.code, asset.code]}
    wrong = client.post(url, asked | {"format": "60x40", "copies": "1", "shift_x": "0", "shift_y": "0"})
    assert wrong.headers["Content-Type"].startswith("text/html")


def test_the_address_on_a_label_opens_the_asset(asset: Asset) -> None:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    assert client.get(f"/c/watch/a/{asset.code}").headers["Location"] == f"/c/watch/assets/{asset.pk}/"
    assert client.get("/c/watch/a/nobody").status_code == 404


def test_picks_of_the_list_go_to_the_page_of_labels(asset: Asset) -> None:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    picked = {"do": "bulk", "action": "labels", "query": "lifecycle=in_store"}
    answer = client.post("/c/watch/assets/", picked | {"pk": str(asset.pk)})
    assert answer.headers["Location"] == f"/c/watch/assets/labels/?pk={asset.pk}"
    answer = client.post("/c/watch/assets/", picked | {"pk": str(asset.pk), "all": "1"}, follow=True)
    assert asset.code in answer.content.decode()


def test_a_label_says_what_was_chosen(asset: Asset) -> None:
    made = Content(("name", "holder", "contract"), "both").label(asset)
    assert (made.name, made.lines, made.foot) == ("数据库服务器", ("应急指挥处 王建国",), "watch")
    assert (made.qr, made.bars) == (f"opspact:asset:watch:{asset.code}", asset.code)


def test_without_the_role_nothing_is_printed(asset: Asset) -> None:
    client = Client()
    client.force_login(make_user(Role.THIRD_PARTY))
    assert client.get(f"/c/watch/assets/labels/?pk={asset.pk}").status_code == 403
