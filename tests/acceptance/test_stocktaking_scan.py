"""Counting in a real browser under the real Content-Security-Policy: a camera, a scanner, a network that goes away."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from django.conf import settings
from django.core.signals import request_started
from django.test import Client
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Error, Page, expect, sync_playwright
from tests.acceptance.look import ARGUMENTS, CHROMIUM
from tests.integration.assets.stocktakings import World, make_world
from tests.needs import needs

from opspact.assets.labels import code128
from opspact.assets.labels.marks import mark, place_mark
from opspact.assets.models import Stocktaking, StocktakingScan
from opspact.assets.stocktaking import leading, queries
from opspact.kit.actions import Caller

pytestmark = [pytest.mark.usefixtures("end_of_server_sessions"), pytest.mark.django_db(transaction=True)]
WIDTH, HEIGHT, FRAMES = 640, 480, 20
DECODED = 20_000  # ms within which the camera has read a label, on a machine that is busy with other tests


@pytest.fixture
def world(live_server, monkeypatch: pytest.MonkeyPatch) -> World:
    needs("chromium", package="chromium")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
    return make_world()


@pytest.fixture
def stocktaking(world: World) -> Stocktaking:
    return world.running()


@pytest.fixture
def phone(live_server, world: World, stocktaking: Stocktaking, tmp_path: Path, request) -> Iterator[Page]:
    """The counting page on a phone whose camera looks at the label of the first asset, its QR code or its bars."""
    code = world.assets[0].code
    film(tmp_path / "label.y4m", bars(code) if hasattr(request, "param") else qr(mark(world.contract.code, code)))
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'label.y4m'}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera])
        context = browser.new_context(viewport={"width": 390, "height": 844}, permissions=["camera"])
        sign_in(context, live_server.url, world)
        page = context.new_page()
        page.faults = []  # type: ignore[attr-defined]
        page.on("console", lambda said: page.faults.append(said.text) if "Content Security" in said.text else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(address(live_server, world, stocktaking))
        yield page
        assert page.faults == []  # type: ignore[attr-defined]
        browser.close()


def address(live_server, world: World, stocktaking: Stocktaking, end: str = "count/") -> str:
    return f"{live_server.url}/c/{world.contract.code}/stocktakings/{stocktaking.pk}/{end}"


def sign_in(context: BrowserContext, url: str, world: World, caller: Caller | None = None) -> None:
    client = Client()
    client.force_login((caller or world.counter).user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, "opspact_language": "en"}
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])


def qr(text: str) -> Image.Image:
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=7, border=4)
    return Image.open(picture).convert("L")


def bars(text: str) -> Image.Image:
    """Code 128, three pixels a module."""
    label = Image.new("L", (3 * code128.modules(text), 120), 255)
    draw, at = ImageDraw.Draw(label), 3 * code128.QUIET
    for place, width in enumerate(code128.widths(text)):
        if place % 2 == 0:
            draw.rectangle((at, 0, at + 3 * width - 1, 120), fill=0)
        at += 3 * width
    return label


def film(path: Path, label: Image.Image) -> None:
    """A Y4M film of a label on grey paper: the luma of each picture, then two planes without colour."""
    paper = Image.new("L", (WIDTH, HEIGHT), 170)
    paper.paste(label, ((WIDTH - label.width) // 2, (HEIGHT - label.height) // 2))
    frame = b"FRAME\n" + paper.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)


def stand_at(page: Page, value: str) -> None:
    page.get_by_label("I am in").select_option(value)


def type_in(page: Page, text: str) -> None:
    """As a scanner does: the characters, then Enter; wherever the page left the focus."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_the_camera_reads_a_label_and_says_that_it_stands_elsewhere(phone: Page, world: World) -> None:
    stand_at(phone, f"rack:{world.other_rack.pk}")
    phone.get_by_role("button", name="Camera", exact=True).click()
    card = phone.locator("#as-results > li").first
    expect(card).to_contain_text(world.assets[0].name, timeout=DECODED)
    expect(card).to_contain_text("The ledger says 一号机房 A01, found in 二号机房 B07.")
    card.get_by_role("button", name="It stands here: 二号机房 B07").click()
    expect(card.locator("button")).to_have_count(0)
    expect(phone.locator("#as-net")).to_have_text("All sent", timeout=DECODED)
    phone.get_by_role("button", name="Stop the camera").click()
    scan = StocktakingScan.objects.get()
    assert (scan.item.state, scan.by_hand, scan.rack) == ("moved", False, world.other_rack)


@pytest.mark.parametrize("phone", ["code128"], indirect=True)
def test_the_camera_reads_bars_too(phone: Page, world: World) -> None:
    phone.get_by_role("button", name="Camera", exact=True).click()
    expect(phone.locator("#as-results > li").first).to_contain_text(world.assets[0].name, timeout=DECODED)
    phone.get_by_role("button", name="Stop the camera").click()
    expect(phone.locator("#as-net")).to_have_text("All sent", timeout=DECODED)
    scan = StocktakingScan.objects.get()
    assert (scan.text, scan.item.state, scan.by_hand) == (world.assets[0].code, "found", False)


