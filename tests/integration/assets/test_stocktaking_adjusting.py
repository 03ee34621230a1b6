"""From the end of counting to the adjusted ledger: approval, what follows, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.integration.assets.stocktakings import LATER, World, make_world
from tests.integration.assets.world import CALLER

from opspact.assets import jobs
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Asset, Category, CategoryField, Stocktaking, StocktakingItem
from opspact.assets.stocktaking import adjusting, counting, deciding, leading, marking, queries, reporting
from opspact.assets.stocktaking.places import Place
from opspact.identity.models import Grant
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Approval, Change, Message


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def counted(world: World) -> Stocktaking:
    """The first found, the second moved, the third missing, one unknown thing, one of another room."""
    stocktaking = world.running()
    world.scan(stocktaking, world.assets[0].code)
    moved = world.scan(stocktaking, world.assets[1].code, world.elsewhere())
    world.confirm(stocktaking, moved, is_here=True)
    world.scan(stocktaking, "XYZ-77")
    world.scan(stocktaking, "SN900")
    leading.finish(world.leader, stocktaking, is_rest_missing=True)
    stocktaking.refresh_from_db()
    return stocktaking


def approve(world: World, stocktaking: Stocktaking, *, approved: bool = True) -> None:
    question = Approval.objects.get(kind=leading.APPROVAL, state="open")
    approvals.decide(world.client, question, approved=approved, comment="" if approved else "再找一遍三号")
    stocktaking.refresh_from_db()


def submitted(world: World, *, missing: str = "keep", unknown: str = "dismiss") -> Stocktaking:
    """The same with what follows chosen, and before the client."""
    stocktaking = counted(world)
    choose(world, stocktaking, missing=missing, unknown=unknown)
    reporting.submit(world.leader, stocktaking)
    stocktaking.refresh_from_db()
    return stocktaking


def approved(world: World, **chosen: str) -> Stocktaking:
    stocktaking = submitted(world, **chosen)
    approve(world, stocktaking)
    return stocktaking


def adjust(world: World, stocktaking: Stocktaking) -> None:
    """As the page and the worker do."""
    adjusting.ask(world.leader, stocktaking)
    jobs.adjust(stocktaking.pk)
    stocktaking.refresh_from_db()


def choose(world: World, stocktaking: Stocktaking, *, missing: str, unknown: str = "dismiss") -> None:
    category = Category.objects.get(contract=world.contract)
    gone, found = stocktaking.items.filter(state="missing"), stocktaking.items.filter(state="unknown")
    deciding.choose(world.leader, stocktaking, list(gone), resolution=missing)
    deciding.choose(world.leader, stocktaking, list(found), resolution=unknown, category=category)


def test_counting_does_not_end_with_open_or_unconfirmed_items(world: World) -> None:
    stocktaking = world.running()
    world.scan(stocktaking, world.assets[0].code, world.elsewhere())
    with pytest.raises(ValidationError, match="1"):
        leading.finish(world.leader, stocktaking, is_rest_missing=True)
    counting.confirm_all(world.counter, stocktaking, list(stocktaking.items.all()), is_here=True)
    with pytest.raises(ValidationError, match="2"):
        leading.finish(world.leader, stocktaking)
    leading.finish(world.leader, stocktaking, is_rest_missing=True)
    assert stocktaking.items.filter(state="missing").count() == 2


def test_a_report_is_submitted_once_everything_is_chosen(world: World) -> None:
    stocktaking = counted(world)
    with pytest.raises(ValidationError, match="2"):
        reporting.submit(world.leader, stocktaking)
    choose(world, stocktaking, missing="keep")
    with pytest.raises(PermissionDenied):
        reporting.submit(world.counter, stocktaking)
    reporting.submit(world.leader, stocktaking)
    assert Approval.objects.get(state="open").role == Role.CLIENT_ASSET_MANAGER
    with pytest.raises(ValidationError):
        reporting.submit(world.leader, stocktaking)


@pytest.mark.parametrize("is_decided", [False, True], ids=["submitted", "approved"])
def test_what_the_client_was_asked_about_can_not_be_changed(world: World, *, is_decided: bool) -> None:
    stocktaking = submitted(world)
    if is_decided:
        approve(world, stocktaking)
    items = list(stocktaking.items.all())
    missing = [item for item in items if item.state == "missing"]
    unknown = next(item for item in items if item.state == "unknown")
    moved = [item for item in items if item.state == "moved"]
    scan = moved[0].scans.get()
    for change in (
        lambda: deciding.choose(world.leader, stocktaking, missing, resolution="scrap"),
        lambda: marking.remark(world.counter, stocktaking, unknown, text="另一样东西"),
        lambda: marking.mark(world.counter, stocktaking, missing, to="found", reason="找到了"),
        lambda: world.confirm(stocktaking, scan, is_here=False),
        lambda: counting.confirm_all(world.counter, stocktaking, moved, is_here=False),
        lambda: world.scan(stocktaking, "SN003"),
    ):
        with pytest.raises(ValidationError, match="收回"):
            change()
    with pytest.raises(RecordRefused, match="submitted"):
        actions.change(world.leader, STOCKTAKINGS, stocktaking, {"name": "另一次盘点"})
    assert reporting.digest(stocktaking) == stocktaking.report_digest
    assert {item.pk: item.resolution for item in items} == dict(stocktaking.items.values_list("pk", "resolution"))


def test_a_report_tampered_with_is_neither_approved_nor_adjusted_to(world: World) -> None:
    stocktaking = submitted(world)
    gone = StocktakingItem.objects.filter(stocktaking=stocktaking, state="missing")
    gone.update(resolution="scrap")
    with pytest.raises(ValidationError):
        approve(world, stocktaking)
    assert Approval.objects.get(kind=leading.APPROVAL).state == "open"
    gone.update(resolution="keep")
    approve(world, stocktaking)
    gone.update(resolution="scrap")
    with pytest.raises(ValidationError):
        adjusting.ask(world.leader, stocktaking)
    gone.update(resolution="keep")
    adjusting.ask(world.leader, stocktaking)
    gone.update(resolution="scrap")
    jobs.adjust(stocktaking.pk)
    stocktaking.refresh_from_db()
    assert stocktaking.state == "approved"
    assert stocktaking.adjusting["failure"]
    assert not Asset.objects.exclude(last_audit=None).exists()


def test_a_report_taken_back_is_changed_and_asked_about_anew(world: World) -> None:
    stocktaking = approved(world)
    first = stocktaking.report_digest
    with pytest.raises(ValidationError):
        reporting.take_back(world.leader, stocktaking, reason=" ")
    reporting.take_back(world.leader, stocktaking, reason="改为闲置")
    choose(world, stocktaking, missing="idle")
    with pytest.raises(ValidationError):
        adjusting.ask(world.leader, stocktaking)
    reporting.submit(world.leader, stocktaking)
    stocktaking.refresh_from_db()
    assert stocktaking.report_digest != first
    assert Approval.objects.filter(state="open").count() == 1


def test_a_refused_report_is_its_leader_s_again(world: World) -> None:
    stocktaking = submitted(world)
    approve(world, stocktaking, approved=False)
    assert (stocktaking.state, stocktaking.report_digest) == ("counted", "")
    leading.reopen(world.leader, stocktaking, reason="再找一遍")
    world.scan(stocktaking, world.assets[2].code)
    assert world.item(stocktaking, 2).state == "found"
    assert Change.objects.filter(subject_id=stocktaking.pk, reason="再找一遍三号").exists()


def test_counting_on_withdraws_the_question(world: World) -> None:
    stocktaking = submitted(world)
    leading.reopen(world.leader, stocktaking, reason="漏了一柜")
    assert not Approval.objects.filter(state="open").exists()
    leading.finish(world.leader, stocktaking)
    assert stocktaking.items.get(state="missing").resolution == "keep"


def test_the_client_s_asset_manager_does_not_judge_what_they_led(world: World) -> None:
    stocktaking = world.running()
    leading.finish(world.client, stocktaking, is_rest_missing=True)
    deciding.choose(world.client, stocktaking, list(stocktaking.items.all()), resolution="keep")
    reporting.submit(world.client, stocktaking)
    assert Approval.objects.get(state="open").role == Role.CLIENT_MANAGER


def test_the_ledger_takes_over_what_was_found_with_its_reason(world: World) -> None:
    stocktaking = counted(world)
    with pytest.raises(ValidationError):
        adjusting.ask(world.leader, stocktaking)
    choose(world, stocktaking, missing="idle", unknown="create")
    reporting.submit(world.leader, stocktaking)
    approve(world, stocktaking)
    adjust(world, stocktaking)
    counts = {"dated": 1, "moved": 1 + 1, "idle": 1, "proposed": 0, "created": 1, "left": 0}
    assert (stocktaking.state, stocktaking.adjusting) == ("adjusted", counts)
    found, moved, missing = (Asset.objects.get(pk=asset.pk) for asset in world.assets)
    day = date(2026, 7, 6)
    assert (found.last_audit, found.rack, found.u_pos) == (day, world.rack, 4)
    assert (moved.last_audit, moved.rack, moved.room, moved.u_pos) == (day, world.other_rack, world.other_room, None)
    assert (missing.last_audit, missing.lifecycle) == (None, "idle")
    new = Asset.objects.get(serial_no="XYZ-77")
    assert (new.lifecycle, new.rack, new.code) == ("in_store", world.rack, "SV-2026-0005")
    reasons = Change.objects.filter(
        subject_id__in=[found.pk, moved.pk, missing.pk, new.pk], reason__contains=stocktaking.code
    )
    assert {each.user for each in reasons} == {world.leader.user}
    assert len(reasons) == 4
    assert set(stocktaking.items.values_list("outcome", flat=True)) == {"done"}
    assert world.leader.user.messages_received.filter(kind=adjusting.MESSAGE).count() == 1
    with pytest.raises(ValidationError):
        adjusting.ask(world.leader, stocktaking)


def test_a_second_job_changes_nothing(world: World) -> None:
    stocktaking = approved(world, unknown="create")
    adjust(world, stocktaking)
    before = list(Change.objects.values_list("pk", flat=True))
    jobs.adjust(stocktaking.pk)
    assert adjusting.adjust(world.leader, stocktaking) is None
    assert list(Change.objects.values_list("pk", flat=True)) == before
    assert Asset.objects.filter(serial_no="XYZ-77").count() == 1


def test_whoever_lost_the_permission_meanwhile_adjusts_nothing_and_is_told(world: World) -> None:
    stocktaking = approved(world)
    adjusting.ask(world.leader, stocktaking)
    asker = world.leader.user
    Grant.objects.filter(user=asker).delete()
    jobs.adjust(stocktaking.pk)
    stocktaking.refresh_from_db()
    assert stocktaking.state == "approved"
    assert "权限已被收回" in stocktaking.adjusting["failure"]
    assert not Asset.objects.exclude(last_audit=None).exists()
    assert Message.objects.filter(user=asker, kind=adjusting.MESSAGE).count() == 1


def test_scrapping_is_only_proposed(world: World) -> None:
    stocktaking = approved(world, missing="scrap")
    adjust(world, stocktaking)
    assert stocktaking.adjusting["proposed"] == 1
    world.assets[2].refresh_from_db()
    assert world.assets[2].lifecycle == "in_use"
    assert Approval.objects.get(state="open").subject_id == world.assets[2].pk
    assert world.item(stocktaking, 2).outcome == "asked"


def test_what_the_ledger_knows_newer_is_left_and_said(world: World) -> None:
    stocktaking = approved(world)
    later = replace(world.leader, now=LATER + timedelta(hours=2))
    actions.change(later, ASSETS, world.assets[1], {"rack": None, "room": world.rack.room, "u_pos": None})
    actions.delete(later, ASSETS, world.contract, [world.assets[0]])
    adjust(world, stocktaking)
    outcomes = [world.item(stocktaking, n).outcome for n in range(3)]
    assert outcomes == ["gone", "newer", ""]
    assert stocktaking.adjusting["left"] == 2
    assert Asset.objects.get(pk=world.assets[1].pk).rack is None


def test_a_field_that_was_required_later_does_not_stand_against_counting(world: World) -> None:
    stocktaking = approved(world, missing="idle")
    category = Category.objects.get(contract=world.contract)
    CategoryField.objects.create(category=category, name="cpu", label="处理器", kind="text", is_required=True)
    adjust(world, stocktaking)
    assert (stocktaking.state, stocktaking.adjusting["idle"]) == ("adjusted", 1)


def test_a_refusal_half_way_leaves_the_ledger_as_it_was(world: World) -> None:
    stocktaking = approved(world, unknown="create")
    category = Category.objects.get(contract=world.contract)
    actions.create(
        CALLER, ASSETS, world.contract, {"name": "先登记了", "category": category, "serial_no": "XYZ-77"}
    )  # the number that the adjustment is about to give to the unknown thing
    adjust(world, stocktaking)
    assert not Asset.objects.exclude(last_audit=None).exists()
    assert stocktaking.state == "approved"
    assert "XYZ-77" in stocktaking.adjusting["failure"]
    assert set(stocktaking.items.values_list("outcome", flat=True)) == {""}


def test_what_follows_fits_the_finding(world: World) -> None:
    stocktaking = counted(world)
    missing = list(stocktaking.items.filter(state="missing"))
    with pytest.raises(ValidationError):
        deciding.choose(world.leader, stocktaking, missing, resolution="create", category=Category.objects.first())
    unknown = list(stocktaking.items.filter(state="unknown"))
    with pytest.raises(ValidationError):
        deciding.choose(world.leader, stocktaking, unknown, resolution="create")
    with pytest.raises(PermissionDenied):
        deciding.choose(world.counter, stocktaking, missing, resolution="keep")


def test_what_was_found_in_its_own_room_outside_the_scope_keeps_its_rack_and_unit(world: World) -> None:
    stocktaking = world.running(room=[world.other_room.pk])
    world.scan(stocktaking, "SN900", world.elsewhere())
    world.scan(stocktaking, world.assets[0].code, Place(world.rack.room.site_id, world.rack.room_id))
    elsewhere = Place(world.other_room.site_id, world.other_room.pk)
    world.scan(stocktaking, world.assets[1].code, elsewhere)
    said = {follows: n for _state, follows, n in queries.by_consequence(stocktaking)}
    leading.finish(world.leader, stocktaking)
    reporting.submit(world.leader, stocktaking)
    approve(world, stocktaking)
    adjust(world, stocktaking)
    stayed, moved = (Asset.objects.get(pk=asset.pk) for asset in world.assets[:2])
    assert (stayed.rack, stayed.u_pos, stayed.last_audit) == (world.rack, 4, date(2026, 7, 6))
    assert (moved.room, moved.rack, moved.u_pos) == (world.other_room, None, None)
    assert (stocktaking.adjusting["dated"], stocktaking.adjusting["moved"]) == (2, 1)
    assert said == {"台账不变": 1, "按实际位置更新": 1}


def test_what_was_kept_but_taken_off_the_ledger_meanwhile_is_not_dated(world: World) -> None:
    stocktaking = counted(world)
    choose(world, stocktaking, missing="keep")
    deciding.choose(world.leader, stocktaking, [world.item(stocktaking, 1)], resolution="keep")
    reporting.submit(world.leader, stocktaking)
    approve(world, stocktaking)
    later = replace(world.leader, now=LATER + timedelta(hours=2))
    actions.delete(later, ASSETS, world.contract, [world.assets[1]])
    adjust(world, stocktaking)
    assert world.item(stocktaking, 1).outcome == "gone"
    assert Asset.objects.get(pk=world.assets[1].pk).last_audit is None
    assert stocktaking.adjusting["left"] == 1
