"""The generic list in a browser's requests."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.kit.models import AuditEvent, ListPreference, SavedFilter

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.kit.pages")]
URL = "/c/desk/people/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def contract() -> Contract:
    return Contract.objects.create(
        code="desk", name="Desk", short_name="Desk", starts_at="2022-07-06T00:00Z", ends_at="2023-07-06T00:00Z"
    )


def signed_in(role: str, name: str = "me") -> Client:
    user = User.objects.create(username=name, name=name)
    Grant.objects.create(user=user, role=role, contract_code="desk")
    client = Client()
    client.cookies["opspact_language"] = "en"
    client.force_login(user)
    return client


@pytest.fixture
def manager(contract: Contract) -> Client:
    return signed_in("service_manager")


@pytest.fixture
def people() -> list[User]:
    return [User.objects.create(username=f"user{i:03}", name="Li" if i % 2 else "Wang <b>") for i in range(120)]


def test_it_serves_a_page_and_to_htmx_only_the_rows(manager: Client, people: list[User]) -> None:
    page, rows = manager.get(URL), manager.get(URL, headers=HTMX)
    assert page.content.startswith(b"<!doctype html>")
    assert rows.content.startswith(b'<section class="op-list"')
    assert "HX-Request" in page["Vary"]
    assert page.content.count(b"<tr data-href") == rows.content.count(b"<tr data-href") == 50


def test_going_back_in_history_gets_the_whole_page(manager: Client, people: list[User]) -> None:
    response = manager.get(URL, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert response.content.startswith(b"<!doctype html>")


def test_what_people_typed_is_escaped(manager: Client, people: list[User]) -> None:
    content = manager.get(URL).content.decode()
    assert "Wang &lt;b&gt;" in content
    assert "Wang <b>" not in content


def test_it_filters_sorts_and_counts(manager: Client, people: list[User]) -> None:
    content = manager.get(f"{URL}?q=li&sort=-username").content.decode()
    assert "60 records" in content
    assert content.index("user119") < content.index("user117")
    assert 'aria-sort="descending"' in content


def test_an_unknown_order_is_the_default_one(manager: Client, people: list[User]) -> None:
    assert b"user000" in manager.get(f"{URL}?sort=password").content


def test_the_number_of_queries_does_not_grow_with_the_rows(
    manager: Client, people: list[User], django_assert_num_queries
) -> None:
    manager.get(URL)
    with django_assert_num_queries(8):  # session, user, grants, contract, preference, rows, count, saved filters
        manager.get(URL, headers=HTMX)


def test_chosen_columns_are_remembered_for_the_person(manager: Client, people: list[User]) -> None:
    manager.post(URL, {"do": "columns", "column": ["email", "username", "nonsense"], "page_size": "100"})
    preference = ListPreference.objects.get()
    assert (preference.columns, preference.page_size) == (["username", "email"], 100)
    content = manager.get(URL).content.decode()
    assert content.count("<tr data-href") == 100
    assert 'scope="col">E-mail' in content
    assert 'scope="col">Name' not in content


def test_a_saved_filter_is_a_tab_of_ones_own(manager: Client, people: list[User]) -> None:
    manager.post(URL, {"do": "save", "name": "All Li", "query": "q=Li"})
    assert "All Li" in manager.get(f"{URL}?q=Li").content.decode()
    assert "All Li" not in signed_in("engineer", "other").get(URL).content.decode()
    manager.post(URL, {"do": "forget", "saved": SavedFilter.objects.get().pk})
    assert not SavedFilter.objects.exists()


def test_sharing_a_filter_needs_its_permission(manager: Client) -> None:
    engineer = signed_in("engineer", "other")
    assert engineer.post(URL, {"do": "save", "name": "Mine", "query": "", "shared": "1"}).status_code == 403
    manager.post(URL, {"do": "save", "name": "Ours", "query": "q=Li", "shared": "1"})
    assert "Ours" in engineer.get(URL).content.decode()
    assert list(AuditEvent.objects.filter(action="kit.list.share").values_list("result", flat=True)) == [
        "done",
        "denied",
    ]


def test_nobody_forgets_the_filter_of_another(manager: Client) -> None:
    manager.post(URL, {"do": "save", "name": "Ours", "query": "", "shared": "1"})
    signed_in("engineer", "other").post(URL, {"do": "forget", "saved": SavedFilter.objects.get().pk})
    assert SavedFilter.objects.exists()


def test_a_bulk_action_asks_with_the_number_and_then_does_it(manager: Client, people: list[User]) -> None:
    picked = {"do": "bulk", "action": "rename", "pk": [people[0].pk, people[1].pk]}
    asked = manager.post(URL, picked, headers=HTMX).content.decode()
    assert "Rename 2 people?" in asked
    assert not User.objects.filter(name="renamed").exists()
    done = manager.post(URL, picked | {"confirmed": "1", "query": "q=Li"})
    assert (done.status_code, done.url) == (302, f"{URL}?q=Li")
    assert User.objects.filter(name="renamed").count() == 2


def test_a_bulk_action_reaches_all_that_match_and_nothing_else(manager: Client, people: list[User]) -> None:
    manager.post(URL, {"do": "bulk", "action": "rename", "all": "1", "query": "q=Li", "confirmed": "1"})
    assert User.objects.filter(name="renamed").count() == 60
    manager.post(URL, {"do": "bulk", "action": "rename", "pk": [User.objects.get(username="me").pk], "confirmed": "1"})
    assert User.objects.get(username="me").name == "me"


@pytest.mark.parametrize("keys", [["nonsense"], []])
def test_a_bulk_action_on_nothing_does_nothing_and_says_so(
    manager: Client, people: list[User], keys: list[str]
) -> None:
    response = manager.post(URL, {"do": "bulk", "action": "rename", "pk": keys, "confirmed": "1"}, follow=True)
    assert "nothing was done" in response.content.decode()


def test_a_bulk_action_needs_its_permission(contract: Contract, people: list[User]) -> None:
    engineer = signed_in("engineer")
    assert 'value="rename"' not in engineer.get(URL).content.decode()
    assert engineer.post(URL, {"do": "bulk", "action": "rename", "pk": [people[0].pk]}).status_code == 403


def test_the_export_is_exactly_the_list_and_is_audited(manager: Client, people: list[User]) -> None:
    response = manager.get(f"{URL}?q=Li&sort=-username&export=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("User name", "Name", "Organisation", "Password set")
    assert (len(rows), rows[1][0], rows[60][0]) == (61, "user119", "user001")
    assert AuditEvent.objects.get(action="kit.list.export").detail["rows"] == 60


def test_nothing_found_and_nothing_there_are_two_things(manager: Client) -> None:
    assert "People work here." in manager.get(URL).content.decode()
    assert "No record matches these filters." in manager.get(f"{URL}?q=zzz").content.decode()


def test_who_has_no_role_in_the_contract_does_not_learn_that_it_exists(contract: Contract) -> None:
    stranger = Client()
    stranger.force_login(User.objects.create(username="stranger", name="S"))
    assert stranger.get(URL).status_code == 404


def test_a_filter_that_cannot_be_kept_says_why(manager: Client) -> None:
    response = manager.post(URL, {"do": "save", "name": "x" * 41, "query": ""}, follow=True)
    assert "at most 40 characters" in response.content.decode()
    assert not SavedFilter.objects.exists()