def test_a_counting_sheet_is_scanned_back(phone: Page, world: World, stocktaking: Stocktaking) -> None:
    """First the code of the rack, then those of the ticked rows."""
    type_in(phone, place_mark(world.contract.code, f"rack:{world.rack.pk}"))
    expect(phone.get_by_label("I am in")).to_have_value(f"rack:{world.rack.pk}")
    type_in(phone, world.assets[0].code)
    expect(phone.locator("#as-net")).to_have_text("All sent")
    scan = StocktakingScan.objects.get()
    assert (scan.rack, scan.item.state) == (world.rack, "found")


def test_a_scanner_types_one_after_the_other(phone: Page, world: World, stocktaking: Stocktaking) -> None:
    for text in ("SN001", "SN002", "SN001", "WHAT-IS-THIS"):
        type_in(phone, text)
    expect(phone.locator("#as-results > li")).to_have_count(4)
    expect(phone.locator("#as-net")).to_have_text("All sent")
    statuses = [card.get_attribute("data-status") for card in phone.locator("#as-results > li").all()]
    assert sorted(filter(None, statuses)) == ["found", "found", "repeat", "unknown"]
    expect(phone.locator("#as-done")).to_have_text("2")
    assert queries.standing(stocktaking).unknown == 1
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_without_a_network_scans_wait_and_then_arrive_once(phone: Page, stocktaking: Stocktaking) -> None:
    phone.wait_for_function("window.ZXing !== undefined || 'BarcodeDetector' in window")
    phone.context.set_offline(True)
    for text in ("SN001", "SN002", "SN003"):
        type_in(phone, text)
    expect(phone.locator("#as-net")).to_have_text("No network, 3 waiting to be sent")
    phone.get_by_role("button", name="Camera", exact=True).click()
    expect(phone.locator("#as-results > li")).to_have_count(4, timeout=DECODED)
    phone.get_by_role("button", name="Stop the camera").click()
    assert StocktakingScan.objects.count() == 0
    phone.context.set_offline(False)
    expect(phone.locator("#as-net")).to_have_text("All sent", timeout=DECODED)
    assert StocktakingScan.objects.filter(is_repeat=False).count() == 3
    assert queries.standing(stocktaking).found == 3


def test_an_answer_that_is_lost_on_its_way_is_asked_for_again(phone: Page, stocktaking: Stocktaking) -> None:
    def lose(route) -> None:
        route.fetch()
        route.abort()

    phone.route("**/scans/", lose, times=1)
    type_in(phone, "SN001")
    expect(phone.locator("#as-net")).to_have_text("All sent", timeout=DECODED)
    expect(phone.locator("#as-results > li")).to_have_attribute("data-status", "found")
    assert StocktakingScan.objects.count() == 1


def test_what_waits_outlives_the_page_and_the_place_stays(phone: Page, world: World) -> None:
    stand_at(phone, f"rack:{world.rack.pk}")
    phone.route("**/scans/", lambda route: route.abort())
    type_in(phone, "SN001")
    expect(phone.locator("#as-net")).to_contain_text("1 waiting to be sent")
    phone.unroute("**/scans/")
    phone.reload()
    expect(phone.locator("#as-net")).to_have_text("All sent", timeout=DECODED)
    expect(phone.get_by_label("I am in")).to_have_value(f"rack:{world.rack.pk}")
    assert StocktakingScan.objects.get().rack == world.rack


def test_who_was_signed_out_meanwhile_loses_nothing(phone: Page, live_server, world: World) -> None:
    phone.context.clear_cookies()
    type_in(phone, "SN001")
    expect(phone.locator("#as-net")).to_contain_text("Sign in again")
    sign_in(phone.context, live_server.url, world)
    phone.reload()
    expect(phone.locator("#as-net")).to_have_text("All sent", timeout=DECODED)
    assert StocktakingScan.objects.count() == 1


def ready(page: Page) -> None:
    """The device has kept the page."""
    expect(page.locator("#as-kept")).to_have_attribute("data-state", "kept", timeout=DECODED)


