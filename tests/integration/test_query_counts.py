"""How many queries each list costs, recorded: a change fails here and prints the SQL.

The demo's year fills every list, so a query per row would show. If a change is meant, run
`OPSPACT_RECORD=1 ./opspact test tests/integration/test_query_counts.py` and commit query_counts.json.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from opspact.contracts.calendars import load_public_holidays
from opspact.demo.world import build
from opspact.field.actions import register_local_collector
from opspact.identity.models import User
from opspact.kit.actions import Caller
from opspact.kit.lists import ListPage
from opspact.kit.permissions import permission

RECORDED = Path(__file__).parent / "query_counts.json"
CONTRACT = "beijing-2022"


def lists(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[tuple[str, type[ListPage]]]:
    """Every list of the project with its address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from lists(pattern.url_patterns, route)
        elif (view := getattr(pattern.callback, "view_class", None)) and issubclass(view, ListPage):
            yield "/" + route.replace("<slug:contract>", CONTRACT), view


def reader_of(view: type[ListPage]) -> User:
    """Somebody of the demo who may see the list, the service manager if possible."""
    roles = permission(view.permission).roles
    found = User.objects.filter(grants__role__in=roles).order_by("username")
    return found.filter(username="manager").first() or found[0]


@pytest.fixture
def year(tmp_path: Path, db: None) -> None:
    caller = Caller.system(now=timezone.now(), via="start")
    load_public_holidays(caller, None)
    register_local_collector(caller, tmp_path / "token")
    build(caller, tmp_path / "accounts")


def test_each_list_costs_the_recorded_number_of_queries(year: None) -> None:
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    counted: dict[str, int] = {}
    spoken: dict[str, str] = {}
    for address, view in lists():
        client = Client()
        client.force_login(reader_of(view))
        client.get(address)  # what is cached by process or session is not counted
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, headers={"HX-Request": "true", "HX-Target": "op-list"})
        assert answer.status_code == 200, address
        counted[view.name] = len(queries)
        spoken[view.name] = "\n".join(query["sql"][:300] for query in queries)
    if os.environ.get("OPSPACT_RECORD") == "1":
        RECORDED.write_text(json.dumps(counted, indent=2, sort_keys=True) + "\n")
        return
    changed = {name: (recorded.get(name), count) for name, count in counted.items() if recorded.get(name) != count}
    assert changed == {}, "\n\n".join(f"{name}\n{spoken[name]}" for name in changed)
