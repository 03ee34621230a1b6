"""What every request meets before and around a page: size, caching, refusals on record, odd input."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client, RequestFactory

from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.kit.actions import client_address
from opspact.kit.models import AuditEvent
from opspact.kit.transport import MAX_REQUEST

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.kit.pages")]
LIST = "/c/desk/people/"


@pytest.fixture
def contract() -> Contract:
    return Contract.objects.create(
        code="desk", name="Desk", short_name="Desk", starts_at="2022-07-06T00:00Z", ends_at="2023-07-06T00:00Z"
    )


def signed_in(role: str, code: str = "desk") -> Client:
    user = User.objects.create(username="me", name="me")
    Grant.objects.create(user=user, role=role, contract_code=code)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(contract: Contract) -> Client:
    return signed_in("service_manager")


def test_a_body_that_is_too_large_is_refused_unread() -> None:
    response = Client().post("/sign-in/", {}, headers={"Content-Length": str(MAX_REQUEST + 1)})
    assert response.status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e9", "9" * 30, "０"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    assert Client().post("/sign-in/", {}, headers={"Content-Length": length}).status_code == 413


def test_a_page_is_kept_by_no_browser_and_no_proxy(manager: Client) -> None:
    for address in ("/c/desk/", LIST, "/nowhere/"):
        assert manager.get(address)["Cache-Control"] == "private, no-store", address


def test_a_page_that_is_not_for_this_person_leaves_its_row(manager: Client) -> None:
    assert manager.get("/system/users/").status_code == 403
    row = AuditEvent.objects.get(action="accounts.user.view")
    assert (row.result, row.user_name, row.contract_code) == ("denied", "me", "")
    assert row.detail == {"method": "GET", "path": "/system/users/"}


def test_a_refused_deed_leaves_one_row_and_not_two(contract: Contract) -> None:
    engineer = signed_in("engineer")
    response = engineer.post(LIST, {"do": "save", "name": "mine", "query": "q=a", "shared": "1"})
    assert response.status_code == 403
    assert [row.action for row in AuditEvent.objects.filter(result="denied")] == ["kit.list.share"]


def test_a_deed_that_the_page_did_not_offer_leaves_its_row(contract: Contract) -> None:
    staff = signed_in("client_staff")
    assert staff.post(LIST, {"do": "bulk", "action": "rename", "all": "1"}).status_code == 403
    assert AuditEvent.objects.get(result="denied").contract_code == "desk"


def test_nobody_learns_of_a_contract_by_being_refused(contract: Contract) -> None:
    administrator = signed_in("system_admin", code="")
    assert administrator.get(LIST).status_code == 404


def test_all_with_a_wrong_filter_is_nothing(manager: Client) -> None:
    User.objects.create(username="li", name="Li")
    asked = {"do": "bulk", "action": "rename", "all": "1", "confirmed": "1"}
    manager.post(LIST, asked | {"query": "q=%00"})
    assert not User.objects.filter(name="renamed").exists()
    manager.post(LIST, asked | {"query": "q=Li"})
    assert User.objects.filter(name="renamed").count() == 1


def test_a_forged_line_break_makes_no_header(manager: Client) -> None:
    User.objects.create(username="li", name="Li")
    asked = {"do": "bulk", "action": "rename", "all": "1", "confirmed": "1", "query": "q=Li\r\nSet-Cookie: a=b"}
    response = manager.post(LIST, asked | {"query": "sort=name\r\nSet-Cookie: a=b"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "\n" not in response["HX-Redirect"]
    assert "a" not in response.cookies


def cursor(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "place", [cursor(["\0", "1"]), cursor([True, None]), cursor([{}, []]), base64.b64encode(b"[" * 3000).decode()]
)
def test_a_cursor_that_nobody_here_has_written_is_the_first_page(manager: Client, place: str) -> None:
    assert manager.get(LIST, {"after": place}).status_code == 200


@pytest.mark.parametrize(
    "posted",
    [
        {"do": "forget", "saved": "abc"},
        {"do": "forget", "saved": "9" * 40},
        {"do": "columns", "page_size": "9" * 5000},
        {"do": "save", "name": "a\0b", "query": "q=\0"},
    ],
)
def test_odd_input_breaks_no_list(manager: Client, posted: dict[str, str]) -> None:
    assert manager.post(LIST, posted).status_code == 302


def test_a_search_for_what_no_text_can_hold_finds_nothing(manager: Client) -> None:
    assert manager.get("/c/desk/search/", {"q": "a\0b"}).status_code == 200


@pytest.mark.parametrize(
    ("proxied", "forwarded", "address"),
    [
        (False, "9.9.9.9", "10.0.0.1"),
        (True, "9.9.9.9, 8.8.8.8", "8.8.8.8"),
        (True, "unknown", None),
        (True, "8.8.8.8:443", None),
        (True, "", "10.0.0.1"),
    ],
)
def test_the_source_address_is_an_address_or_none(
    settings: object, proxied: bool, forwarded: str, address: str | None
) -> None:
    settings.BEHIND_PROXY = proxied  # type: ignore[attr-defined]
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == address
