"""An assigned address is freed by the client's consent only, whichever way somebody tries it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.integration.assets.world import CALLER, NOW, make_asset, make_contract, workbook

from opspact.assets.actions.ipam import take_addresses
from opspact.assets.actions.ipam_release import release, release_many
from opspact.assets.ipam import free
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, VLANS, VRFS
from opspact.assets.models import IpAddress, Prefix
from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, imports, undoing
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Approval, Change, LedgerBatch

SAYS = "which asks the client for consent"


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def home(contract: Contract) -> Prefix:
    return actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24"})


@pytest.fixture
def used(home: Prefix) -> IpAddress:
    return take_addresses(CALLER, home, values={"user": "王工"})[0]


def imported(contract: Contract, rows: list[list[Any]], *, clears: bool = False) -> LedgerBatch:
    batch = imports.upload(CALLER, ADDRESSES, contract, content=workbook(rows), name="地址.xlsx", clears=clears)
    imports.read(batch, ADDRESSES, contract)
    batch.refresh_from_db()
    return batch


def is_still_assigned(address: IpAddress) -> bool:
    address.refresh_from_db()
    return address.state == "assigned" and address.deleted_at is None and address.vrf_id is None


@pytest.mark.parametrize(
    "attempt",
    [
        lambda contract, it, vrf: actions.delete(CALLER, ADDRESSES, contract, [it]),
        lambda contract, it, vrf: actions.change(CALLER, ADDRESSES, it, {"state": "released"}),
        lambda contract, it, vrf: actions.change(CALLER, ADDRESSES, it, {"state": "reserved"}),
        lambda contract, it, vrf: actions.change(CALLER, ADDRESSES, it, {"vrf": vrf}),
        lambda contract, it, vrf: actions.change_many(CALLER, ADDRESSES, contract, [it], {"state": "released"}),
        lambda contract, it, vrf: actions.change_many(CALLER, ADDRESSES, contract, [it], {"vrf": vrf}),
    ],
    ids=["delete", "released", "reserved", "to another domain", "many released", "many to another domain"],
)
def test_no_writing_frees_it(contract: Contract, used: IpAddress, attempt: Callable[..., Any]) -> None:
    vrf = actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网"})
    with pytest.raises(RecordRefused, match=SAYS):
        attempt(contract, used, vrf)
    assert is_still_assigned(used)


def test_one_assigned_address_among_many_keeps_all_of_them(contract: Contract, home: Prefix, used: IpAddress) -> None:
    kept = take_addresses(CALLER, home, is_reserved=True)[0]
    with pytest.raises(RecordRefused, match="is assigned: use"):
        actions.delete(CALLER, ADDRESSES, contract, [kept, used])
    kept.refresh_from_db()
    assert kept.deleted_at is None


@pytest.mark.parametrize("state", ["released", "reserved"])
@pytest.mark.parametrize("clears", [False, True])
def test_no_workbook_frees_it(contract: Contract, used: IpAddress, state: str, clears: bool) -> None:
    batch = imported(contract, [["IP", "状态", "使用人"], ["10.1.2.1", state, None]], clears=clears)
    (row,) = batch.rows.all()
    assert row.status == "wrong"
    ((name, cell, message, params),) = row.problems
    assert (name, cell, params["ip"]) == ("state", "B2", "10.1.2.1")
    assert SAYS in message
    assert imports.apply(CALLER, ADDRESSES, contract, batch, only_good=True) == {"wrong": 1}
    assert is_still_assigned(used)


def test_a_workbook_with_an_empty_state_that_clears_leaves_it_assigned(contract: Contract, used: IpAddress) -> None:
    batch = imported(contract, [["IP", "状态", "使用人"], ["10.1.2.1", None, None]], clears=True)
    imports.apply(CALLER, ADDRESSES, contract, batch, only_good=False)
    assert is_still_assigned(used)
    assert used.user == ""


def test_undoing_the_import_that_assigned_it_leaves_it_and_says_why(contract: Contract, home: Prefix) -> None:
    kept = take_addresses(CALLER, home, is_reserved=True)[0]
    rows = [["IP", "状态", "使用人"], ["10.1.2.1", "assigned", "李工"], ["10.1.2.7", "assigned", "王工"]]
    rows += [["10.1.2.8", "reserved", None]]
    batch = imported(contract, rows)
    imports.apply(CALLER, ADDRESSES, contract, batch, only_good=False)
    would = undoing.would(batch, ADDRESSES, contract)
    assert would.counts == {"removed": 1, "reverted": 0, "restored": 0, "changed_since": 0, "refused": 2}
    assert {str(each.why)[:8] for each in would.left} == {"10.1.2.7", "10.1.2.1"}
    assert undoing.undo(CALLER, ADDRESSES, contract, batch).counts == would.counts
    kept.refresh_from_db()
    assert (kept.state, kept.user) == ("assigned", "李工")
    assert set(ADDRESSES.records(contract).values_list("ip", flat=True)) == {"10.1.2.1", "10.1.2.7"}


def test_with_consent_it_is_free_and_can_be_taken_off_the_ledger(
    contract: Contract, home: Prefix, used: IpAddress
) -> None:
    keeper = User.objects.create(username="keeper")
    Grant.objects.create(user=keeper, role=Role.CLIENT_ASSET_MANAGER, contract_code=contract.code)
    release(CALLER, used, "人员离岗")
    with pytest.raises(RecordRefused, match=SAYS):
        actions.delete(CALLER, ADDRESSES, contract, [used])
    approvals.decide(Caller(keeper, NOW, "test"), Approval.objects.get(), approved=True)
    assert actions.delete(CALLER, ADDRESSES, contract, [used]) == 1
    assert free.addresses(home) == ["10.1.2.1"]


def test_consent_for_one_holder_does_not_take_it_from_the_next(contract: Contract, used: IpAddress) -> None:
    keeper = User.objects.create(username="keeper")
    Grant.objects.create(user=keeper, role=Role.CLIENT_ASSET_MANAGER, contract_code=contract.code)
    release(CALLER, used, "人员离岗")
    soon = Caller(None, NOW + timedelta(hours=1), "test")
    used.refresh_from_db()
    actions.change(soon, ADDRESSES, used, {"user": "李工"})
    question = Approval.objects.get()
    with pytest.raises(ValidationError, match="已换了使用人"):
        approvals.decide(Caller(keeper, NOW + timedelta(hours=2), "test"), question, approved=True)
    assert is_still_assigned(used)
    assert Approval.objects.get().state == "open"
    approvals.decide(Caller(keeper, NOW + timedelta(hours=2), "test"), question, approved=False, comment="已换人")
    assert not release(CALLER, used, "李工也离岗")


def test_pages_say_how_it_is_released(contract: Contract, used: IpAddress) -> None:
    boss = User.objects.create(username="boss")
    for role in (Role.ENGINEER, Role.SERVICE_MANAGER):
        Grant.objects.create(user=boss, role=role, contract_code=contract.code)
    client = Client()
    client.force_login(boss)
    page = reverse("assets:ipaddress", kwargs={"contract": contract.code, "pk": used.pk})
    said = client.post(
        f"{page}delete/", {"confirmed": "1", "reason": "清理"}, follow=True, headers={"accept-language": "zh-hans"}
    )
    assert "“回收”" in said.content.decode()
    assert is_still_assigned(used)


def test_the_address_of_an_asset_keeps_domains_and_vlans_that_are_in_use(contract: Contract) -> None:
    vrf = actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网"})
    vlan = actions.create(CALLER, VLANS, contract, {"vid": 10, "name": "视频"})
    actions.create(CALLER, PREFIXES, contract, {"prefix": "10.9.0.0/24", "vrf": vrf, "vlan": vlan})
    asset = make_asset(contract, ASSETS, "摄像机")
    actions.create(CALLER, ADDRESSES, contract, {"ip": "10.9.0.5", "vrf": vrf, "asset": asset})
    with pytest.raises(RecordRefused, match="VIDEO still holds 1 prefixes and 1 addresses"):
        actions.delete(CALLER, VRFS, contract, [vrf])
    with pytest.raises(RecordRefused, match="10 still belongs to 1 prefixes"):
        actions.delete(CALLER, VLANS, contract, [vlan])


def test_what_is_given_with_the_next_free_address_never_says_which(home: Prefix) -> None:
    taken = take_addresses(CALLER, home, values={"ip": "10.1.2.99", "user": "王工"})
    assert [(str(each.ip), each.user) for each in taken] == [("10.1.2.1", "王工")]


def keeper_of(contract: Contract) -> User:
    keeper = User.objects.create(username="keeper")
    Grant.objects.create(user=keeper, role=Role.CLIENT_ASSET_MANAGER, contract_code=contract.code)
    return keeper


def test_many_addresses_are_one_question_decided_as_a_whole(contract: Contract, home: Prefix) -> None:
    keeper = keeper_of(contract)
    used = take_addresses(CALLER, home, 5, values={"user": "王工"})
    kept = take_addresses(CALLER, home, 2, is_reserved=True)
    release(CALLER, used[0], "单独收回")
    done = release_many(CALLER, contract, [*used, *kept], "机房搬迁")
    assert done == {"released": 2, "asked": 4, "left": 1}  # what was asked about alone is not asked about twice
    question = Approval.objects.get(kind="assets.ipaddress.release_many")
    assert "机房搬迁" in question.title
    assert "10.1.2.2、10.1.2.3、10.1.2.4…" in question.title
    assert [str(each) for each in question.subject.addresses.order_by("ip")] == [f"10.1.2.{n}" for n in range(2, 6)]
    assert release_many(CALLER, contract, used, "再问一次") == {"released": 0, "asked": 0, "left": 5}
    with pytest.raises(ValidationError, match="正在等待答复"):
        release(CALLER, used[2], "再问一次")
    approvals.decide(Caller(keeper, NOW, "test"), question, approved=True)
    for each in used[1:]:
        each.refresh_from_db()
        assert (each.state, each.user) == ("released", "")
        newest = Change.objects.filter(subject_id=each.pk, subject_type__model="ipaddress").first()
        assert newest is not None
        assert f"{question.pk}" in newest.reason
        assert "机房搬迁" in newest.reason
    assert is_still_assigned(used[0])


def test_a_refusal_leaves_all_of_them(contract: Contract, home: Prefix) -> None:
    keeper = keeper_of(contract)
    used = take_addresses(CALLER, home, 3, values={"user": "王工"})
    release_many(CALLER, contract, used, "机房搬迁")
    approvals.decide(Caller(keeper, NOW, "test"), Approval.objects.get(), approved=False, comment="还在用")
    assert all(is_still_assigned(each) for each in used)
    assert release_many(CALLER, contract, used, "现在不用了")["asked"] == 3


def test_what_was_given_back_meanwhile_stays_out_and_the_rest_is_released(contract: Contract, home: Prefix) -> None:
    keeper = keeper_of(contract)
    used = take_addresses(CALLER, home, 3, values={"user": "王工"})
    release_many(CALLER, contract, used, "机房搬迁")
    IpAddress.objects.filter(pk=used[0].pk).update(state="released", user="")
    approvals.decide(Caller(keeper, NOW, "test"), Approval.objects.get(), approved=True)
    assert set(IpAddress.objects.values_list("state", flat=True)) == {"released"}


def test_five_hundred_addresses_take_no_more_queries_than_fifty(contract: Contract) -> None:
    wide = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.7.0.0/22"})
    used = take_addresses(CALLER, wide, 550, values={"user": "王工"})
    counts = []
    for part in (used[:50], used[50:]):
        with CaptureQueriesContext(connection) as caught:
            release_many(CALLER, contract, part, "机房搬迁")
        counts.append(len(caught))
    assert counts[1] <= counts[0] + 2
    keeper = keeper_of(contract)
    for question in Approval.objects.order_by("pk"):
        with CaptureQueriesContext(connection) as caught:
            approvals.decide(Caller(keeper, NOW, "test"), question, approved=True)
        counts.append(len(caught))
    assert counts[3] <= counts[2] + 10


def test_all_addresses_in_a_prefix_are_asked_about_on_its_page(contract: Contract, home: Prefix) -> None:
    below = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.128/25"})
    take_addresses(CALLER, home, 2, values={"user": "王工"})
    take_addresses(CALLER, below, 2, values={"user": "李工"})
    elsewhere = actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网"})
    other = actions.create(CALLER, ADDRESSES, contract, {"ip": "10.1.2.9", "vrf": elsewhere, "user": "赵工"})
    engineer, keeper = User.objects.create(username="eng"), keeper_of(contract)
    Grant.objects.create(user=engineer, role=Role.ENGINEER, contract_code=contract.code)
    client = Client()
    client.cookies["opspact_language"] = "en"
    client.force_login(engineer)
    page = reverse("assets:prefix", kwargs={"contract": contract.code, "pk": home.pk})
    assert "4 are given or reserved" in client.get(page).content.decode()
    assert "This field is required" in client.post(f"{page}release/", {"reason": ""}).content.decode()
    said = client.post(f"{page}release/", {"reason": "网段退役"}, follow=True).content.decode()
    assert "0 released, 4 wait for the client, 0 left as they are" in said
    client = Client()
    client.cookies["opspact_language"] = "en"
    client.force_login(keeper)
    question = Approval.objects.get()
    shown = client.get(approvals.url_of(question)).content.decode()
    for ip in ("10.1.2.1", "10.1.2.2", "10.1.2.129", "10.1.2.130"):
        assert f">{ip}</a>" in shown
    assert "10.1.2.9<" not in shown
    client.post(approvals.url_of(question), {"decision": "approve", "comment": ""})
    assert set(IpAddress.objects.filter(vrf=None).values_list("state", flat=True)) == {"released"}
    other.refresh_from_db()
    assert other.state == "assigned"
    lone = Client()
    lone.force_login(User.objects.create(username="nobody"))
    assert lone.post(f"{page}release/", {"reason": "x"}).status_code in (403, 404)
