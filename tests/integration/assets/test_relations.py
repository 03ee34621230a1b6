"""Relations: ends, circles spelled out, twice the same, import both ways; impact with systems and their objectives."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.integration.assets.world import CALLER, NOW, make_asset, make_contract, make_rack, workbook
from tests.integration.monitoring.world import make_user
from tests.late import whole

from opspact.assets.impact import subjects
from opspact.assets.impact.answers import needed, suffering
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.places import RACKS
from opspact.assets.ledgers.relations import RELATIONS
from opspact.assets.ledgers.software import DATABASES, INSTALLATIONS
from opspact.assets.models import Asset, Circuit, Relation
from opspact.contracts.models import BusinessSystem, Contract, Kpi, ScopeItem
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers import workbook as books
from opspact.kit.ledgers.writing import RecordRefused


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def oa(contract: Contract) -> BusinessSystem:
    return BusinessSystem.objects.get(code="oa")


def asset(contract: Contract, code: str, **values: Any) -> Asset:
    return make_asset(contract, ASSETS, f"name of {code}", code=code, lifecycle="in_use", **values)


def relate(contract: Contract, start: Any, kind: str, to: Asset, group: str = "") -> Relation:
    end = {"asset": start} if isinstance(start, Asset) else {"system": start}
    return actions.create(CALLER, RELATIONS, contract, {**end, "kind": kind, "to": to, "group": group})


def test_a_circle_is_refused_and_spelled_out(contract: Contract) -> None:
    a, b, c = (asset(contract, code) for code in "ABC")
    assert relate(contract, a, "depends_on", b).code == "REL-000001"
    relate(contract, b, "runs_on", c)
    with pytest.raises(RecordRefused, match="C → A → B → C"):
        relate(contract, c, "part_of", a)
    relate(contract, c, "connects", a)
    with pytest.raises(RecordRefused, match="A → A"):
        relate(contract, a, "depends_on", a)


def test_a_relation_begins_at_one_thing_and_is_recorded_once(contract: Contract, oa: BusinessSystem) -> None:
    a, b = asset(contract, "A"), asset(contract, "B")
    first = relate(contract, a, "depends_on", b)
    with pytest.raises(RecordRefused, match=f"on the ledger already: {first.code}"):
        relate(contract, a, "depends_on", b)
    with pytest.raises(RecordRefused, match="fill one of the two"):
        actions.create(CALLER, RELATIONS, contract, {"asset": a, "system": oa, "kind": "depends_on", "to": b})
    with pytest.raises(RecordRefused, match="fill one of the two"):
        actions.create(CALLER, RELATIONS, contract, {"kind": "depends_on", "to": b})
    with pytest.raises(RecordRefused, match="other relations are between assets"):
        relate(contract, oa, "part_of", b)


def test_relations_come_from_a_workbook_and_go_back_unchanged(contract: Contract, oa: BusinessSystem) -> None:
    for code in "ABC":
        asset(contract, code)
    rows = [
        ["从资产", "从系统", "关系", "到资产", "冗余组"],
        ["A", None, "依赖", "B", None],
        [None, "oa", "运行在", "A", "web"],
        ["B", None, "运行在", "A", None],
        ["A", None, "飞过", "C", None],
    ]
    batch = imports.upload(CALLER, RELATIONS, contract, content=workbook(rows), name="关系.xlsx", clears=False)
    imports.read(batch, RELATIONS, contract)
    assert batch.counts == {"new": 2, "wrong": 2}, list(batch.rows.values_list("number", "problems"))
    imports.apply(CALLER, RELATIONS, contract, batch, only_good=True)
    target = io.BytesIO()
    assert books.write(target, RELATIONS, contract, "zh-hans", RELATIONS.records(contract)) == 2
    again = imports.upload(CALLER, RELATIONS, contract, content=target.getvalue(), name="回.xlsx", clears=True)
    imports.read(again, RELATIONS, contract)
    assert again.counts == {"same": 2}, list(again.rows.values("changes", "problems"))


def house(contract: Contract, oa: BusinessSystem) -> dict[str, Asset]:
    """OA on two web servers that back each other up and one database, all on one switch or host."""
    found = {code: asset(contract, code) for code in ("WEB1", "WEB2", "DB", "HOST", "SWITCH")}
    for code in ("WEB1", "WEB2"):
        relate(contract, oa, "depends_on", found[code], "web")
    relate(contract, oa, "depends_on", found["DB"])
    relate(contract, found["WEB1"], "runs_on", found["HOST"])
    relate(contract, found["DB"], "runs_on", found["HOST"])
    relate(contract, found["WEB2"], "depends_on", found["SWITCH"])
    return found


def test_impact_reaches_systems_and_their_objectives(contract: Contract, oa: BusinessSystem) -> None:
    things = house(contract, oa)
    kpi = Kpi.objects.create(
        contract=contract, code="k", position=1, name="系统稳定运行率", clause="A2", rule="availability",
        direction="at_least", objective=Decimal("96.0000"), unit="percent",
    )  # fmt: skip
    ScopeItem.objects.create(contract=contract, system=oa, kpi=kpi, starts_at=NOW - timedelta(days=900))
    stops = suffering(contract, subjects.of_asset(things["HOST"]), NOW)
    assert [(thing.name, thing.state, thing.kpis) for thing in stops.systems] == [
        ("OA", "down", ("系统稳定运行率 ≥ 96%",))
    ]
    assert {thing.name.split()[0] for thing in stops.assets} == {"WEB1", "DB"}
    degraded = suffering(contract, subjects.of_asset(things["SWITCH"]), NOW)
    assert [thing.state for thing in degraded.systems] == ["degraded"]


def test_what_is_scrapped_or_in_repair_backs_nothing_up(contract: Contract, oa: BusinessSystem) -> None:
    things = house(contract, oa)
    Asset.objects.filter(pk=things["WEB1"].pk).update(lifecycle="repair")
    assert suffering(contract, subjects.of_asset(things["WEB2"]), NOW).systems[0].state == "down"


def test_what_a_system_needs_names_what_stops_it_alone(contract: Contract, oa: BusinessSystem) -> None:
    things = house(contract, oa)
    found = needed(contract, subjects.of_system(oa), NOW)
    assert {thing.name.split()[0] for thing in found.assets} == set(things)
    assert {thing.name.split()[0] for thing in found.assets if thing.is_single} == {"DB", "HOST"}


def test_an_asset_that_only_names_its_system_degrades_it(contract: Contract, oa: BusinessSystem) -> None:
    alone = asset(contract, "A", system=oa)
    assert suffering(contract, subjects.of_asset(alone), NOW).systems[0].state == "degraded"


def test_software_and_databases_tie_their_asset_to_their_system(contract: Contract, oa: BusinessSystem) -> None:
    host, store = asset(contract, "HOST"), asset(contract, "STORE")
    actions.create(CALLER, DATABASES, contract, {"name": "OA 库", "product": "达梦", "asset": host, "system": oa})
    software = {"kind": "middleware", "name": "TongWeb", "asset": store, "system": oa}
    installed = actions.create(CALLER, INSTALLATIONS, contract, software)
    for each in (host, store):
        assert suffering(contract, subjects.of_asset(each), NOW).systems[0].state == "degraded"
    assert {thing.node for thing in needed(contract, subjects.of_system(oa), NOW).assets} == {host.pk, store.pk}
    actions.delete(CALLER, INSTALLATIONS, contract, [installed], "下线")
    assert not suffering(contract, subjects.of_asset(store), NOW).systems
    relate(contract, oa, "depends_on", host)  # a relation says how much, and then that counts
    assert suffering(contract, subjects.of_asset(host), NOW).systems[0].state == "down"


def test_the_only_line_of_a_system_stops_it(contract: Contract, oa: BusinessSystem) -> None:
    stamp = {"contract": contract, "created_at": NOW, "updated_at": NOW, "system": oa}
    one = Circuit.objects.create(code="L1", name="甲", **stamp)
    assert suffering(contract, subjects.of_circuit(one), NOW).systems[0].state == "down"
    Circuit.objects.create(code="L2", name="乙", **stamp)
    assert suffering(contract, subjects.of_circuit(one), NOW).systems[0].state == "degraded"


def test_a_rack_without_power_takes_what_runs_in_it(contract: Contract, oa: BusinessSystem) -> None:
    things = house(contract, oa)
    rack = make_rack(contract)
    actions.change(CALLER, ASSETS, things["HOST"], {"rack": rack, "u_pos": 1})
    found = suffering(contract, subjects.of_rack(rack), NOW)
    assert [(thing.name, thing.state) for thing in found.systems] == [("OA", "down")]
    assert suffering(contract, subjects.of_room(rack.room), NOW).count == 2


def test_the_pages_say_it_and_the_box_adds_a_relation(contract: Contract, oa: BusinessSystem, client: Client) -> None:
    things = house(contract, oa)
    new = asset(contract, "NEW")
    client.force_login(make_user(Role.ENGINEER))
    page = whole(client, f"/c/watch/assets/{things['HOST'].pk}/")
    assert "如果停机：OA 中断" in page
    assert "DB name of DB" in page
    graph = client.get(f"/c/watch/relations/impact/asset/{things['HOST'].pk}/").content.decode()
    assert "as-node as-ext-2 as-system" in graph
    assert client.get(f"/c/watch/relations/impact/system/{oa.pk}/").status_code == 200
    assert client.get(f"/c/watch/relations/impact/asset/{things['HOST'].pk}/?way=needs").status_code == 200
    url = f"/c/watch/assets/{things['HOST'].pk}/relate/"
    client.post(url, {"way": "depends_on.on", "other": "NEW"})
    client.post(url, {"way": "depends_on.back", "other": "oa"})
    assert Relation.objects.filter(asset=things["HOST"], to=new, kind="depends_on").exists()
    assert Relation.objects.filter(system=oa, to=things["HOST"], kind="depends_on").exists()
    refused = client.post(url, {"way": "depends_on.back", "other": "NEW"}, follow=True).content.decode()
    assert "NEW → HOST → NEW" in refused
    system = client.get("/c/watch/systems/oa/").content.decode()
    assert "HOST name of HOST" in system


def test_the_page_of_what_was_taken_off_the_ledger_asks_for_no_graph(
    contract: Contract, oa: BusinessSystem, client: Client
) -> None:
    host = house(contract, oa)["HOST"]
    rack = make_rack(contract)
    actions.delete(CALLER, RACKS, contract, [rack])
    client.force_login(make_user(Role.ENGINEER))
    assert "/relations/impact/" in whole(client, f"/c/watch/assets/{host.pk}/")
    Asset.objects.filter(pk=host.pk).update(deleted_at=NOW)
    for page in (f"/c/watch/assets/{host.pk}/", f"/c/watch/racks/{rack.pk}/"):
        assert "/relations/impact/" not in whole(client, page)
