"""The generic list and the components in a real browser, under the real Content-Security-Policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from tests.acceptance.look import Look
from tests.needs import needs

from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User

pytestmark = [
    pytest.mark.usefixtures("end_of_server_sessions"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.integration.kit.pages"),
]
PEOPLE = "/c/desk/people/"


@pytest.fixture
def look(live_server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    needs("chromium", package="chromium")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
    term = {"starts_at": "2022-07-06T00:00Z", "ends_at": "2023-07-06T00:00Z"}
    Contract.objects.create(code="desk", name="Desk", short_name="Desk", **term)
    me = User.objects.create(username="me", name="Li")
    Grant.objects.create(user=me, role="service_manager", contract_code="desk")
    for i in range(120):
        User.objects.create(username=f"user{i:03}", name="Li" if i % 2 else "Wang")
    client = Client()
    client.force_login(me)
    with Look(live_server.url, client.cookies[settings.SESSION_COOKIE_NAME].value) as look:
        yield look


@pytest.fixture
def page(look: Look) -> Page:
    page = look.page(language="en")
    look.listen(page, PEOPLE, "1366 en light")
    page.goto(look.base_url + PEOPLE, wait_until="networkidle")
    return page


def test_the_keyboard_moves_picks_and_acts(page: Page, look: Look) -> None:
    for key in ("j", "x", "j", "j", "x", "k"):
        page.keyboard.press(key)
    expect(page.locator("tr.is-current")).to_contain_text("user001")
    expect(page.locator("[data-picked]")).to_have_text("2")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("dialog")).to_contain_text("Rename 2 people?")
    page.locator("dialog button.btn-primary").click()
    expect(page.locator("#op-messages")).to_contain_text("2 renamed")
    assert set(User.objects.filter(name="renamed").values_list("username", flat=True)) == {"user000", "user002"}
    assert look.faults == []


def test_o_opens_the_row(page: Page) -> None:
    page.keyboard.press("j")
    with page.expect_navigation(url=f"**/people/{User.objects.get(username='user000').pk}/"):
        page.keyboard.press("o")


def test_filter_order_and_place_live_in_the_address_and_back_goes_back(page: Page, look: Look) -> None:
    page.get_by_label("Search", exact=True).fill("Li")
    page.get_by_label("Search", exact=True).press("Enter")
    expect(page.locator("#op-count")).to_have_text("60 records")
    page.get_by_role("link", name="User name").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("User name")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    assert "q=Li" in page.url
    assert "sort=-username" in page.url
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(50)
    expect(page.locator(".op-side")).to_have_count(1)
    assert look.faults == []


def test_slash_goes_to_the_search_and_escape_leaves_it(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator("#op-search")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#op-search")).not_to_be_focused()


def test_the_server_gone_is_said_and_nothing_is_lost(page: Page) -> None:
    page.route("**/people/**", lambda route: route.abort())
    page.get_by_role("link", name="User name").click()
    expect(page.locator("#op-messages")).to_contain_text("Nothing was changed")
    expect(page.locator("tbody tr")).to_have_count(50)


def test_it_fits_every_screen_in_both_languages_and_colours(look: Look, tmp_path: Path) -> None:
    look.shoot(PEOPLE, tmp_path, themes=["light"])
    look.shoot(PEOPLE, tmp_path, themes=["dark"], sizes=["1366"], languages=["zh-hans"])
    assert look.faults == []
