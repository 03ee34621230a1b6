"""The life of an asset: its steps, what they ask for, and what the client decides."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from tests.integration.assets.world import CALLER, NOW, make_asset, make_category, make_contract, make_rack, workbook
from tests.integration.monitoring.world import make_user

from opspact.assets.actions import lifecycle as steps
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, IpAddress
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Approval, Change, Message


@pytest.fixture
def contract(db: None) -> Contract:
    made = make_contract()
    make_category(made)
    return made


def caller_of(role: Role, name: str = "") -> Caller:
    return Caller(make_user(role, name=name or role.value), NOW, "test")


def step(contract: Contract, asset: Asset, to: str, reason: str = "", caller: Caller = CALLER) -> steps.Done:
    done = steps.take(caller, contract, assets=[asset], to=to, reason=reason)
    asset.refresh_from_db()
    return done


def test_into_use_somebody_must_be_responsible_or_it_must_stand_somewhere(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    with pytest.raises(RecordRefused, match="somebody must be responsible or it must stand somewhere"):
        step(contract, asset, "in_use")
    actions.change(CALLER, ASSETS, asset, {"owner": "王建国"})
    assert step(contract, asset, "in_use", "上架") == steps.Done(changed=1)
    assert (asset.lifecycle, str(asset.in_service_on)) == ("in_use", "2026-07-06")
    change = Change.objects.filter(subject_id=asset.pk).first()
    assert change is not None
    assert (change.reason, change.fields["lifecycle"]) == ("上架", ["入库", "在用"])


def test_a_repair_needs_a_reason(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    with pytest.raises(RecordRefused, match="say why"):
        step(contract, asset, "repair")
    assert step(contract, asset, "repair", "电源故障").changed == 1


def test_scrapping_waits_for_the_client_and_then_frees_units_and_asks_for_addresses(contract: Contract) -> None:
    rack = make_rack(contract)
    asset = make_asset(contract, ASSETS, "旧服务器", rack=rack, u_pos=10, units=2, lifecycle="in_use")
    IpAddress.objects.create(
        contract=contract, code="10.0.0.9", ip="10.0.0.9", asset=asset, created_at=NOW, updated_at=NOW
    )
    engineer = caller_of(Role.ENGINEER)
    assert step(contract, asset, "scrapped", "主板损坏，无备件", engineer) == steps.Done(asked=1)
    assert asset.lifecycle == "in_use"
    question = steps.waiting(asset)
    assert question is not None
    assert question.role == Role.CLIENT_ASSET_MANAGER
    with pytest.raises(ValidationError):
        step(contract, asset, "scrapped", "再问一次", engineer)

    approvals.decide(caller_of(Role.CLIENT_ASSET_MANAGER), question, approved=True)
    asset.refresh_from_db()
    assert (asset.lifecycle, asset.rack, asset.u_pos) == ("scrapped", None, None)
    told = Message.objects.filter(user=engineer.user, kind=steps.MESSAGE).get()
    assert told.params["addresses"] == "10.0.0.9"
    again = make_asset(contract, ASSETS, "新服务器", rack=rack, u_pos=10, units=2, lifecycle="in_use")
    assert again.u_pos == 10


def test_a_refusal_leaves_the_asset_as_it_is(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器", owner="王建国", lifecycle="in_use")
    step(contract, asset, "scrapped", "老旧", caller_of(Role.ENGINEER))
    question = steps.waiting(asset)
    assert question is not None
    approvals.decide(caller_of(Role.CLIENT_ASSET_MANAGER), question, approved=False, comment="还能用")
    asset.refresh_from_db()
    assert (asset.lifecycle, steps.waiting(asset)) == ("in_use", None)


def test_the_clients_asset_manager_asks_the_clients_manager(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    keeper = caller_of(Role.CLIENT_ASSET_MANAGER)
    step(contract, asset, "scrapped", "老旧", keeper)
    question = steps.waiting(asset)
    assert question is not None
    assert question.role == Role.CLIENT_MANAGER
    with pytest.raises(PermissionDenied):
        approvals.decide(keeper, question, approved=True)


def test_another_step_takes_the_question_back(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    step(contract, asset, "scrapped", "老旧", caller_of(Role.ENGINEER))
    step(contract, asset, "spare")
    assert steps.waiting(asset) is None
    assert Approval.objects.get().state == Approval.State.WITHDRAWN


def test_nothing_leads_out_of_scrapped(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器", lifecycle="scrapped", owner="王建国")
    with pytest.raises(RecordRefused, match="is the end"):
        step(contract, asset, "in_use")


def test_many_take_a_step_or_none_does(contract: Contract) -> None:
    held = make_asset(contract, ASSETS, "有主", owner="王建国")
    bare = make_asset(contract, ASSETS, "无主")
    with pytest.raises(RecordRefused) as refused:
        steps.take(CALLER, contract, assets=[held, bare], to="in_use")
    assert list(refused.value.problems) == [1]
    held.refresh_from_db()
    assert held.lifecycle == "in_store"
    assert steps.take(CALLER, contract, assets=[held, bare], to="idle").changed == 2


def test_an_import_takes_allowed_steps_only(contract: Contract) -> None:
    first = make_asset(contract, ASSETS, "甲", owner="王建国")
    second = make_asset(contract, ASSETS, "乙")
    rows = [["资产编码", "使用状态"], [first.code, "在用"], [second.code, "报废"]]
    batch = imports.upload(CALLER, ASSETS, contract, content=workbook(rows), name="状态.xlsx", clears=False)
    imports.read(batch, ASSETS, contract)
    batch.refresh_from_db()
    assert batch.counts == {"changed": 1, "wrong": 1}
    problem = batch.rows.get(status="wrong").problems[0]
    assert (problem[0], problem[1]) == ("lifecycle", "B3")
    assert "needs the approval of the client" in problem[2]


def test_the_form_offers_the_status_of_a_new_asset_only(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    assert 'name="lifecycle"' in client.get("/c/watch/assets/new/").content.decode()
    assert 'name="lifecycle"' not in client.get(f"/c/watch/assets/{asset.pk}/edit/").content.decode()


def test_the_page_leads_through_the_steps_and_shows_what_waits(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器", owner="王建国")
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    page = f"/c/watch/assets/{asset.pk}/"
    answer = client.post(f"{page}status/", {"to": "scrapped", "reason": "老旧"}, follow=True)
    assert 'id="waiting"' in answer.content.decode()
    answer = client.post(f"{page}status/", {"do": "withdraw"}, follow=True)
    assert 'id="waiting"' not in answer.content.decode()
    client.post(f"{page}status/", {"to": "in_use", "reason": ""})
    asset.refresh_from_db()
    assert asset.lifecycle == "in_use"


def test_a_deleted_asset_does_not_come_back_where_another_stands_now(contract: Contract) -> None:
    rack = make_rack(contract)
    old = make_asset(contract, ASSETS, "旧", rack=rack, u_pos=5, units=2, lifecycle="in_use")
    actions.delete(CALLER, ASSETS, contract, [old])
    new = make_asset(contract, ASSETS, "新", rack=rack, u_pos=6, lifecycle="in_use")
    with pytest.raises(RecordRefused, match=f"taken by {new.code}"):
        actions.restore(CALLER, ASSETS, contract, [old])
    actions.change(CALLER, ASSETS, new, {"u_pos": 20})
    assert actions.restore(CALLER, ASSETS, contract, [old]) == 1