def test_a_page_opened_once_opens_counts_and_confirms_without_a_network(
    phone: Page, world: World, stocktaking: Stocktaking
) -> None:
    ready(phone)
    stand_at(phone, f"rack:{world.other_rack.pk}")
    phone.context.set_offline(True)
    asked: list[str] = []
    request_started.connect(hear := lambda environ, **_more: asked.append(environ["PATH_INFO"]), weak=False)
    phone.reload()
    expect(phone.locator("#as-net")).to_contain_text("No network", timeout=DECODED)
    expect(phone.get_by_label("I am in")).to_have_value(f"rack:{world.other_rack.pk}")
    type_in(phone, "SN001")
    card = phone.locator("#as-results > li").first
    expect(card).to_contain_text("The ledger says 一号机房 A01, found in 二号机房 B07.")
    card.get_by_role("button", name="It stands here: 二号机房 B07").click()
    expect(phone.locator("#as-net")).to_have_text("No network, 2 waiting to be sent")
    stand_at(phone, f"room:{world.rack.room_id}")
    type_in(phone, world.assets[1].code.lower())
    expect(phone.locator("#as-results > li").first).to_contain_text("应用服务器")
    type_in(phone, "SN002")
    expect(phone.locator("#as-results > li").first).to_contain_text("Scanned before on this device.")
    type_in(phone, "WHAT-IS-THIS")
    expect(phone.locator("#as-results > li").first).to_contain_text("Not on this device's list")
    phone.reload()
    expect(phone.locator("#as-net")).to_have_text("No network, 5 waiting to be sent", timeout=DECODED)
    expect(phone.locator("#as-results > li")).to_have_count(4)
    request_started.disconnect(hear)
    assert asked == []  # neither the page nor its service worker reached the server
    assert StocktakingScan.objects.count() == 0

    phone.context.set_offline(False)
    expect(phone.locator("#as-net")).to_have_text("All sent", timeout=DECODED)
    assert StocktakingScan.objects.count() == 4
    assert [world.item(stocktaking, n).state for n in range(3)] == ["moved", "found", "open"]
    assert world.item(stocktaking, 0).confirmed_by == world.counter.user
    assert stocktaking.items.filter(state="unknown", text="WHAT-IS-THIS").count() == 1
    assert StocktakingScan.objects.filter(is_repeat=True).count() == 1


def test_signing_out_leaves_nothing_to_open_without_a_network(
    phone: Page, live_server, world: World, stocktaking: Stocktaking
) -> None:
    ready(phone)
    phone.goto(f"{live_server.url}/sign-out/")
    phone.locator("form[data-forget-drafts] button").first.click()
    phone.wait_for_url("**/sign-in/**")
    phone.wait_for_function("caches.keys().then((names) => names.length === 0)")
    phone.context.set_offline(True)
    with pytest.raises(Error, match="net::ERR_"):
        phone.goto(address(live_server, world, stocktaking))


def test_whose_session_ended_is_not_shown_the_kept_page(
    phone: Page, live_server, world: World, stocktaking: Stocktaking
) -> None:
    ready(phone)
    phone.context.clear_cookies()
    phone.reload()
    phone.wait_for_url("**/sign-in/**")
    assert phone.evaluate("caches.keys()") == []


def test_what_waits_when_the_counting_ends_is_shown_and_saved(
    phone: Page, live_server, world: World, stocktaking: Stocktaking
) -> None:
    phone.context.set_offline(True)
    type_in(phone, "SN001")
    leading.finish(world.leader, stocktaking, is_rest_missing=True)
    phone.context.set_offline(False)
    expect(phone.locator("#as-refused")).to_be_visible(timeout=DECODED)
    phone.goto(address(live_server, world, stocktaking))
    expect(phone.locator("#as-code")).to_have_count(0)
    with phone.expect_download() as kept:
        phone.get_by_role("button", name="Save as a list").click()
    assert "SN001" in Path(kept.value.path()).read_text(encoding="utf-8-sig")
    phone.get_by_role("button", name="Remove from this device").click()
    expect(phone.locator("#as-net")).to_have_text("All sent", timeout=DECODED)
    assert StocktakingScan.objects.count() == 0


def test_before_the_start_nothing_is_scanned_and_the_page_opens_by_itself(
    phone: Page, live_server, world: World
) -> None:
    planned = world.planned()
    phone.goto(address(live_server, world, planned))
    expect(phone.locator(".op-answer")).to_have_text("This stocktaking has not started; nothing can be scanned yet.")
    expect(phone.get_by_text("王经理")).to_be_visible()
    expect(phone.locator("input[id^=as-]")).to_have_count(0)
    expect(phone.locator("main button")).to_have_count(0)
    leading.start(world.leader, planned)
    expect(phone.locator("#as-code")).to_be_visible(timeout=DECODED)


def test_the_manager_sees_the_counting_live(phone: Page, live_server, world: World, stocktaking: Stocktaking) -> None:
    manager = phone.context.browser.new_context(viewport={"width": 1366, "height": 768})
    sign_in(manager, live_server.url, world, world.leader)
    page = manager.new_page()
    page.goto(address(live_server, world, stocktaking, ""))
    expect(page.locator("#as-progress .op-answer")).to_contain_text("0 of 3 are counted")
    for text in ("SN001", "SN002"):
        type_in(phone, text)
    expect(page.locator("#as-progress .op-answer")).to_contain_text("2 of 3 are counted", timeout=DECODED)
    expect(page.locator("#as-progress")).to_contain_text("李工")
    manager.close()
