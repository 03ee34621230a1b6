"""From the end of counting to the adjusted ledger: approval, what follows, all of it or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.integration.assets.stocktakings import World, make_world
from tests.integration.assets.world import CALLER

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category, Stocktaking
from opspact.assets.stocktaking import adjusting, counting, leading
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Approval, Change


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def counted(world: World) -> Stocktaking:
    """The first found, the second moved, the third missing, one unknown thing, one of another room."""
    stocktaking = world.running()
    world.scan(stocktaking, world.assets[0].code)
    moved = world.scan(stocktaking, world.assets[1].code, world.elsewhere())
    counting.confirm(world.counter, stocktaking, key=moved.key, is_here=True)
    world.scan(stocktaking, "XYZ-77")
    world.scan(stocktaking, "SN900")
    leading.finish(world.leader, stocktaking, is_rest_missing=True)
    stocktaking.refresh_from_db()
    return stocktaking


def approve(world: World, stocktaking: Stocktaking, *, approved: bool = True) -> None:
    question = Approval.objects.get(kind=leading.APPROVAL, state="open")
    approvals.decide(world.client, question, approved=approved, comment="" if approved else "再找一遍三号")
    stocktaking.refresh_from_db()


def choose(world: World, stocktaking: Stocktaking, *, missing: str, unknown: str = "dismiss") -> None:
    category = Category.objects.get(contract=world.contract)
    gone, found = stocktaking.items.filter(state="missing"), stocktaking.items.filter(state="unknown")
    adjusting.choose(world.leader, stocktaking, list(gone), resolution=missing)
    adjusting.choose(world.leader, stocktaking, list(found), resolution=unknown, category=category)


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


def test_a_refused_report_lets_the_counting_go_on(world: World) -> None:
    stocktaking = counted(world)
    approve(world, stocktaking, approved=False)
    assert stocktaking.state == "running"
    world.scan(stocktaking, world.assets[2].code)
    assert world.item(stocktaking, 2).state == "found"
    assert Change.objects.filter(subject_id=stocktaking.pk, reason="再找一遍三号").exists()


def test_a_report_taken_back_waits_for_nobody(world: World) -> None:
    stocktaking = counted(world)
    leading.reopen(world.leader, stocktaking, reason="漏了一柜")
    assert not Approval.objects.filter(state="open").exists()
    leading.finish(world.leader, stocktaking)
    assert Approval.objects.filter(state="open").count() == 1


def test_the_client_s_asset_manager_does_not_judge_what_they_led(world: World) -> None:
    stocktaking = world.running()
    leading.finish(world.client, stocktaking, is_rest_missing=True)
    assert Approval.objects.get(state="open").role == Role.CLIENT_MANAGER


def test_the_ledger_takes_over_what_was_found_with_its_reason(world: World) -> None:
    stocktaking = counted(world)
    choose(world, stocktaking, missing="idle", unknown="create")
    with pytest.raises(ValidationError):
        adjusting.adjust(world.leader, stocktaking)
    approve(world, stocktaking)
    done = adjusting.adjust(world.leader, stocktaking)
    assert (done.dated, done.moved, done.idle, done.proposed, done.created) == (1, 1 + 1, 1, 0, 1)
    found, moved, missing = (Asset.objects.get(pk=asset.pk) for asset in world.assets)
    day = date(2026, 7, 6)
    assert (found.last_audit, found.rack, found.u_pos) == (day, world.rack, 4)
    assert (moved.last_audit, moved.rack, moved.room, moved.u_pos) == (day, world.other_rack, world.other_room, None)
    assert (missing.last_audit, missing.lifecycle) == (None, "idle")
    new = Asset.objects.get(serial_no="XYZ-77")
    assert (new.lifecycle, new.rack, new.code) == ("in_store", world.rack, "SV-2026-0005")
    reasons = Change.objects.filter(subject_id__in=[found.pk, moved.pk, missing.pk, new.pk], at=world.leader.now)
    assert len(reasons) == 4
    assert all(stocktaking.code in each.reason for each in reasons)
    stocktaking.refresh_from_db()
    assert (stocktaking.state, stocktaking.adjusted_at) == ("adjusted", world.leader.now)
    with pytest.raises(ValidationError):
        adjusting.adjust(world.leader, stocktaking)


def test_scrapping_is_only_proposed(world: World) -> None:
    stocktaking = counted(world)
    choose(world, stocktaking, missing="scrap")
    approve(world, stocktaking)
    assert adjusting.adjust(world.leader, stocktaking).proposed == 1
    world.assets[2].refresh_from_db()
    assert world.assets[2].lifecycle == "in_use"
    assert Approval.objects.get(state="open").subject_id == world.assets[2].pk


def test_a_refusal_half_way_leaves_the_ledger_as_it_was(world: World) -> None:
    stocktaking = counted(world)
    choose(world, stocktaking, missing="keep", unknown="create")
    approve(world, stocktaking)
    category = Category.objects.get(contract=world.contract)
    actions.create(
        CALLER, ASSETS, world.contract, {"name": "先登记了", "category": category, "serial_no": "XYZ-77"}
    )  # the number that the adjustment is about to give to the unknown thing
    with pytest.raises(RecordRefused):
        adjusting.adjust(world.leader, stocktaking)
    assert not Asset.objects.exclude(last_audit=None).exists()
    stocktaking.refresh_from_db()
    assert stocktaking.state == "approved"


def test_what_follows_fits_the_finding_and_stays_once_approved(world: World) -> None:
    stocktaking = counted(world)
    missing = list(stocktaking.items.filter(state="missing"))
    with pytest.raises(ValidationError):
        adjusting.choose(world.leader, stocktaking, missing, resolution="create", category=Category.objects.first())
    unknown = list(stocktaking.items.filter(state="unknown"))
    with pytest.raises(ValidationError):
        adjusting.choose(world.leader, stocktaking, unknown, resolution="create")
    adjusting.choose(world.leader, stocktaking, missing, resolution="keep")
    approve(world, stocktaking)
    with pytest.raises(ValidationError):
        adjusting.choose(world.leader, stocktaking, missing, resolution="idle")
    with pytest.raises(ValidationError, match="1"):
        adjusting.adjust(world.leader, stocktaking)
    with pytest.raises(PermissionDenied):
        adjusting.adjust(world.counter, stocktaking)
