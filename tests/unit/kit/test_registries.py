"""Doors and registries."""

from __future__ import annotations

import pytest

from opspact.kit.navigation import DOORS, current_address, entry
from opspact.kit.registries import InboxKind, Registry


def test_the_ten_doors_stand_in_the_order_of_the_day() -> None:
    assert list(DOORS) == [
        "overview", "monitoring", "servicedesk", "inspections", "ledgers", "duty",
        "fulfilment", "reports", "documents", "system",
    ]  # fmt: skip


def test_an_entry_needs_a_door_that_exists() -> None:
    with pytest.raises(KeyError):
        entry("attic", "x", "X", "kit:start", "kit.home.view")


def test_a_page_belongs_to_the_entry_with_the_longest_address() -> None:
    addresses = ["/c/one/", "/c/one/monitoring/", "/c/one/monitoring/targets/"]
    assert current_address("/c/one/monitoring/targets/7/", addresses, "/c/one/") == "/c/one/monitoring/targets/"
    assert current_address("/c/one/monitoring/outages/", addresses, "/c/one/") == "/c/one/monitoring/"
    assert current_address("/c/one/elsewhere/", addresses, "/c/one/") == ""


def test_a_name_registered_twice_is_refused() -> None:
    registry: Registry[InboxKind] = Registry()
    registry.add(InboxKind("late", "Late", order=20))
    registry.add(InboxKind("early", "Early", order=10))
    with pytest.raises(ValueError, match="late"):
        registry.add(InboxKind("late", "Late again"))
    assert [kind.name for kind in registry.all()] == ["early", "late"]
