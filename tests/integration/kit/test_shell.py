"""The page around every page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit import registries
from opspact.kit.navigation import DOORS, Entry
from opspact.kit.registries import Hit, HomeCard, SearchProvider

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.kit.pages")]
HOME = "/c/desk/"


def make_contract(code: str = "desk", *, simulated: bool = False) -> Contract:
    term = {"starts_at": "2022-07-06T00:00Z", "ends_at": "2023-07-06T00:00Z"}
    return Contract.objects.create(code=code, name=code, short_name=f"Contract {code}", simulated=simulated, **term)


def sign_in(*roles: str, language: str = "en") -> Client:
    user = User.objects.create(username="li", name="Li")
    for role in roles:
        Grant.objects.create(user=user, role=role, contract_code="desk")
    client = Client()
    client.cookies["opspact_language"] = language
    client.force_login(user)
    return client


@pytest.fixture
def engineer() -> Client:
    make_contract()
    return sign_in("engineer")


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Registries of this test alone."""
    for registry in (registries.home_cards, registries.search_providers, registries.indicators):
        monkeypatch.setattr(registry, "_things", {})
    monkeypatch.setattr(DOORS["monitoring"], "entries", [])
    monkeypatch.setattr(DOORS["fulfilment"], "entries", [])
    return


def text_of(client: Client, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).content.decode()


def test_the_way_in_leads_to_ones_contract(engineer: Client) -> None:
    assert engineer.get("/").url == HOME


def test_every_answer_carries_a_strict_policy(engineer: Client) -> None:
    policy = engineer.get(HOME)["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_door_without_an_entry_one_may_open_is_not_shown(engineer: Client, ours: None) -> None:
    assert "Monitoring" not in text_of(engineer, HOME)
    DOORS["monitoring"].entries = [
        Entry("monitoring", "people", "People", "people", "test.people.view", 10),
        Entry("monitoring", "more", "Renaming", "people", "test.people.rename", 20),
    ]
    page = text_of(engineer, "/c/desk/people/")
    assert "Monitoring" in page
    assert "Renaming" not in page


def test_the_client_finds_fulfilment_first(ours: None) -> None:
    make_contract()
    for door in ("monitoring", "fulfilment"):
        DOORS[door].entries = [Entry(door, door, door, "people", "test.people.view", 10)]
    page = text_of(sign_in("client_manager"), HOME)
    assert page.index("Fulfilment") < page.index("Monitoring")


def test_simulated_data_is_marked_on_every_page() -> None:
    make_contract(simulated=True)
    assert "演示数据" in text_of(sign_in("engineer", language="zh-hans"), HOME)


def test_home_shows_the_cards_of_ones_roles_and_a_broken_one_spoils_nothing(engineer: Client, ours: None) -> None:
    def card(name: str, role: Role, context: object) -> None:
        template = "kit/parts/empty.html"
        registries.home_cards.add(HomeCard(name, name, "kit.contract.view", frozenset({role}), template, context))

    card("mine", Role.ENGINEER, lambda request: {"empty": {"icon": "list", "text": "all quiet"}})
    card("silent", Role.ENGINEER, lambda request: None)
    card("broken", Role.ENGINEER, lambda request: 1 // 0)
    card("theirs", Role.CLIENT_MANAGER, lambda request: {"empty": {"icon": "list", "text": "secret"}})
    page = text_of(engineer, HOME)
    assert "all quiet" in page
    assert "This part could not be shown" in page
    assert "silent" not in page
    assert "secret" not in page


def test_search_finds_at_most_five_of_each_kind_and_asks_for_permission(engineer: Client, ours: None) -> None:
    def find(contract: Contract, text: str, most: int) -> list[Hit]:
        return [Hit(f"{text} {i} <b>", f"/x/{i}/", state="down") for i in range(20)]

    registries.search_providers.add(SearchProvider("a", "Targets", "test.people.view", "server", find))
    registries.search_providers.add(SearchProvider("b", "Secrets", "test.people.rename", "lock", find))
    found = text_of(engineer, "/c/desk/search/?q=core", **{"HX-Request": "true"})
    assert found.count('href="/x/') == 5
    assert "core 0 &lt;b&gt;" in found
    assert "Secrets" not in found
    assert text_of(engineer, "/c/desk/search/?q=c", **{"HX-Request": "true"}).count("href") == 0


def test_language_and_colours_are_kept_in_cookies_and_lead_back(engineer: Client) -> None:
    response = engineer.post("/preferences/", {"language": "zh-hans", "theme": "dark", "next": HOME})
    assert response.url == HOME
    page = text_of(engineer, HOME)
    assert '<html lang="zh-hans" data-theme="dark" data-bs-theme="dark">' in page
    assert "总览" in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_preferences_lead_nowhere_outside(engineer: Client, target: str) -> None:
    assert engineer.post("/preferences/", {"theme": "neon", "next": target}).url == "/"
    assert "opspact_theme" not in engineer.cookies


def test_errors_say_what_happened_what_is_safe_and_what_to_do(engineer: Client) -> None:
    response = engineer.get("/c/desk/nowhere/")
    assert response.status_code == 404
    assert "Check the address" in response.content.decode()
