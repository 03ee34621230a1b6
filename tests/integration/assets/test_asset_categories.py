"""Typed fields that categories define as data: validated, filtered, exported, and nothing lost by changing them."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from tests.integration.assets.world import CALLER, make_asset, make_category, make_contract, workbook
from tests.integration.monitoring.world import make_user

from opspact.assets import category_fields
from opspact.assets.actions.categories import add_field, change_field, move_field, remove_field
from opspact.assets.ledgers.asset import ASSETS, CATEGORIES
from opspact.assets.models import Asset, Category, CategoryField
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers import workbook as out
from opspact.kit.ledgers.filters import filterset_of
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Change, LedgerBatch

Kind = CategoryField.Kind


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def servers(contract: Contract) -> Category:
    made = make_category(contract)
    add_field(CALLER, made, label="内存（GB）", kind=Kind.WHOLE, is_required=True)
    add_field(CALLER, made, label="磁盘类型", kind=Kind.CHOICE, options=["SSD", "机械盘", "SSD"])
    add_field(CALLER, made, label="主频", kind=Kind.AMOUNT)
    add_field(CALLER, made, label="上次清灰", kind=Kind.DAY)
    add_field(CALLER, made, label="双电源", kind=Kind.YES_NO)
    return made


def names(contract: Contract) -> dict[str, str]:
    return {row.label: f"extra.{row.name}" for row in category_fields.rows(contract)}


def make_server(contract: Contract, name: str = "服务器", **values: object) -> Asset:
    known = names(contract)
    return make_asset(contract, ASSETS, name, **{known[label]: value for label, value in values.items()})


FULL = {"内存（GB）": 256, "磁盘类型": "SSD", "主频": Decimal("2.40"), "上次清灰": date(2026, 3, 1), "双电源": True}


def test_values_go_to_excel_and_come_back_unchanged(contract: Contract, servers: Category) -> None:
    make_server(contract, "甲", **FULL)
    make_server(contract, "乙", **{"内存（GB）": 0})
    target = io.BytesIO()
    out.write(target, ASSETS, contract, "zh-hans", ASSETS.records(contract))
    batch = imports.upload(CALLER, ASSETS, contract, content=target.getvalue(), name="回.xlsx", clears=True)
    imports.read(batch, ASSETS, contract)
    assert batch.counts == {"same": 2}, list(batch.rows.values("changes", "problems"))


def test_the_form_and_the_notes_of_the_template_say_which_category_needs_a_field(
    contract: Contract, servers: Category
) -> None:
    made = {each.name: str(each.help) for each in category_fields.own_fields(contract)}
    needed, free = (made[names(contract)[label]] for label in ("内存（GB）", "磁盘类型"))
    assert needed == "适用类别：服务器　必填类别：服务器"
    assert free == "适用类别：服务器"
    target = io.BytesIO()
    out.write(target, ASSETS, contract, "zh-hans")
    notes = openpyxl.load_workbook(io.BytesIO(target.getvalue()))["说明"]
    assert dict(notes.iter_rows(values_only=True))["内存（GB）"] == needed


def test_a_workbook_says_them_under_their_labels(contract: Contract, servers: Category) -> None:
    rows = [
        ["名称", "类别", "内存(GB)", "磁盘类型", "上次清灰"],
        ["好", "服务器", "２５６", "ssd", "2026.3.1"],
        ["坏", "服务器", "很多", "磁带", "三月"],
        ["缺", "服务器", None, None, None],
    ]
    batch: LedgerBatch = imports.upload(CALLER, ASSETS, contract, content=workbook(rows), name="x.xlsx", clears=False)
    imports.read(batch, ASSETS, contract)
    known = names(contract)
    problems = {row.number: {each[1]: each[0] for each in row.problems} for row in batch.rows.filter(status="wrong")}
    assert problems[3] == {"C3": known["内存（GB）"], "D3": known["磁盘类型"], "E3": known["上次清灰"]}
    assert list(problems[4].values()) == [known["内存（GB）"]]
    imports.apply(CALLER, ASSETS, contract, batch, only_good=True)
    assert set(Asset.objects.get(name="好").extra.values()) == {256, "SSD", "2026-03-01"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"内存（GB）": "256"}, ["甲"]),
        ({"主频": "2.4"}, ["甲"]),
        ({"主频": "2.5"}, []),
        ({"上次清灰_since": "2026-02-01"}, ["甲"]),
        ({"上次清灰_until": "2026-02-01"}, []),
        ({"磁盘类型": "SSD"}, ["甲"]),
        ({"双电源": "yes"}, ["甲"]),
        ({"双电源": "no"}, ["乙"]),
    ],
)
def test_they_filter_by_their_value(
    contract: Contract, servers: Category, query: dict[str, str], found: list[str]
) -> None:
    make_server(contract, "甲", **FULL)
    make_server(contract, "乙", **{"内存（GB）": 128})
    known = {label: name.replace(".", "__") for label, name in names(contract).items()}
    asked = {known[key.split("_")[0]] + key[len(key.split("_")[0]) :]: value for key, value in query.items()}
    filters = filterset_of(ASSETS, contract)(asked, queryset=ASSETS.records(contract))
    assert filters.is_valid(), filters.errors
    assert [asset.name for asset in filters.qs.order_by("code")] == found


def test_what_a_category_asks_for_must_be_filled_and_is_its_own(contract: Contract, servers: Category) -> None:
    with pytest.raises(RecordRefused, match="need this"):
        make_asset(contract, ASSETS, "空")
    printers = make_category(contract, "PRN", "打印机", "PR")
    with pytest.raises(RecordRefused, match="have no such field"):
        actions.create(
            CALLER, ASSETS, contract, {"name": "打印机", "category": printers, names(contract)["磁盘类型"]: "SSD"}
        )


def test_a_category_has_the_fields_of_the_one_it_belongs_to(contract: Contract, servers: Category) -> None:
    blades = actions.create(CALLER, CATEGORIES, contract, {"code": "BLD", "name": "刀片", "parent": servers})
    add_field(CALLER, blades, label="槽位", kind=Kind.WHOLE)
    assert set(category_fields.by_category(contract)[blades.pk]) == {it[6:] for it in names(contract).values()}
    with pytest.raises(RecordRefused, match="can't belong to itself"):
        actions.change(CALLER, CATEGORIES, servers, {"parent": blades})


def test_labels_that_would_be_read_as_another_column_are_refused(contract: Contract, servers: Category) -> None:
    for label in ("序列号", "SN", "内存 (GB)"):
        with pytest.raises(ValidationError):
            add_field(CALLER, servers, label=label, kind=Kind.WHOLE)
    printers = make_category(contract, "PRN", "打印机", "PR")
    with pytest.raises(ValidationError, match="内存"):
        add_field(CALLER, printers, label="内存（GB）", kind=Kind.TEXT)
    shared = add_field(CALLER, printers, label="磁盘类型", kind=Kind.CHOICE, options=["无盘"])
    assert f"extra.{shared.name}" == names(contract)["磁盘类型"]
    column = next(each for each in ASSETS.extra_fields(contract) if each.label == "磁盘类型")
    assert column.kind.choices() == ["无盘", "SSD", "机械盘"]
    with pytest.raises(RecordRefused, match="is not one of: SSD、机械盘"):
        make_server(contract, **{"内存（GB）": 1, "磁盘类型": "无盘"})


def test_a_choice_in_use_stays_and_a_kind_in_use_too(contract: Contract, servers: Category) -> None:
    make_server(contract, **FULL)
    disk = servers.own_fields.get(label="磁盘类型")
    with pytest.raises(ValidationError, match="SSD"):
        change_field(CALLER, servers, field=disk, label="磁盘类型", kind=Kind.CHOICE, options=["机械盘"])
    with pytest.raises(ValidationError):
        change_field(CALLER, servers, field=disk, label="磁盘类型", kind=Kind.TEXT)
    change_field(CALLER, servers, field=disk, label="硬盘", kind=Kind.CHOICE, options=["SSD", "NVMe"])
    disk.refresh_from_db()
    assert (disk.label, disk.options) == ("硬盘", ["SSD", "NVMe"])


def test_removing_a_field_takes_its_values_off_and_the_history_keeps_them(
    contract: Contract, servers: Category
) -> None:
    asset = make_server(contract, **FULL)
    disk = servers.own_fields.get(label="磁盘类型")
    assert remove_field(CALLER, servers, field=disk) == 1
    asset.refresh_from_db()
    assert disk.name not in asset.extra
    change = Change.objects.filter(subject_id=asset.pk).first()
    assert change is not None
    assert change.fields == {f"extra.{disk.name}": ["SSD", ""]}


def test_order_is_theirs_to_choose(contract: Contract, servers: Category) -> None:
    last = servers.own_fields.get(label="双电源")
    move_field(CALLER, servers, field=last, up=True)
    assert [row.label for row in category_fields.rows(contract)][-2:] == ["双电源", "上次清灰"]


def test_the_form_asks_by_category_and_empties_what_others_have(contract: Contract, servers: Category) -> None:
    printers = make_category(contract, "PRN", "打印机", "PR")
    asset = make_server(contract, **FULL)
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    page = client.get(f"/c/watch/assets/{asset.pk}/edit/").content.decode()
    assert f'data-categories="{servers.pk}"' in page
    key = names(contract)["磁盘类型"].replace(".", "__")
    posted = {"code": asset.code, "name": "改作打印服务", "category": printers.pk, key: "SSD", "version": asset.version}
    answer = client.post(f"/c/watch/assets/{asset.pk}/edit/", posted | {"face": "both"})
    assert answer.status_code == 302, answer.content.decode()
    asset.refresh_from_db()
    assert (asset.category, asset.extra) == (printers, {})


def test_the_page_of_fields_adds_orders_changes_and_asks_before_removing(contract: Contract, servers: Category) -> None:
    make_server(contract, **FULL)
    client = Client()
    client.force_login(make_user(Role.CLIENT_ASSET_MANAGER))
    page = f"/c/watch/asset-categories/{servers.pk}/fields/"
    answer = client.post(page, {"label": "RAID", "kind": "choice", "options": "RAID 1\nRAID 5"}, follow=True)
    assert "RAID 1、RAID 5" in answer.content.decode()
    assert servers.own_fields.get(label="RAID").name == "raid"
    disk = servers.own_fields.get(label="磁盘类型")
    asked = client.post(f"{page}{disk.name}/remove/").content.decode()
    assert "“磁盘类型”" in asked
    assert servers.own_fields.filter(pk=disk.pk).exists()
    client.post(f"{page}{disk.name}/remove/", {"confirmed": "1"})
    assert not servers.own_fields.filter(pk=disk.pk).exists()
    assert client.get(f"{page}raid/").status_code == 200
    assert client.post(page, {"label": "序列号", "kind": "text"}).status_code == 200
    engineer = Client()
    engineer.force_login(make_user(Role.ENGINEER))
    assert engineer.get(page).status_code == 403


def test_a_category_stays_while_an_asset_or_another_category_names_it(contract: Contract, servers: Category) -> None:
    blade = actions.create(CALLER, CATEGORIES, contract, {"code": "BLD", "name": "刀片", "parent": servers})
    with pytest.raises(RecordRefused) as refused:
        actions.delete(CALLER, CATEGORIES, contract, [servers])
    ((_field, wrong),) = refused.value.problems[0]
    assert wrong.params == {"thing": "BLD 刀片", "record": "SRV 服务器"}
    make_asset(contract, ASSETS, "甲", category=blade, **{names(contract)["内存（GB）"]: 64})
    with pytest.raises(RecordRefused):
        actions.delete(CALLER, CATEGORIES, contract, [blade])
    actions.delete(CALLER, ASSETS, contract, list(Asset.objects.all()))
    assert actions.delete(CALLER, CATEGORIES, contract, [blade]) == 1
    assert actions.delete(CALLER, CATEGORIES, contract, [servers]) == 1
