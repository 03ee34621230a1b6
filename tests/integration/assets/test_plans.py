"""What PostgreSQL reads for a page of a ledger that holds 25,000 records: never more rows than an honest count needs.

The pages are asked for as a person does, their queries are caught, and each is run again under EXPLAIN ANALYZE.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.integration.assets.world import make_asset, make_category, make_contract
from tests.integration.monitoring.world import make_user

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.ipam import PREFIXES, VLANS, VRFS
from opspact.assets.models import Asset, IpAddress
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.lists.counting import LIMIT

MANY = 25_000
ENOUGH = LIMIT + 300
"""A count that stops at its limit, and the rows of the page beside it."""


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Contract, Asset]]:
    """One contract full of assets, addresses, prefixes and VLANs for all tests of this file; rolled back after them."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        contract = make_contract()
        first = _fill(contract)
        yield contract, first
        transaction.set_rollback(True)


def _fill(contract: Contract) -> Asset:
    pattern = make_asset(contract, ASSETS, "第一台", category=make_category(contract), lifecycle="in_use")
    prefix = actions.create(Caller(None, pattern.created_at, "test"), PREFIXES, contract, {"prefix": "10.0.0.0/16"})
    address = IpAddress(contract=contract, created_at=pattern.created_at, updated_at=pattern.created_at, prefix=prefix)
    address.code = address.ip = "10.0.0.1"
    address.save()
    rare = "CASE WHEN n %% 500 = 0 THEN ' 朝阳' ELSE '' END"
    _copy(pattern, f"'T' || n, '终端' || n, 'T' || n || ' 应急终端' || n || {rare}", own="name")
    _copy(address, "host('10.0.0.1'::inet + n), '10.0.0.1'::inet + n, host('10.0.0.1'::inet + n)", own="ip")
    caller = Caller(None, pattern.created_at, "test")
    vlan = actions.create(caller, VLANS, contract, {"vid": 1, "name": "办公"})
    _copy(vlan, "'V' || n, 1 + n %% 4094, 'V' || n || ' 办公'", own="vid")
    domains = [actions.create(caller, VRFS, contract, {"code": f"D{n}", "name": f"域{n}"}) for n in range(2)]
    for low, vrf in ((16, None), (17, domains[1]), (18, domains[0])):
        wide = actions.create(caller, PREFIXES, contract, {"prefix": f"{low}.0.0.0/8", "vrf": vrf})
        number = f"set_masklen('{low}.0.0.0'::inet + n * 256, 24)"
        _copy(wide, f"text({number}) || '@{low}', {number}::cidr, text({number})", own="prefix", many=MANY // 3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assets_vlan; ANALYZE assets_prefix")
        cursor.execute("UPDATE assets_asset SET lifecycle = 'spare' WHERE id % 3 = 0")
        cursor.execute("ANALYZE assets_asset; ANALYZE assets_ipaddress")
    return pattern


def _copy(record: Any, values: str, own: str, many: int = MANY) -> None:
    """So many more rows like `record`, but for the `values` of its code, its `own` column, and its search text."""
    table = record._meta.db_table
    named = ["code", own, "search"]
    same = [field.column for field in record._meta.concrete_fields if field.column not in ("id", *named)]
    listed, kept = (", ".join(f'"{name}"' for name in names) for names in ([*named, *same], same))
    source = f"SELECT {values}, {kept} FROM {table}, generate_series(1, %s) AS n WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({listed}) {source}", [many, record.pk])


@pytest.fixture
def client(filled: tuple[Contract, Asset], db: None) -> Client:
    signed_in = Client()
    signed_in.force_login(make_user(Role.ENGINEER))
    return signed_in


def rows_read(plan: dict[str, Any]) -> float:
    """The rows that the plan's scans looked at, those thrown away included."""
    looked = 0.0
    if "Relation Name" in plan:
        thrown = (plan.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
        looked = (plan["Actual Rows"] + sum(thrown)) * plan["Actual Loops"]
    return looked + sum(rows_read(each) for each in plan.get("Plans", ()))


def explained(cursor: Any, sql: str) -> float:
    """The rows that a query reads, run once more."""
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
    (plan,) = cursor.fetchone()
    return rows_read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def worst(client: Client, path: str) -> tuple[float, str]:
    """The query of this page that reads the most rows."""
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
    assert answer.status_code == 200, answer
    found = []
    with connection.cursor() as cursor:
        for query in caught.captured_queries:
            if query["sql"].startswith("SET LOCAL"):
                cursor.execute(query["sql"])
            if query["sql"].startswith("SELECT"):
                found.append((explained(cursor, query["sql"]), query["sql"]))
    return max(found)


LISTS = {
    "as it opens": "assets/",
    "in use": "assets/?lifecycle=in_use",
    "by name": "assets/?sort=name",
    "by name, backwards": "assets/?sort=-name",
    "of one category": "assets/?category={category}",
    "by part of a Chinese name": f"assets/?q={quote('朝阳')}",
    "by a word that all have": f"assets/?q={quote('应急终端')}",
    "by code": "assets/?q=T12345",
    "nothing": "assets/?q=nowhere",
    "addresses": "addresses/",
    "addresses, backwards": "addresses/?sort=-ip",
    "addresses of a prefix": "addresses/?prefix=10.0.0.0/16",
    "an asset": "assets/{asset}/",
    "prefixes": "prefixes/",
    "prefixes, backwards": "prefixes/?sort=-code",
    "prefixes of a routing domain": "prefixes/?vrf=D1",
    "prefixes in use": "prefixes/?use=active",
    "prefixes by address": "prefixes/?q=17.0.200.0",
    "vlans": "vlans/",
    "vlans by number": "vlans/?sort=-vid",
    "vlans by name": "vlans/?q=V777",
}


@pytest.mark.parametrize("what", LISTS)
def test_no_page_reads_the_whole_ledger(filled: tuple[Contract, Asset], client: Client, what: str) -> None:
    _contract, first = filled
    path = LISTS[what].format(category=first.category_id, asset=first.pk)
    read, sql = worst(client, f"/c/watch/{path}")
    assert read <= ENOUGH, f"{read:.0f} rows: {sql[:1500]}"


@pytest.mark.parametrize("ledger", ["assets", "prefixes", "vlans"])
def test_a_later_page_reads_no_more_than_the_first(filled: tuple[Contract, Asset], client: Client, ledger: str) -> None:
    path = f"/c/watch/{ledger}/"
    for _page in range(3):
        html = client.get(path).content.decode()
        path = f"/c/watch/{ledger}/?" + html.split(f'rel="next" href="/c/watch/{ledger}/?', 1)[1].split('"', 1)[0]
    assert worst(client, path.replace("&amp;", "&"))[0] <= ENOUGH


def test_the_first_of_very_many_that_match_are_met_in_the_order_of_the_list(client: Client) -> None:
    with CaptureQueriesContext(connection) as caught:
        client.get(f"/c/watch/assets/?q={quote('应急终端')}")
    rows = next(each["sql"] for each in caught.captured_queries if "LIMIT 51" in each["sql"] and "LIKE" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        assert explained(cursor, rows) <= 2 * 51
    assert any("enable_bitmapscan = off" in each["sql"] for each in caught.captured_queries)


def test_a_list_of_everything_would_be_noticed(filled: tuple[Contract, Asset], client: Client) -> None:
    """The measure itself: reading the ledger to its end is more than is allowed."""
    with connection.cursor() as cursor:
        assert explained(cursor, "SELECT count(*) FROM assets_asset WHERE remark = ''") > ENOUGH
