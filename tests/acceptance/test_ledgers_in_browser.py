"""Every ledger's list as it stands on a screen, with the records of the demo."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect
from tests.acceptance.look import Look
from tests.needs import needs

from opspact.assets.models import Rack, Relation
from opspact.contracts.actions import load_contract
from opspact.contracts.models import Contract
from opspact.demo import ledgers as demo
from opspact.identity.models import Grant, User
from opspact.kit.actions import Caller
from opspact.kit.ledgers.ledger import ledgers
from opspact.kit.ledgers.pages.listing import urls_of

pytestmark = [pytest.mark.usefixtures("end_of_server_sessions"), pytest.mark.django_db(transaction=True)]
LINE = 40
"""Pixels of a row with one line of text; two lines take 50 and more."""
ROWS = "[...document.querySelectorAll('.op-list tbody tr')].map(row => [row.offsetHeight, row.innerText])"
WIDER = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def contract() -> Contract:
    caller = Caller.system(now=timezone.now())
    file = Path(__file__).parents[2] / "examples" / "beijing-2022" / "contract.yaml"
    made, _problems = load_contract(caller, file.read_bytes(), name=file.name)
    demo.build(caller, made)
    return made


@pytest.fixture
def look(live_server, contract: Contract, monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    needs("chromium", package="chromium")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
    me = User.objects.create(username="me", name="Li")
    Grant.objects.create(user=me, role="service_manager", contract_code=contract.code)
    client = Client()
    client.force_login(me)
    with Look(live_server.url, client.cookies[settings.SESSION_COOKIE_NAME].value) as look:
        yield look


def test_every_record_takes_one_line_at_1366_and_what_was_cut_is_told_on_hover(look: Look, contract: Contract) -> None:
    tall: list[tuple[str, str, str]] = []
    empty: list[str] = []
    for language in ("zh-hans", "en"):
        page = look.page("1366", language=language)
        for ledger in ledgers.all():
            url = urls_of(ledger, contract)["list"]
            page.goto(look.base_url + url)
            rows = page.evaluate(ROWS)
            empty += [] if rows else [ledger.name]
            tall += [(ledger.name, language, text) for height, text in rows if height > LINE]
            assert page.evaluate(WIDER) <= 0, (ledger.name, language)
    assert (tall, empty) == ([], [])
    page = look.page("1366")
    page.goto(look.base_url + f"/c/{contract.code}/circuits/")
    cell = page.locator("tbody .op-cut", has_text="北京市应急指挥保障中心").first
    cell.hover()
    assert cell.get_attribute("title") == cell.text_content()


def test_folded_filters_are_drawn_when_unfolded_and_narrow_the_list(look: Look, contract: Contract) -> None:
    page = look.page("1366", language="en")
    look.listen(page, "assets", "1366 en light")
    page.goto(look.base_url + f"/c/{contract.code}/assets/", wait_until="networkidle")
    expect(page.locator("select[name=rack]")).to_have_count(0)
    page.get_by_text("More filters").click()
    rack = Rack.objects.filter(contract=contract, assets__deleted_at=None).first()
    assert rack is not None
    page.locator("select[name=rack]").select_option(str(rack.pk))
    expect(page.locator("tbody tr")).to_have_count(rack.assets.filter(deleted_at=None).count())
    assert f"rack={rack.pk}" in page.url
    page.reload(wait_until="networkidle")  # a filter in use stands open
    expect(page.locator("select[name=rack]")).to_have_value(str(rack.pk))
    assert look.faults == []


def test_who_suffers_arrives_after_the_page(look: Look, contract: Contract) -> None:
    page = look.page("1366", language="en")
    look.listen(page, "asset", "1366 en light")
    relation = Relation.objects.filter(contract=contract, system__isnull=False, deleted_at=None).first()
    assert relation is not None
    page.goto(look.base_url + f"/c/{contract.code}/assets/{relation.to_id}/")
    expect(page.get_by_text("If it stops:")).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)
    assert look.faults == []
