"""Paging by the last row seen: every row once, in PostgreSQL's order, forwards and backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from opspact.identity.models import Organisation, User
from opspact.kit.lists import counting, keyset
from opspact.kit.lists.keyset import Order

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 7, 6, 4, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def people() -> None:
    offices = [Organisation.objects.create(code=code, name=name) for code, name in (("a", "甲方"), ("b", "乙方"))]
    for i in range(23):
        User.objects.create(
            username=f"user{i:02}",
            name=f"name {i % 3}",
            password_set_at=None if i % 4 == 0 else NOW + timedelta(microseconds=i % 5),
            organisation=None if i % 6 == 0 else offices[i % 2],
        )


def walk(order: Order, size: int, *, back: bool = False) -> list[int]:
    """All keys, page by page from the one end to the other."""
    queryset = User.objects.all()
    seen: list[int] = []
    page = keyset.page(queryset, order, size)
    if back:
        while page.after:
            page = keyset.page(queryset, order, size, after=page.after)
    while True:
        keys = [row.pk for row in page.rows]
        seen = keys + seen if back else seen + keys
        cursor = page.before if back else page.after
        if not cursor:
            return seen
        page = keyset.page(queryset, order, size, **{"before" if back else "after": cursor})


@pytest.mark.parametrize("back", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("size", [1, 5, 23, 50])
@pytest.mark.parametrize("is_descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("path", ["username", "name", "password_set_at", "organisation__name", "is_active"])
def test_every_row_is_seen_once_and_in_order(people, path: str, is_descending: bool, size: int, back: bool) -> None:
    order = Order.of(User.objects.all(), path, is_descending=is_descending)
    sign = "-" if is_descending else ""
    expected = list(User.objects.order_by(f"{sign}{path}", f"{sign}pk").values_list("pk", flat=True))
    assert walk(order, size, back=back) == expected


def test_a_row_that_arrives_meanwhile_neither_repeats_nor_hides_another(people) -> None:
    order = Order.of(User.objects.all(), "username", is_descending=False)
    first = keyset.page(User.objects.all(), order, 5)
    User.objects.create(username="user00a", name="new")
    second = keyset.page(User.objects.all(), order, 5, after=first.after)
    assert [row.username for row in second.rows] == ["user05", "user06", "user07", "user08", "user09"]


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIl0", "e30", "W251bGwsICJ4Il0", "%%%"])
def test_a_cursor_nobody_wrote_leads_to_the_first_page(people, cursor: str) -> None:
    order = Order.of(User.objects.all(), "password_set_at", is_descending=False)
    page = keyset.page(User.objects.all(), order, 5, after=cursor)
    assert len(page.rows) == 5
    assert page.before == ""


def test_a_count_is_exact_up_to_its_limit_and_says_so_beyond(people, monkeypatch: pytest.MonkeyPatch) -> None:
    assert counting.count(User.objects.all()) == counting.Count(23)
    monkeypatch.setattr(counting, "LIMIT", 20)
    assert counting.count(User.objects.all()) == counting.Count(20, is_more=True)
