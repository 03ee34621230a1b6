"""Counting: what is expected, what each scan finds, what is said by hand, and who may do it."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from tests.integration.assets.stocktakings import LATER, World, make_world
from tests.integration.assets.world import CALLER, make_asset, make_category

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Stocktaking, StocktakingItem, StocktakingScan
from opspact.assets.stocktaking import counting, leading, marking, queries, scope
from opspact.assets.stocktaking.counting import Confirmed, Scanned
from opspact.assets.stocktaking.places import Place, Places
from opspact.assets.stocktaking.recognising import Label, read
from opspact.assets.stocktaking.words import told
from opspact.core.inputs import Wrong
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Change


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.mark.parametrize(
    ("scanned", "expected"),
    [
        ("SV-2026-0001", Label("SV-2026-0001")),
        (" ＳＶ－２０２６－０００１\r", Label("SV-2026-0001")),
        ("opspact:asset:watch:SV-2026-0001", Label("SV-2026-0001", "watch")),
        ("https://10.1.1.1:8443/c/watch/a/SV-2026-0001", Label("SV-2026-0001", "watch")),
        ("http://h/c/watch/assets/17/", Label("http://h/c/watch/assets/17/", "watch", 17)),
        ("https://weixin.qq.com/g/abc", Label("https://weixin.qq.com/g/abc")),
        ("\x1d\x00", Label("")),
        ("http://[", Label("http://[")),
    ],
)
def test_every_form_of_label_is_read(scanned: str, expected: Label) -> None:
    assert read(scanned) == expected


def test_the_scope_combines_its_parts_and_goes_down_the_categories(world: World) -> None:
    net = make_category(world.contract, "NET", "网络设备", "NW")
    from opspact.assets.ledgers.asset import CATEGORIES

    switch = actions.create(CALLER, CATEGORIES, world.contract, {"code": "SW", "name": "交换机", "parent": net})
    make_asset(world.contract, ASSETS, "核心交换机", category=switch, rack=world.rack, lifecycle="in_use")
    make_asset(world.contract, ASSETS, "旧设备", category=switch, site=world.rack.room.site, department="信息处")
    room = world.rack.room_id

    def n(**given: object) -> int:
        return scope.assets_of(world.contract, given).count()

    assert [n(), n(room=[room]), n(category=[net.pk]), n(room=[room], category=[net.pk])] == [6, 4, 2, 1]
    assert [n(department=["指挥处"]), n(department=["指挥处", "信息处"]), n(room=[world.other_room.pk])] == [3, 4, 1]


def test_the_scope_is_read_back_as_it_is_written(world: World) -> None:
    kind = scope.ScopeKind().bound(world.contract)
    given = {"room": [world.rack.room_id, world.other_room.pk], "department": ["指挥处"]}
    assert kind.text(
        given
    ) == "机房：R1 一号机房、R2 二号机房；使用部门：指挥处" or "R1 一号机房、R2 二号机房" in kind.text(given)
    assert kind.parse(kind.text(given)) == given
    assert kind.parse(kind.text({})) == {}
    with pytest.raises(Wrong, match="there is no “三号机房” here"):
        kind.parse("机房：三号机房")


def test_starting_freezes_what_is_expected_and_where(world: World) -> None:
    stocktaking = world.running()
    assert stocktaking.code == "PD-2026-000001"
    actions.change(CALLER, ASSETS, world.assets[0], {"rack": world.other_rack, "u_pos": 1})
    make_asset(world.contract, ASSETS, "新来的", rack=world.rack)
    assert queries.standing(stocktaking).expected == 3
    assert world.item(stocktaking, 0).expected_rack == world.rack
    with pytest.raises(RecordRefused, match="frozen"):
        actions.change(world.leader, STOCKTAKINGS, stocktaking, {"scope": {}})
    with pytest.raises(ValidationError, match=r"“.+”"):
        leading.start(world.leader, stocktaking)


def test_a_scope_without_assets_does_not_start(world: World) -> None:
    with pytest.raises(ValidationError):
        leading.start(world.leader, world.planned(department=["没有的处"]))


def test_code_mark_address_and_serial_find_the_same_kind_of_item(world: World) -> None:
    stocktaking = world.running()
    one, two, _three = world.assets
    world.scan(stocktaking, one.code.lower())
    world.scan(stocktaking, f"opspact:asset:{world.contract.code}:{two.code}")
    world.scan(stocktaking, "sn003")
    assert set(stocktaking.items.values_list("state", flat=True)) == {"found"}
    assert queries.by_person(stocktaking) == [("李工", 3)]


def test_another_place_waits_for_confirmation_and_is_kept_as_moved(world: World) -> None:
    stocktaking = world.running()
    scan = world.scan(stocktaking, world.assets[0].code, world.elsewhere())
    answer = told(stocktaking, scan, Places(world.contract))
    assert (answer["status"], answer["asks"]) == ("mismatch", True)
    assert (answer["ledger"], answer["here"]) == ("一号机房 A01", "二号机房 B07")
    world.confirm(stocktaking, scan, is_here=True)
    item = world.item(stocktaking, 0)
    assert (item.state, item.found_rack, item.confirmed_by) == ("moved", world.other_rack, world.counter.user)


def test_a_wrongly_chosen_place_is_taken_back(world: World) -> None:
    stocktaking = world.running()
    scan = world.scan(stocktaking, world.assets[0].code, world.elsewhere())
    world.confirm(stocktaking, scan, is_here=False)
    item = world.item(stocktaking, 0)
    assert (item.state, item.found_rack) == ("found", world.rack)


def test_the_room_alone_agrees_with_a_rack_in_it(world: World) -> None:
    stocktaking = world.running()
    world.scan(stocktaking, world.assets[0].code, Place(world.here().site, world.here().room))
    world.scan(stocktaking, world.assets[1].code, Place())
    assert {world.item(stocktaking, 0).state, world.item(stocktaking, 1).state} == {"found"}


def test_a_scan_sent_twice_counts_once(world: World) -> None:
    stocktaking, key = world.running(), uuid4()
    first = world.scan(stocktaking, world.assets[0].code, key=key)
    again = world.scan(stocktaking, world.assets[0].code, key=key)
    assert first.pk == again.pk
    assert not again.is_repeat
    both = [Scanned(key, "x", Place(), LATER)] * 2
    assert {scan.pk for scan in counting.receive(world.counter, stocktaking, both)} == {first.pk}


def test_a_second_scan_is_flagged_and_keeps_the_first_finder(world: World) -> None:
    stocktaking = world.running()
    world.scan(stocktaking, world.assets[0].code)
    second = world.caller(Role.ENGINEER, "张工")
    scan = world.scan(stocktaking, world.assets[0].serial_no, world.elsewhere(), by=second)
    answer = told(stocktaking, scan, Places(world.contract))
    assert scan.is_repeat
    assert answer["status"] == "repeat"
    assert answer["text"].startswith("李工") or "李工" in answer["text"]
    assert world.item(stocktaking, 0).found_by == world.counter.user
    world.confirm(stocktaking, scan, is_here=True, by=second)
    assert world.item(stocktaking, 0).state == "moved"


def test_a_confirmation_that_comes_late_does_not_undo_a_later_one(world: World) -> None:
    stocktaking = world.running()
    Stocktaking.objects.update(started_at=LATER - timedelta(hours=1))
    first = world.scan(stocktaking, world.assets[0].code, world.elsewhere())
    second = world.caller(Role.ENGINEER, "张工")
    again = world.scan(stocktaking, world.assets[0].code, by=second)
    assert world.confirm(stocktaking, again, is_here=True, by=second, at=LATER)
    assert not world.confirm(stocktaking, first, is_here=True, at=LATER - timedelta(minutes=20))
    item = world.item(stocktaking, 0)
    assert (item.state, item.confirmed_by) == ("found", second.user)
    answer = told(stocktaking, item.scans.first(), Places(world.contract), is_overruled=True)
    assert "张工" in answer["text"]
    assert world.confirm(stocktaking, first, is_here=True, at=LATER)
    assert world.item(stocktaking, 0).state == "moved"


@pytest.mark.parametrize("to", ["missing", "open"])
def test_a_confirmation_that_comes_late_does_not_undo_that_it_was_taken_back(world: World, to: str) -> None:
    stocktaking = world.running()
    scan = world.scan(stocktaking, world.assets[0].code, world.elsewhere())
    marking.mark(world.leader, stocktaking, [world.item(stocktaking, 0)], to=to, reason="标签贴错")
    assert not world.confirm(stocktaking, scan, is_here=True)
    assert world.item(stocktaking, 0).state == to
    again = world.scan(stocktaking, world.assets[0].code, world.elsewhere())
    assert world.confirm(stocktaking, again, is_here=True)
    assert world.item(stocktaking, 0).state == "moved"


def test_a_confirmation_sent_twice_or_of_no_scan_changes_nothing(world: World) -> None:
    stocktaking = world.running()
    scan = world.scan(stocktaking, world.assets[0].code, world.elsewhere())
    said = [Confirmed(scan.key, True, LATER), Confirmed(uuid4(), True, LATER), Confirmed(scan.key, True, LATER)]
    done = counting.confirm(world.counter, stocktaking, said)
    assert [is_settled for _scan, is_settled in done] == [True, True]
    assert world.item(stocktaking, 0).state == "moved"


def test_what_is_on_no_ledger_is_kept_once_with_its_text(world: World) -> None:
    stocktaking = world.running()
    world.scan(stocktaking, "XYZ-1")
    again = world.scan(stocktaking, "xyz-1")
    assert again.is_repeat
    item = stocktaking.items.get(state="unknown")
    assert (item.text, item.found_room_id) == ("XYZ-1", world.rack.room_id)
    world.scan(stocktaking, f"opspact:asset:other:{world.assets[0].code}")
    assert stocktaking.items.filter(text=f"other:{world.assets[0].code}", state="unknown").exists()
    assert world.item(stocktaking, 0).state == "open"
    assert world.scan(stocktaking, "\x1d").item is None


def test_an_asset_of_another_scope_is_not_expected_here(world: World) -> None:
    stocktaking = world.running()
    scan = world.scan(stocktaking, "SN900")
    assert told(stocktaking, scan, Places(world.contract))["status"] == "extra"
    assert queries.standing(stocktaking).expected == 3


def test_what_was_taken_off_the_ledger_is_said(world: World) -> None:
    gone = make_asset(world.contract, ASSETS, "报废的", serial_no="OLD1")
    actions.delete(CALLER, ASSETS, world.contract, [gone])
    item = world.scan(world.running(), "OLD1").item
    assert item is not None
    assert item.state == "unknown"
    assert gone.code in item.remark


def test_the_clock_of_a_device_is_believed_within_reason(world: World) -> None:
    stocktaking = world.running()
    wrong = [
        Scanned(uuid4(), it.code, Place(), LATER + timedelta(days=d))
        for it, d in zip(world.assets, (-900, 900), strict=False)
    ]
    early, late = counting.receive(world.counter, stocktaking, wrong)
    assert (early.scanned_at, late.scanned_at) == (stocktaking.started_at, LATER)


def test_marking_by_hand_needs_a_reason_and_leaves_its_trace(world: World) -> None:
    stocktaking = world.running()
    items = list(stocktaking.items.order_by("pk"))
    with pytest.raises(ValidationError):
        marking.mark(world.counter, stocktaking, items, to="found", reason=" ")
    assert marking.mark(world.counter, stocktaking, items[:2], to="found", reason="纸质盘点表，李工") == 2
    assert StocktakingScan.objects.filter(stocktaking=stocktaking, by_hand=True).count() == 2
    marking.mark(world.counter, stocktaking, items[2:], to="missing", reason="已找遍")
    assert queries.standing(stocktaking).missing == 1
    world.scan(stocktaking, world.assets[2].code)
    assert world.item(stocktaking, 2).state == "found"
    marking.mark(world.counter, stocktaking, items[:1], to="open", reason="标错了")
    assert world.item(stocktaking, 0).found_by is None


def test_unexpected_things_are_not_marked_and_then_nothing_is(world: World) -> None:
    stocktaking = world.running()
    world.scan(stocktaking, "XYZ")
    with pytest.raises(ValidationError):
        marking.mark(world.counter, stocktaking, list(stocktaking.items.all()), to="missing", reason="x")
    assert queries.standing(stocktaking).open == 3


def test_roles_and_contracts_are_kept_apart(world: World) -> None:
    stocktaking = world.running()
    staff = world.caller(Role.CLIENT_STAFF, "职员")
    with pytest.raises(PermissionDenied):
        world.scan(stocktaking, "SN001", by=staff)
    with pytest.raises(PermissionDenied):
        leading.finish(world.counter, stocktaking)
    stranger = Caller(world.counter.user, LATER, "test")
    stocktaking.contract.code = "elsewhere"
    with pytest.raises(PermissionDenied):
        world.scan(stocktaking, "SN001", by=stranger)


def test_half_a_character_in_a_scan_does_not_hold_up_what_a_device_sends(world: World) -> None:
    stocktaking, client = world.running(), Client()
    client.force_login(world.counter.user)
    url = f"/c/{world.contract.code}/stocktakings/{stocktaking.pk}/scans/"
    sent = [{"key": str(uuid4()), "text": text, "place": "", "at": 0} for text in ("A\ud83d", world.assets[0].code)]
    assert client.post(url, {"scans": sent}, content_type="application/json").status_code == 200
    assert world.item(stocktaking, 0).state == "found"


def test_cancelling_says_why_and_ends_the_counting(world: World) -> None:
    stocktaking = world.running()
    with pytest.raises(ValidationError):
        leading.cancel(world.leader, stocktaking, reason="")
    leading.cancel(world.leader, stocktaking, reason="机房停电")
    with pytest.raises(ValidationError):
        world.scan(stocktaking, "SN001")
    assert Change.objects.filter(subject_id=stocktaking.pk, reason="机房停电").exists()
    with pytest.raises(RecordRefused):
        actions.delete(world.leader, STOCKTAKINGS, world.contract, [world.running()])


@pytest.mark.django_db(transaction=True)
def test_two_people_who_scan_the_same_at_once_are_first_and_second(transactional_db: None) -> None:
    world = make_world()
    stocktaking = world.running()
    people = [world.caller(Role.ENGINEER, f"工{n}") for n in range(6)]
    together = threading.Barrier(6)
    texts = (world.assets[0].code, "NOBODY-KNOWS")

    def scan(person: Caller) -> None:
        together.wait()
        scans = [Scanned(uuid4(), text, Place(), LATER) for text in texts]
        counting.receive(person, stocktaking, scans)
        connection.close()

    threads = [threading.Thread(target=scan, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert StocktakingScan.objects.filter(is_repeat=False).count() == 2
    assert StocktakingScan.objects.filter(is_repeat=True).count() == 10
    assert StocktakingItem.objects.filter(state="unknown").count() == 1
