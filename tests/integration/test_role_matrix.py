"""Default deny, walked: every address of the project × every role, anonymous, and a person of another contract.

What a role may open follows from the view's declared permission alone; the requests are real, and each page that comes
back must hold the Content-Security-Policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from opspact.contracts.actions import load_contract
from opspact.contracts.calendars import load_public_holidays
from opspact.identity.models import Grant, User
from opspact.identity.roles import ADMINISTRATORS, EVERYBODY, Role
from opspact.kit.actions import Caller
from opspact.kit.middleware import SELF_GUARDED_NAMES, permission_of
from opspact.kit.permissions import declared, permission

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parents[2] / "examples"
HERE, ELSEWHERE = "self", "beijing-2022"
# Why a view may be reached without a permission, by the beginning of its name.
PUBLIC = {
    "accounts:first_run": "asks for the code from the terminal, and is gone once there is a user",
    "monitoring_open:": "a collector shows its own token",
    "field_open:": "a collector shows its own token",
    "healthz": "names of parts and times, nothing of any contract",
    "metrics": "from this machine, or with an API token",
    "api:": "an API token says who it is",
}
OPEN = frozenset({"healthz", "metrics", "api:api-root"})  # answered without a credential, on this machine
SAMPLES: dict[str, Any] = {"contract": HERE, "username": "engineer", "version": 1, "pk": 0}
HEADER = re.compile(r"default-src 'none'")
INLINE = re.compile(
    r"<script(?![^>]*\b(?:src=|type=\"application/json\"))|<style|<[^>]+\sstyle\s*=|<[^>]+\son[a-z]+\s*=", re.IGNORECASE
)


@dataclass(frozen=True)
class Page:
    """An address of the project: `names` of its path's parameters, `view_name` with its namespaces."""

    route: str
    names: tuple[str, ...]
    view_name: str
    view: Any

    @property
    def permission(self) -> str | None:
        return permission_of(self.view)

    @property
    def is_public(self) -> bool:
        bare = self.view_name.rsplit(":", 1)[-1]
        return bool(getattr(getattr(self.view, "view_class", self.view), "public", False)) or bare in SELF_GUARDED_NAMES

    @property
    def names_a_record(self) -> bool:
        return bool(set(self.names) - {"contract"})

    def path(self, contract: str = HERE) -> str:
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(self._sample(match[1], match[0], contract)), self.route)
        return "/" + filled

    def _sample(self, name: str, part: str, contract: str) -> object:
        if name == "contract":
            return contract
        return SAMPLES.get(name, 0 if part.startswith("<int:") else "none")


def _walk(patterns: list[URLPattern | URLResolver], route: str = "", namespace: str = "") -> Iterator[Page]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            yield Page(
                here, tuple(re.findall(r"<(?:\w+:)?(\w+)>", here)), f"{namespace}{pattern.name}", pattern.callback
            )


PAGES = list(_walk(get_resolver().url_patterns))
GUARDED = [page for page in PAGES if not page.is_public]


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """One person for each role in the contract `HERE`, and a service manager of the other."""
    machine = Caller.system(now=timezone.now(), via="cli")
    load_public_holidays(machine, None)
    for code in (HERE, ELSEWHERE):
        load_contract(machine, (EXAMPLES / code / "contract.yaml").read_bytes(), name=code)
    found = {role.value: _person(role.value, role, "" if role in ADMINISTRATORS else HERE) for role in Role}
    return found | {"stranger": _person("stranger", Role.SERVICE_MANAGER, ELSEWHERE)}


def _person(username: str, role: Role, contract: str) -> User:
    user = User.objects.create(username=username, name=username)
    Grant.objects.create(user=user, role=role, contract_code=contract)
    return user


def expected(page: Page, role: Role, contract: str) -> str:
    """allowed, forbidden or hidden: from the declaration, not from the code that enforces it."""
    holders = permission(page.permission).roles if page.permission else frozenset()
    if "contract" in page.names:
        if role in ADMINISTRATORS or contract != HERE:
            return "hidden"
        return "allowed" if role in holders else "forbidden"
    if holders >= EVERYBODY:
        return "allowed"
    return "allowed" if role in holders & ADMINISTRATORS else "forbidden"


def answered(page: Page, response: HttpResponse) -> str:
    """A page about a record that does not exist is "not found" only for who may look for it."""
    if response.status_code == 403:
        return "forbidden"
    if response.status_code == 404:
        return "allowed" if page.names_a_record and _was_let_in(response) else "hidden"
    if response.status_code in (200, 302, 400, 405):
        return "allowed"
    return f"status {response.status_code}"


