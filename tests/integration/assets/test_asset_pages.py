"""What people see of assets: the list with its tabs, the page with its sentence and photos, the home cards."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from tests.integration.assets.world import CALLER, make_asset, make_category, make_contract, make_rack, workbook
from tests.integration.monitoring.world import make_user

from opspact.assets.asset_words import place, warranty
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category
from opspact.contracts.models import Contract, Site
from opspact.demo.ledgers import assets as demo
from opspact.identity.roles import Role
from opspact.kit.ledgers import imports
from opspact.kit.models import Approval, Attachment

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def contract(db: None) -> Contract:
    made = make_contract()
    make_category(made)
    return made


@pytest.fixture
def engineer(contract: Contract) -> Client:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    return client


@pytest.fixture
def folder(settings: object, tmp_path: Path) -> Iterator[Path]:
    kept = settings.STORAGES["default"]["OPTIONS"]["location"]  # type: ignore[attr-defined]
    settings.STORAGES["default"]["OPTIONS"]["location"] = str(tmp_path)  # type: ignore[attr-defined]
    yield tmp_path
    settings.STORAGES["default"]["OPTIONS"]["location"] = kept  # type: ignore[attr-defined]


def test_the_page_begins_with_what_where_who_and_the_warranty(contract: Contract, engineer: Client) -> None:
    ends = timezone.localdate() + timedelta(days=83)
    rack = make_rack(contract)
    asset = make_asset(
        contract, ASSETS, "服务器", rack=rack, u_pos=12, lifecycle="in_use", owner="王建国", warranty_end=ends
    )
    page = engineer.get(f"/c/watch/assets/{asset.pk}/").content.decode()
    assert "服务器, 指挥中心 一号机房 A01 U12, 在用, 王建国, " in page.replace("，", ", ").replace("、", ", ")
    assert "83" in page


def test_what_a_record_names_is_one_click_away_and_figures_have_their_thousands(
    contract: Contract, engineer: Client
) -> None:
    rack = make_rack(contract)
    server = make_asset(contract, ASSETS, "服务器", rack=rack, u_pos=3, value=Decimal("79500.00"))
    facts = engineer.get(f"/c/watch/assets/{server.pk}/").content.decode()
    assert f'<a href="/c/watch/racks/{rack.pk}/">A01</a>' in facts
    assert f'<a href="/c/watch/rooms/{rack.room_id}/">R1 一号机房</a>' in facts
    assert f'<a href="/c/watch/asset-categories/{server.category_id}/">SRV 服务器</a>' in facts
    assert "<dd>79,500.00</dd>" in facts


def test_a_form_says_what_must_be_on_record_first_and_leads_there(contract: Contract, engineer: Client) -> None:
    Category.objects.all().delete()
    page = engineer.get("/c/watch/assets/new/").content.decode()
    assert "类别：尚未登记" in page
    assert 'href="/c/watch/asset-categories/new/">去登记' in page
    make_category(contract)
    assert "尚未登记" not in engineer.get("/c/watch/assets/new/").content.decode()


def test_a_warranty_is_told_by_days() -> None:
    today = timezone.localdate()
    with override("en"):
        assert warranty(None, today) == ""
        assert warranty(today, today) == "warranty ends today"
        assert warranty(today + timedelta(days=1), today) == "warranty ends in 1 day"
        assert warranty(today - timedelta(days=1), today) == f"warranty ended on {today - timedelta(days=1)}"


def test_tabs_filter_by_status_and_warranty(contract: Contract, engineer: Client) -> None:
    today = timezone.localdate()
    make_asset(contract, ASSETS, "快到期", warranty_end=today + timedelta(days=60))
    make_asset(contract, ASSETS, "还早", warranty_end=today + timedelta(days=61), lifecycle="in_use")
    make_asset(contract, ASSETS, "已过期", warranty_end=today - timedelta(days=1), lifecycle="repair")
    make_asset(contract, ASSETS, "没有记")

    def names(query: str) -> set[str]:
        page = engineer.get(f"/c/watch/assets/?{query}").content.decode()
        return {name for name in ("快到期", "还早", "已过期", "没有记") if f">{name}<" in page}

    assert names("warranty=soon&sort=warranty_end") == {"快到期"}
    assert names("warranty=quarter") == {"快到期", "还早"}
    assert names("warranty=over") == {"已过期"}
    assert names("warranty=none") == {"没有记"}
    assert names("lifecycle=repair") == {"已过期"}


def test_the_status_of_many_changes_from_the_list(contract: Contract, engineer: Client) -> None:
    assets = [make_asset(contract, ASSETS, name, owner="王建国") for name in "甲乙"]
    asked = {"do": "bulk", "action": "step", "query": "", "pk": [str(asset.pk) for asset in assets]}
    assert 'name="to"' in engineer.post("/c/watch/assets/", asked).content.decode()
    engineer.post("/c/watch/assets/", asked | {"confirmed": "1", "to": "in_use", "reason": "上架"})
    assert set(Asset.objects.values_list("lifecycle", flat=True)) == {"in_use"}
    refused = engineer.post("/c/watch/assets/", asked | {"confirmed": "1", "to": "repair", "reason": ""})
    assert refused.status_code == 200
    engineer.post("/c/watch/assets/", asked | {"confirmed": "1", "to": "scrapped", "reason": "老旧"})
    assert Approval.objects.filter(state="open").count() == 2


def test_photos_stand_on_the_page_but_no_work_secrets(contract: Contract, engineer: Client, folder: Path) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    page = f"/c/watch/assets/{asset.pk}/"
    shown = engineer.get(page).content.decode()
    assert 'capture="environment"' in shown
    add = reverse("kit:attachment_add", kwargs={"contract": "watch", "model": "assets.asset", "pk": asset.pk})
    for name, level in (("front.png", "internal"), ("secret.png", "sensitive")):
        upload = SimpleUploadedFile(name, PIXEL, content_type="image/png")
        engineer.post(add, {"file": upload, "level": level, "next": page})
    assert Attachment.objects.count() == 2
    shown = engineer.get(page).content.decode()
    assert 'alt="front.png"' in shown
    assert 'alt="secret.png"' not in shown


def test_home_shows_warranties_and_repairs_to_the_clients_asset_manager(contract: Contract) -> None:
    today = timezone.localdate()
    make_asset(contract, ASSETS, "快到期的", warranty_end=today + timedelta(days=10))
    make_asset(contract, ASSETS, "在修的", lifecycle="repair")
    client = Client()
    client.force_login(make_user(Role.CLIENT_ASSET_MANAGER))
    home = client.get("/c/watch/").content.decode()
    assert "快到期的" in home
    assert "在修的" in home


def test_the_demo_is_made_once(contract: Contract) -> None:
    make_rack(contract)
    demo.make(CALLER, contract)
    made = Asset.objects.filter(contract=contract).count()
    assert made > 50
    assert Approval.objects.filter(state="open").count() == 1
    demo.make(CALLER, contract)
    assert Asset.objects.filter(contract=contract).count() == made


def test_a_site_named_after_its_room_is_said_once(contract: Contract) -> None:
    rack = make_rack(contract)
    asset = make_asset(contract, ASSETS, "服务器", rack=rack, u_pos=3)
    site, room = rack.room.site.name, rack.room.name
    assert place(asset) == f"{site} {room} {rack.code} U3"
    asset.site = Site(name=f"副中心{room}")
    assert place(asset) == f"副中心{room} {rack.code} U3"


def test_a_new_row_of_an_import_had_no_status_before(contract: Contract, engineer: Client) -> None:
    rows = [["名称", "类别", "使用状态"], ["甲", "服务器", "在用"]]
    batch = imports.upload(CALLER, ASSETS, contract, content=workbook(rows), name="x.xlsx", clears=False)
    imports.read(batch, ASSETS, contract)
    page = engineer.get(f"/c/watch/assets/import/{batch.pk}/").content.decode()
    assert "<ins>在用</ins>" in page
    assert "<del" not in page
