"""The pages of a ledger as people of each role meet them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.assets.world import CALLER, make_asset, make_category, make_contract, make_rack, workbook

from opspact.assets.ledgers.asset import ASSETS, CATEGORIES
from opspact.assets.models import Asset, Category
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, jobs
from opspact.kit.ledgers.pages.record import history
from opspact.kit.ledgers.reading import read_ip, text_of
from opspact.kit.models import LedgerBatch

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> Contract:
    made = make_contract()
    make_category(made)
    return made


def client_of(contract: Contract, role: Role) -> Client:
    user = User.objects.create(username=role.value, name=role.value)
    Grant.objects.create(user=user, role=role, contract_code=contract.code)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def engineer(contract: Contract) -> Client:
    return client_of(contract, Role.ENGINEER)


def at(contract: Contract, path: str = "") -> str:
    return f"/c/{contract.code}/asset-categories/{path}"


def test_a_record_is_made_changed_and_kept_from_a_change_of_an_old_page(contract: Contract, engineer: Client) -> None:
    answer = engineer.post(at(contract, "new/"), {"code": "ＮＥＴ１", "name": " 网络设备 ", "abbreviation": "NE"})
    made = Category.objects.get(code="NET1")
    assert (answer.status_code, made.name) == (302, "网络设备")
    values = {"code": "NET1", "name": "网络", "version": 1, "reason": "改名"}
    assert engineer.post(at(contract, f"{made.pk}/edit/"), values).status_code == 302
    late = engineer.post(at(contract, f"{made.pk}/edit/"), values | {"name": "别的"})
    assert "刚被他人修改" in late.content.decode()
    page = engineer.get(at(contract, f"{made.pk}/")).content.decode()
    assert "改名" in page
    assert "网络设备 → 网络" in page


def test_a_deleted_record_is_restored_before_it_is_changed(contract: Contract, engineer: Client) -> None:
    made = Category.objects.get()
    engineer.post(at(contract, f"{made.pk}/delete/"), {"confirmed": "1", "reason": "不用了"})
    assert engineer.get(at(contract, f"{made.pk}/edit/")).status_code == 404
    assert made.name in engineer.get(at(contract, "deleted/")).content.decode()
    engineer.post(at(contract, f"{made.pk}/delete/"), {"confirmed": "1"})
    made.refresh_from_db()
    assert made.deleted_at is None


def test_the_history_names_who_did_it_and_the_platform_for_itself(contract: Contract, engineer: Client) -> None:
    machine = Caller.system(now=CALLER.now, via="start")
    made = actions.create(machine, CATEGORIES, contract, {"code": "X", "name": "其他"})
    assert [each.who for each in history(CATEGORIES.fields, made)] == ["OpsPact"]
    engineer.post(at(contract, f"{made.pk}/edit/"), {"code": "X", "name": "杂项", "version": 1})
    assert [each.who for each in history(CATEGORIES.fields, made)] == [str(User.objects.get()), "OpsPact"]


def test_who_may_only_look_is_refused_every_change(contract: Contract) -> None:
    made = Category.objects.get()
    reader = client_of(contract, Role.CLIENT_MANAGER)
    assert reader.get(at(contract)).status_code == 200
    for path in ("new/", "import/", "import/template/", f"{made.pk}/edit/"):
        assert reader.get(at(contract, path)).status_code == 403, path
    assert reader.post(at(contract, f"{made.pk}/delete/"), {"confirmed": "1"}).status_code == 403


def test_a_record_of_another_contract_is_not_found(contract: Contract, engineer: Client) -> None:
    other = Contract.objects.create(**{**_copied(contract), "code": "other"})
    foreign = actions.create(CALLER, CATEGORIES, other, {"code": "X", "name": "外"})
    for path in (f"{foreign.pk}/", f"{foreign.pk}/edit/"):
        assert engineer.get(at(contract, path)).status_code == 404


def _copied(contract: Contract) -> dict[str, Any]:
    return {
        each.attname: getattr(contract, each.attname) for each in Contract._meta.concrete_fields if each.attname != "id"
    }


def test_one_field_of_many_records_changes_for_all_or_none(contract: Contract, engineer: Client) -> None:
    rack = make_rack(contract)
    one, two = (make_asset(contract, ASSETS, name, rack=rack, lifecycle="in_use", units=1) for name in ("一号", "二号"))
    url, picked = f"/c/{contract.code}/assets/", {"do": "bulk", "action": "change", "pk": [one.pk, two.pk]}
    change = {**picked, "confirmed": "1", "reason": "换岗"}
    assert engineer.post(url, {**change, "field": "owner", "value": "李工"}).status_code == 302
    assert Asset.objects.filter(owner="李工").count() == 2
    refused = engineer.post(url, {**change, "field": "u_pos", "value": "10"})
    assert refused.status_code == 200
    assert one.code in refused.content.decode() or two.code in refused.content.decode()
    assert not Asset.objects.filter(u_pos=10).exists()
    assert engineer.post(url, {**change, "field": "u_pos", "value": "十"}).status_code == 200


def test_a_workbook_is_uploaded_previewed_applied_and_undone(contract: Contract, engineer: Client) -> None:
    rows = [["编号", "名称", "颜色"], ["C1", "服务器组", "红"], ["C2", None, "蓝"]]
    file = SimpleUploadedFile("类别.xlsx", workbook(rows))
    answer = engineer.post(at(contract, "import/"), {"file": file}, follow=True)
    page = answer.content.decode()
    assert "颜色" in page
    assert "新记录必须填写此项" in page
    batch = LedgerBatch.objects.get()
    url = at(contract, f"import/{batch.pk}/")
    assert "没有写入任何内容" in engineer.post(url, {"only_good": "all"}).content.decode()
    engineer.post(url, {"only_good": "good"})
    assert Category.objects.filter(code="C1", deleted_at=None).exists()
    engineer.post(url, {"do": "undo", "confirmed": "1"})
    assert not Category.objects.filter(code="C1", deleted_at=None).exists()


def test_a_refused_job_leaves_the_preview_and_says_why(contract: Contract, engineer: Client) -> None:
    file = SimpleUploadedFile("类别.xlsx", workbook([["编号", "名称"], ["C1", "组"], ["C2", None]]))
    engineer.post(at(contract, "import/"), {"file": file})
    batch = LedgerBatch.objects.get()
    LedgerBatch.objects.update(state=LedgerBatch.State.APPLYING)
    jobs.apply.func(batch=batch.pk, user=User.objects.get().pk, only_good=False)
    batch.refresh_from_db()
    assert batch.state == LedgerBatch.State.PREVIEWED
    assert "第 3 行" in engineer.get(at(contract, f"import/{batch.pk}/")).content.decode()


@pytest.mark.parametrize("name", ["", "服务", "没有的"])
def test_the_list_finds_by_a_part_of_a_name(contract: Contract, engineer: Client, name: str) -> None:
    page = engineer.get(at(contract), {"q": name}, headers={"HX-Request": "true"}).content.decode()
    assert ("服务器" in page) == (name != "没有的")


def test_a_second_job_for_an_applied_import_does_not_make_it_appliable_again(
    contract: Contract, engineer: Client
) -> None:
    file = SimpleUploadedFile("类别.xlsx", workbook([["编号", "名称"], ["C1", "组"]]))
    engineer.post(at(contract, "import/"), {"file": file})
    batch = LedgerBatch.objects.get()
    LedgerBatch.objects.update(state=LedgerBatch.State.APPLYING)
    for _twice in range(2):
        jobs.apply.func(batch=batch.pk, user=User.objects.get().pk, only_good=False)
    batch.refresh_from_db()
    assert batch.state == LedgerBatch.State.APPLIED
    LedgerBatch.objects.filter(pk=batch.pk).update(total=jobs.MANY + 1)
    assert engineer.post(at(contract, f"import/{batch.pk}/"), {"only_good": "all"}).status_code == 200  # no job begins


def test_what_no_database_keeps_is_refused_or_left_out() -> None:
    assert text_of("a\0b") == "ab"
    with pytest.raises(Wrong, match="no IP address"):
        read_ip("fe80::1%eth0")