def _was_let_in(response: HttpResponse) -> bool:
    """Whether the middleware had found the contract before the view said "not found"."""
    match = response.resolver_match
    return response.wsgi_request.contract is not None or "contract" not in (match.kwargs if match else {})


def faults_of(page: Page, response: HttpResponse) -> list[str]:
    """What breaks the Content-Security-Policy in this answer."""
    if "text/html" not in response.get("Content-Type", ""):
        return []
    found = []
    policy = response.headers.get("Content-Security-Policy", "")
    if not HEADER.search(policy) or "unsafe" in policy:
        found.append(f"{page.view_name}: policy {policy!r}")
    if not response.streaming and (inline := INLINE.search(response.content.decode())):
        found.append(f"{page.view_name}: inline {inline[0]!r}")
    return found


def test_every_view_declares_a_permission_or_says_why_not() -> None:
    unknown = []
    for page in PAGES:
        bare = page.view_name.rsplit(":", 1)[-1]
        if page.is_public:
            if bare not in SELF_GUARDED_NAMES and not any(page.view_name.startswith(name) for name in PUBLIC):
                unknown.append(f"{page.view_name} is public without a reason")
        elif page.permission not in declared():
            unknown.append(f"{page.view_name} ({page.route}) needs {page.permission}")
    assert unknown == []


@pytest.mark.parametrize("who", [*(role.value for role in Role), "stranger"])
def test_each_role_opens_what_is_declared_and_nothing_else(client: Client, people: dict[str, User], who: str) -> None:
    role, contract = (Role.SERVICE_MANAGER, ELSEWHERE) if who == "stranger" else (Role(who), HERE)
    client.force_login(people[who])
    client.raise_request_exception = False
    wrong, faults = [], []
    for page in GUARDED:
        response = client.get(page.path())
        wanted, got = expected(page, role, contract), answered(page, response)
        if wanted != got:
            wrong.append(f"{page.view_name} ({page.path()}): {wanted}, but {got}")
        faults += faults_of(page, response)
        if response.streaming:
            list(response.streaming_content)  # read to its end, a file is closed
    assert wrong == []
    assert faults == []


def test_anonymous_is_led_to_the_sign_in_everywhere(client: Client, people: dict[str, User]) -> None:
    for page in GUARDED:
        response = client.get(page.path())
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/sign-in/"), page.view_name


def test_a_contract_that_does_not_exist_is_not_found_like_a_foreign_one(
    client: Client, people: dict[str, User]
) -> None:
    client.force_login(people["service_manager"])
    of_contracts = [page for page in GUARDED if "contract" in page.names]
    for page in of_contracts:
        nowhere, foreign = client.get(page.path("nowhere")), client.get(page.path(ELSEWHERE))
        assert (nowhere.status_code, foreign.status_code) == (404, 404), page.view_name
        assert _without_the_address(nowhere, "nowhere") == _without_the_address(foreign, ELSEWHERE), page.view_name


def _without_the_address(response: HttpResponse, code: str) -> str:
    """The page without the code that was asked for and without what differs on each page anyhow."""
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", response.text.replace(code, ""))


@pytest.mark.parametrize("who", ["anonymous", "engineer", "system_admin"])
def test_pages_of_the_sign_in_hold_the_policy_and_let_nobody_in(
    client: Client, people: dict[str, User], who: str
) -> None:
    if who != "anonymous":
        client.force_login(people[who])
    for page in PAGES:
        if page.view_name not in SELF_GUARDED_NAMES:
            continue
        response = client.get(page.path())
        assert response.status_code in (200, 302, 404), page.view_name
        assert faults_of(page, response) == []
        if who == "anonymous" and response.status_code == 200:
            assert page.view_name == "account_login"


def test_what_programs_call_refuses_without_a_credential(client: Client, people: dict[str, User]) -> None:
    """A session is no credential there either: a page of another site could ride on it."""
    client.force_login(people["service_manager"])
    opened = []
    for page in PAGES:
        if not page.is_public or page.view_name in SELF_GUARDED_NAMES or page.view_name in OPEN:
            continue
        for method in (client.get, client.post):
            response = method(page.path(), {}, content_type="application/json")
            if response.status_code not in (401, 403, 404, 405):
                opened.append(f"{page.view_name}: {response.status_code}")
    assert opened == []
