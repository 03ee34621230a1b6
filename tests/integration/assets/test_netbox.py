"""A NetBox API export, of version 3 and of version 4, into the ledgers: what comes in, what is refused and said."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.integration.assets import netbox_shapes as nb
from tests.integration.assets.world import CALLER, make_asset, make_contract, make_rack

from opspact.assets.ledgers.asset import ASSETS, CATEGORIES, MAKE_MODELS
from opspact.assets.ledgers.circuits import CARRIERS, CIRCUITS
from opspact.assets.ledgers.places import ROOMS
from opspact.assets.models import AddressRange, Asset, Circuit, IpAddress, MakeModel, Prefix, Rack, Room, Vlan
from opspact.assets.netbox.export import kind_of, read_export
from opspact.assets.netbox.here import Here
from opspact.assets.netbox.importing import Brought, bring_in, preview
from opspact.assets.netbox.leftovers import left_out
from opspact.assets.netbox.mapping import rows_of
from opspact.contracts.models import Contract, Site
from opspact.core.inputs import Wrong
from opspact.kit.ledgers import actions
from opspact.kit.models import LedgerBatch

pytestmark = pytest.mark.parametrize("version", ["v3", "v4"])
Files = dict[str, Any]


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def written(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder


def brought(
    contract: Contract, folder: Path, sites: dict[str, str] | None = None, *, dry: bool = False
) -> dict[str, Brought]:
    export = read_export(folder)
    do = preview if dry else bring_in
    found = do(CALLER, contract, rows_of(export, Here.of(contract, export, sites)))
    return {each.ledger.name.removeprefix("assets."): each for each in found}


def said(one: Brought) -> list[str]:
    return [f"{each.object} · {each.theirs}: {each.wrong}" for each in one.faults]


def small(version: str) -> Files:
    """One of each kind, tied together."""
    tagged = nb.device(
        7,
        version,
        "core-sw-1",
        serial="2102350HNB",
        asset_tag="000123",
        position=20.0,
        primary_ip=nb.nested_ip(9, version, "10.1.0.2/24"),
        primary_ip4=nb.nested_ip(9, version, "10.1.0.2/24"),
        tenant=nb.brief("tenancy/tenants", 1, version, "信息中心", name="信息中心", slug="xxzx"),
        description="核心",
    )
    hq = nb.site(1, version, "指挥中心", "hq")
    office = nb.vlan(1, version, 100, "办公", hq)
    video = nb.vrf(1, version, "VIDEO", "65000:1")
    line = nb.circuit(
        1, version, "BJ-001", description="市应急专线", termination_a=nb.circuit_end(1, version, hq),
        termination_z=nb.circuit_end(2, version, nb.site(9, version, "通州", "tongzhou")),
    )  # fmt: skip
    return {
        "devices.json": nb.pages([tagged, nb.device(8, version, None)]),
        "device-types.json": nb.pages([nb.device_type(3, version, "S5720-28P", "s5720-28p", 1.0)]),
        "vlans.json": nb.pages([office]),
        "prefixes.json": nb.pages(
            [
                nb.prefix(1, version, "10.1.0.0/24", hq, vlan=nb.nested_vlan(office, version), description="办公网"),
                nb.prefix(2, version, "10.9.0.0/16", vrf=video, status=nb.choice("container")),
                nb.prefix(3, version, "10.9.1.0/24", vrf=video),
            ]
        ),
        "ip-ranges.json": nb.pages([nb.ip_range(1, version, "10.9.1.100/24", "10.9.1.150/24", vrf=video)]),
        "ip-addresses.json": nb.pages(
            [
                nb.ip_address(9, version, "10.1.0.2/24", tagged, dns_name="core-sw-1.example"),
                nb.ip_address(10, version, "10.9.1.7/24", vrf=video, status=nb.choice("dhcp", "DHCP")),
            ]
        ),
        "interfaces.json": nb.pages([nb.interface(tagged, version, "00:1A:2B:3C:4D:5E")]),
        "circuits.json": nb.pages([line]),
        "circuit-terminations.json": nb.pages([nb.termination(1, version, line, "A", hq)]),
    }


def test_everything_comes_in_tied_together(contract: Contract, tmp_path: Path, version: str) -> None:
    found = brought(contract, written(tmp_path, small(version)))
    assert {name: said(each) for name, each in found.items() if each.faults} == {}
    asset = Asset.objects.get(contract=contract, code="000123")
    assert (asset.name, asset.serial_no, asset.category.name) == ("core-sw-1", "2102350HNB", "核心交换机")
    assert (asset.rack.code, asset.room.name, asset.site.code) == ("A01", "一号机房", "HQ")
    assert (asset.u_pos, asset.face, asset.mgmt_ip, asset.lifecycle) == (20, "front", "10.1.0.2", "in_use")
    assert (asset.model.make, asset.model.units, asset.department, asset.remark) == ("华为", 1, "信息中心", "核心")
    assert Asset.objects.get(contract=contract, code="NB-8").name == "S5720-28P (8)"
    prefix = Prefix.objects.get(code="10.1.0.0/24")
    assert (prefix.site.code, prefix.vlan.code, prefix.purpose) == ("HQ", "HQ-100", "办公网")
    assert Prefix.objects.get(code="10.9.0.0/16@VIDEO").use == "container"
    kept = AddressRange.objects.get()
    assert (str(kept.first), str(kept.last), str(kept.prefix)) == ("10.9.1.100", "10.9.1.150", "10.9.1.0/24@VIDEO")
    address = IpAddress.objects.get(code="10.1.0.2")
    assert (address.asset, address.name, address.mac) == (asset, "core-sw-1.example", "00:1a:2b:3c:4d:5e")
    assert IpAddress.objects.get(code="10.9.1.7@VIDEO").state == "reserved"
    line = Circuit.objects.get()
    assert (line.code, line.circuit_no, line.carrier.name, line.name) == ("NB-1", "BJ-001", "联通", "市应急专线")
    assert (line.a_site.code, line.a_end, line.z_site, line.z_end) == ("HQ", "指挥中心", None, "通州")
    assert line.bandwidth_mbps == 100


def test_the_same_export_again_changes_nothing(contract: Contract, tmp_path: Path, version: str) -> None:
    written(tmp_path, small(version))
    brought(contract, tmp_path)
    again = {name: each.batch.counts for name, each in brought(contract, tmp_path).items()}
    assert all(set(counts) == {"same"} for counts in again.values()), again


def test_a_preview_says_the_same_and_writes_nothing(contract: Contract, tmp_path: Path, version: str) -> None:
    written(tmp_path, small(version))
    before = {name: each.written for name, each in brought(contract, tmp_path, dry=True).items()}
    assert before["asset"] == {"new": 2}
    assert not Asset.objects.exists()
    assert not LedgerBatch.objects.exists()
    assert {name: each.written for name, each in brought(contract, tmp_path).items()} == before


def test_what_is_here_under_another_code_is_met_again(contract: Contract, tmp_path: Path, version: str) -> None:
    make_asset(contract, ASSETS, "我们的交换机", serial_no="SN-9", code="SW-0007")
    actions.create(CALLER, CIRCUITS, contract, {"code": "L01", "name": "专线", "circuit_no": "BJ-009"})
    files = {
        "devices.json": nb.pages([nb.device(70, version, "sw", serial="SN-9", rack=None, location=None)]),
        "circuits.json": nb.pages([nb.circuit(90, version, "BJ-009")]),
    }
    found = brought(contract, written(tmp_path, files))
    assert (said(found["asset"]), said(found["circuit"])) == ([], [])
    assert list(Asset.objects.values_list("code", "name")) == [("SW-0007", "sw")]
    assert list(Circuit.objects.values_list("code", "carrier__name")) == [("L01", "联通")]


def test_what_people_here_call_the_same_is_the_same(contract: Contract, tmp_path: Path, version: str) -> None:
    """Whoever already keeps 核心交换机 under SW-CORE does not want it twice."""
    site = Site.objects.get(code="HQ")
    actions.create(CALLER, CATEGORIES, contract, {"code": "SW-CORE", "name": "核心交换机"})
    actions.create(CALLER, ROOMS, contract, {"code": "R1", "name": "一号机房", "site": site})
    actions.create(CALLER, CARRIERS, contract, {"code": "CU", "name": "联通"})
    actions.create(CALLER, MAKE_MODELS, contract, {"code": "HW-1", "make": "华为", "name": "S5720-28P"})
    brought(contract, written(tmp_path, small(version)))
    asset = Asset.objects.get(code="000123")
    assert (asset.category.code, asset.room.code, asset.model.code) == ("SW-CORE", "R1", "HW-1")
    assert Circuit.objects.get().carrier.code == "CU"
    assert (Room.objects.count(), MakeModel.objects.count()) == (1, 1)


def test_a_rack_of_one_name_in_another_room_is_another_rack(contract: Contract, tmp_path: Path, version: str) -> None:
    ours = make_rack(contract, "A01")
    Room.objects.update(name="二号机房")
    brought(contract, written(tmp_path, small(version)))
    ours.refresh_from_db()
    assert ours.room.code == "R1"
    assert Asset.objects.get(code="000123").rack.code == "ROOM-1-A01"


def test_racks_rooms_and_types_of_one_name_stay_two(contract: Contract, tmp_path: Path, version: str) -> None:
    """NetBox has a location once in a site, a rack once in a location, a type once of a manufacturer."""
    hq = nb.site(1, version, "指挥中心", "hq")
    rooms = [nb.brief("dcim/locations", key, version, "机房", name=f"机房 {key}", slug="room") for key in (4, 6)]
    rooms[1]["slug"] = "room-2"
    racks = [nb.rack(50 + key, version, "R1", hq, room) for key, room in enumerate(rooms)]
    standing = [
        nb.device(key, version, f"sw-{key}", location=room,
                  rack=nb.brief("dcim/racks", rack["id"], version, "R1", name="R1"))
        for key, room, rack in zip((1, 2), rooms, racks, strict=True)
    ]  # fmt: skip
    maker = nb.brief("dcim/manufacturers", 2, version, "新华三", name="新华三", slug="h3c")
    kind = nb.brief("dcim/device-types", 9, version, "S5720", manufacturer=maker, model="S5720", slug="s5720-28p")
    standing[1]["device_type"] = kind
    brought(contract, written(tmp_path, {"devices.json": nb.pages(standing), "racks.json": nb.pages(racks)}))
    assert set(Room.objects.values_list("code", flat=True)) == {"ROOM", "ROOM-2"}
    assert set(Rack.objects.values_list("code", "room__code")) == {("ROOM-R1", "ROOM"), ("ROOM-2-R1", "ROOM-2")}
    assert set(MakeModel.objects.values_list("code", flat=True)) == {"HUAWEI-S5720-28P", "H3C-S5720-28P"}
    assert [each.rack.code for each in Asset.objects.order_by("code")] == ["ROOM-R1", "ROOM-2-R1"]


def test_sites_that_are_not_here_are_named_with_the_mend(contract: Contract, tmp_path: Path, version: str) -> None:
    tongzhou = nb.site(2, version, "通州分中心", "tz")
    room = nb.brief("dcim/locations", 40, version, "通州机房", name="通州机房", slug="tz-room")
    files = {
        "devices.json": nb.pages([nb.device(1, version, "sw", site=tongzhou, location=room, rack=None)]),
        "vlans.json": nb.pages([nb.vlan(1, version, 10, "办公", nb.site(1, version, "指挥中心", "hq")),
                                nb.vlan(2, version, 10, "办公", tongzhou)]),
        "prefixes.json": nb.pages([nb.prefix(1, version, "10.5.0.0/24", tongzhou)]),
    }  # fmt: skip
    written(tmp_path, files)
    export = read_export(tmp_path)
    here = Here.of(contract, export)
    rows_of(export, here)
    (remark,) = here.remarks()
    assert str(remark).startswith("the site “tz” of NetBox is none of this contract's")
    assert "--site tz=CODE, one of HQ" in str(remark)
    found = brought(contract, tmp_path, dry=True)
    assert said(found["room"]) == ["locations 40 “通州机房” · site: there is no “tz” here"]
    assert said(found["vlan"]) == ["vlans 2 “办公” · site: there is no “tz” here"]
    assert found["prefix"].written == {"new": 1}
    found = brought(contract, tmp_path, {"TZ": "HQ"})
    assert Asset.objects.get().room.name == "通州机房"
    assert Prefix.objects.get().site.code == "HQ"
    with pytest.raises(Wrong, match="no site “XX”"):
        Here.of(contract, export, {"tz": "XX"})


def test_what_is_wrong_names_the_object_and_its_field(contract: Contract, tmp_path: Path, version: str) -> None:
    files = {
        "devices.json": nb.pages(
            [
                nb.device(1, version, "sw-1", position=20.0),
                nb.device(2, version, "sw-2", position=20.0),
                {name: value for name, value in nb.device(3, version, "sw-3").items() if "role" not in name},
                nb.device(4, version, "sw-4", serial="S" * 120),
                nb.device(5, version, "sw-5", position=99.0),
            ]
        ),
        "prefixes.json": nb.pages([nb.prefix(1, version, "10.5.0.7/24"), nb.prefix(2, version, "10.6.0.0/24"),
                                   nb.prefix(3, version, "10.6.0.0/24")]),
        "ip-addresses.json": nb.pages([nb.ip_address(1, version, "10.6.0.255/24"),
                                       nb.ip_address(2, version, "10.6.0")]),
        "circuits.json": nb.pages([nb.circuit(1, version, "BJ-1", install_date="去年")]),
    }  # fmt: skip
    found = brought(contract, written(tmp_path, files))
    devices = said(found["asset"])
    assert devices[0].startswith("devices 2 “sw-2” · position: ")
    assert devices[1] == "devices 3 “sw-3” · role: a new record needs this"
    assert devices[2].startswith("devices 4 “sw-4” · serial: ")
    assert devices[3].startswith("devices 5 “sw-5” · position: ")
    assert len(devices) == 4
    prefixes = said(found["prefix"])
    assert prefixes[0].startswith("prefixes 1 “10.5.0.7/24” · prefix: ")
    assert "10.5.0.0/24" in prefixes[0]
    assert prefixes[1:] == [
        "prefixes 3 “10.6.0.0/24” · prefix: “10.6.0.0/24” stands in row 3 (prefixes 2 “10.6.0.0/24”) already"
    ]
    addresses = said(found["ipaddress"])
    assert addresses[0].startswith("ip-addresses 1 “10.6.0.255/24” · address: ")
    assert addresses[1].startswith("ip-addresses 2 “10.6.0” · address: ")
    assert said(found["circuit"])[0].startswith("circuits 1 “BJ-1” · install_date: ")
    assert Asset.objects.get().name == "sw-1"


def test_an_assigned_address_that_netbox_calls_deprecated_waits_for_consent(
    contract: Contract, tmp_path: Path, version: str
) -> None:
    files = {"ip-addresses.json": nb.pages([nb.ip_address(1, version, "10.6.0.5/24")])}
    brought(contract, written(tmp_path, files))
    files["ip-addresses.json"][0]["results"][0]["status"] = nb.choice("deprecated")
    (fault,) = brought(contract, written(tmp_path, files))["ipaddress"].faults
    assert (fault.theirs, fault.wrong.msgid[:22]) == ("status", "%(ip)s is assigned: us")
    assert IpAddress.objects.get().state == "assigned"


def test_what_is_left_out_is_said(contract: Contract, tmp_path: Path, version: str) -> None:
    tags = [nb.brief("extras/tags", 1, version, "重保", name="重保", slug="zb", color="f44336")]
    machine = nb.brief("virtualization/virtual-machines", 3, version, "vm-3", name="vm-3")
    card = nb.brief("virtualization/interfaces", 4, version, "eth0", virtual_machine=machine, name="eth0")
    files = {
        "devices.json": nb.pages(
            [
                nb.device(1, version, "sw-1", tags=tags, custom_fields={"owner": "王工", "cost": None}, position=10.5),
                nb.device(2, version, "sw-2", tags=tags, status=nb.choice("quarantine"), airflow=nb.choice("passive")),
            ]
        ),
        "ip-addresses.json": nb.pages(
            [nb.ip_address(1, version, "10.6.0.5/24", assigned_object=card,
                           assigned_object_type="virtualization.vminterface", assigned_object_id=4)]
        ),
        "wireless.json": nb.pages([nb.whole("wireless/wireless-lans", 1, version, "wifi", ssid="wifi")]),
    }  # fmt: skip
    written(tmp_path, files)
    export = read_export(tmp_path)
    fields = "airflow ×1、custom_fields.owner ×1、position=10.5 ×1、status=quarantine ×1、tags ×2"
    assert list(map(str, left_out(export))) == [
        f"not brought in of devices: {fields}",
        "not brought in of ip-addresses: assigned_object (virtualization.vminterface) ×1",
        "not brought in, for they belong to no ledger here: wireless-lans ×1",
    ]
    brought(contract, tmp_path)
    assert Asset.objects.get(name="sw-1").u_pos is None
    assert IpAddress.objects.get().name == "vm-3"


def test_pages_are_put_together_and_a_missing_one_is_missed(contract: Contract, tmp_path: Path, version: str) -> None:
    every = nb.pages([nb.vlan(key, version, key, f"网 {key}") for key in range(1, 121)])
    for number, page in enumerate(every, start=1):
        written(tmp_path, {f"netbox_vlans_page{number}.json": page})
    export = read_export(tmp_path)
    assert (len(export.of("vlans")), export.remarks) == (120, [])
    for path in tmp_path.glob("*page[23].json"):
        path.unlink()
    short = read_export(tmp_path)
    (remark,) = short.remarks
    assert str(remark).startswith("the export holds 50 of 120 vlans: ")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("nb/everything.json", json.dumps(every))
    assert len(read_export(tmp_path / "all.zip").of("vlans")) == 120


def test_what_is_no_object_harms_nothing_else(contract: Contract, tmp_path: Path, version: str) -> None:
    good = nb.device(1, version, "sw-1")
    strange: list[Any] = [
        good,
        None,
        "sw-2",
        {"name": "no id"},
        {**nb.device(3, version, "sw-3"), "device_type": 3, "site": "hq", "rack": [1], "status": 7, "face": {}},
        {**nb.device(4, version, "sw-4"), "role": None, "device_role": None, "primary_ip": "10.0.0.1", "tenant": {}},
        {**good, "name": "sw-1 once more"},
    ]
    written(tmp_path, {"devices.json": strange, "prefixes.json": [{"id": 1}, {"id": 2, "prefix": None, "vrf": "x"}]})
    export = read_export(tmp_path)
    rows = rows_of(export, Here.of(contract, export))
    assert list(map(str, export.remarks)) == [
        "object 2 of devices.json is no NetBox object: it is left out",
        "object 3 of devices.json is no NetBox object: it is left out",
        "object 2 of devices has no id: export whole objects, as the API gives them",
        "devices 1 is in the export twice and differs: the first counts",
    ]
    found = {each.ledger.name: each for each in bring_in(CALLER, contract, rows)}
    assert found["assets.asset"].written == {"new": 2, "wrong": 1}
    assert said(found["assets.prefix"]) == [
        "prefixes 1 · prefix: a new record needs this",
        "prefixes 2 · prefix: a new record needs this",
    ]


def test_a_thousand_objects_with_bad_ones_among_them(contract: Contract, tmp_path: Path, version: str) -> None:
    """600 addresses, 300 devices, 60 prefixes, 40 VLANs; every tenth device and every fiftieth address is bad."""
    devices = [
        nb.device(key, version, f"sw-{key}", serial="" if key % 10 else "重复", asset_tag=f"T{key:04}", rack=None)
        for key in range(1, 301)
    ]
    vlans = [nb.vlan(key, version, key, f"网 {key}") for key in range(1, 41)]
    prefixes = [
        nb.prefix(key, version, f"10.{key}.0.0/16", vlan=nb.nested_vlan(vlans[key % 40], version))
        for key in range(1, 61)
    ]
    addresses = [
        nb.ip_address(key, version, f"10.{key % 60 + 1}.1.{key % 250 or 400}/16", devices[key % 300])
        for key in range(1, 601)
    ]
    files = {"devices": devices, "vlans": vlans, "prefixes": prefixes, "ip-addresses": addresses}
    written(tmp_path, {f"{name}.json": nb.pages(things) for name, things in files.items()})
    found = brought(contract, tmp_path)
    assert found["asset"].written == {"new": 271, "wrong": 29}
    assert found["vlan"].written == {"new": 40}
    assert found["prefix"].written == {"new": 60}
    assert Vlan.objects.count() == 40
    wrong = {fault.object.split()[1] for fault in found["ipaddress"].faults}
    assert {"250", "500"} <= wrong
    # Of the 29 devices left out none is on the ledger, so their addresses name an asset that is not there.
    lost = {str(key) for key in range(1, 601) if (key % 300 + 1) % 10 == 0 and key % 300 + 1 != 10}
    assert wrong == lost | {"250", "500"}
    again = brought(contract, tmp_path)
    assert again["asset"].written == {"same": 271, "wrong": 29}
    assert again["prefix"].written == {"same": 60}


def test_files_are_known_by_their_names_too(version: str) -> None:
    names = (
        "devices.json",
        "dcim_devices.json",
        "netbox-prefixes-2.json",
        "ip_addresses.page3.json",
        "device-roles.json",
    )
    assert [kind_of(name) for name in names] == ["devices", "devices", "prefixes", "ip-addresses", ""]
    assert kind_of("circuits.circuit-terminations.json") == "circuit-terminations"


def test_a_folder_without_an_export_says_what_is_expected(tmp_path: Path, version: str) -> None:
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(Wrong, match=r"such as devices\.json、"):
        read_export(tmp_path)
    (tmp_path / "devices.json").write_text('{"detail": "Invalid token"}')
    with pytest.raises(Wrong, match=r"devices\.json holds no list"):
        read_export(tmp_path)
