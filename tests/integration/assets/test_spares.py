"""Spare parts: every piece that moves is written down, and nobody takes what is not there."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection, connections
from django.test import Client
from tests.integration.assets.world import CALLER, make_asset, make_contract, workbook
from tests.integration.monitoring.world import make_user

from opspact.assets.actions import spares
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.spares import SPARES
from opspact.assets.models import SpareMovement, SparePart
from opspact.assets.views.spares import used_in
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit import inbox
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, imports, undoing
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Change, Message


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def make_part(contract: Contract, name: str = "300G 硬盘", stock: int = 0, **values: Any) -> SparePart:
    values = {"name": name, "unit": "块", "minimum": 2, "price": Decimal("1200.00"), **values}
    part = actions.create(CALLER, SPARES, contract, values)
    if stock:
        spares.receive(CALLER, part, amount=stock, reference="到货单 1")
    return part


def moves(part: SparePart) -> list[tuple[str, int, int]]:
    return list(part.movements.order_by("id").values_list("kind", "amount", "stock_after"))


def test_the_stock_is_the_sum_of_its_movements(contract: Contract) -> None:
    part, server = make_part(contract, stock=5), make_asset(contract, ASSETS, "服务器")
    spares.use(CALLER, part, amount=3, asset=server, reference="INC-2026-0007")
    spares.give_back(CALLER, part, amount=1, asset=server)
    spares.count(CALLER, part, counted=7, reference="年度盘点")
    assert moves(part) == [("in", 5, 5), ("used", -3, 2), ("returned", 1, 3), ("corrected", 4, 7)]
    assert SparePart.objects.get(pk=part.pk).stock == 7
    assert [change.fields["stock"] for change in Change.objects.filter(subject_id=part.pk)[:2]] == [
        ["3", "7"],
        ["2", "3"],
    ]


def test_more_than_is_there_is_not_taken(contract: Contract) -> None:
    part = make_part(contract, stock=2)
    with pytest.raises(RecordRefused, match="only 2 块 are in stock; 3 can't be taken"):
        spares.use(CALLER, part, amount=3, reference="INC-1")
    assert moves(part) == [("in", 2, 2)]


def test_a_use_names_what_it_was_for_and_amounts_are_positive(contract: Contract) -> None:
    part = make_part(contract, stock=2)
    with pytest.raises(RecordRefused, match="on which asset or for which repair"):
        spares.use(CALLER, part, amount=1)
    for wrong in (0, -1, 10_000_000):
        with pytest.raises(RecordRefused, match="from 1 to"):
            spares.receive(CALLER, part, amount=wrong)
    with pytest.raises(RecordRefused, match="from 0 to"):
        spares.count(CALLER, part, counted=-1, reference="盘点")


def test_counting_what_the_ledger_says_moves_nothing(contract: Contract) -> None:
    part = make_part(contract, stock=2)
    assert spares.count(CALLER, part, counted=2, reference="盘点") is None
    assert len(moves(part)) == 1


def test_a_movement_can_neither_be_changed_nor_deleted(contract: Contract) -> None:
    part = make_part(contract, stock=2)
    with pytest.raises(Exception, match="append"), connection.cursor() as cursor:
        cursor.execute("UPDATE assets_sparemovement SET amount = 9 WHERE part_id = %s", [part.pk])


def test_a_figure_in_excel_is_a_correction_by_count_and_its_undoing_is_another(contract: Contract) -> None:
    part = make_part(contract, stock=5)
    rows = [["编号", "名称", "库存", "最低库存"], [part.code, "300G 硬盘", 3, 2], [None, "电源模块", 4, 1]]
    batch = imports.upload(CALLER, SPARES, contract, content=workbook(rows), name="备件.xlsx", clears=False)
    imports.read(batch, SPARES, contract)
    imports.apply(CALLER, SPARES, contract, batch, only_good=False)
    assert moves(part)[-1] == ("corrected", -2, 3)
    assert moves(SparePart.objects.get(name="电源模块")) == [("corrected", 4, 4)]
    undoing.undo(CALLER, SPARES, contract, batch)
    assert moves(part)[-1] == ("corrected", 2, 5)


def test_keepers_are_told_when_a_stock_falls_below_its_minimum(contract: Contract) -> None:
    keeper, staff = make_user(Role.ENGINEER, contract.code), make_user(Role.CLIENT_STAFF, contract.code)
    disk = make_part(contract, stock=3, minimum=2)
    spares.use(CALLER, disk, amount=1, reference="INC-1")
    assert not Message.objects.exists()  # two left are what must be there
    spares.use(CALLER, disk, amount=1, reference="INC-2")
    spares.use(CALLER, disk, amount=1, reference="INC-3")
    message = Message.objects.get()  # short already: nobody is told again
    assert (message.user, message.url) == (keeper, f"/c/{contract.code}/spare-parts/{disk.pk}/")
    assert inbox.words_of(message) == f"备件 {disk} 低于最低库存：现有 1，最低应有 2"
    spares.receive(CALLER, disk, amount=5)
    actions.change(CALLER, SPARES, SparePart.objects.get(pk=disk.pk), {"minimum": 6}, "年初调整")
    assert Message.objects.filter(user=keeper).count() == 2
    assert not Message.objects.filter(user=staff).exists()


def test_a_count_of_many_that_run_short_is_one_message(contract: Contract) -> None:
    make_user(Role.SERVICE_MANAGER, contract.code)
    parts = [make_part(contract, stock=3, minimum=2, name=f"备件{n}") for n in range(3)]
    rows = [["编号", "库存"], *([part.code, 0] for part in parts)]
    batch = imports.upload(CALLER, SPARES, contract, content=workbook(rows), name="盘点.xlsx", clears=False)
    imports.read(batch, SPARES, contract)
    imports.apply(CALLER, SPARES, contract, batch, only_good=False)
    message = Message.objects.get()
    assert message.params["count"] == 3
    assert message.url.endswith("/spare-parts/?short=yes")


def test_the_value_of_a_period_is_what_was_used_at_the_price_of_its_day(contract: Contract) -> None:
    part = make_part(contract, stock=10)
    zone = ZoneInfo("Asia/Shanghai")
    for month, amount in ((7, 2), (8, 3)):
        caller = Caller(None, datetime(2026, month, 20, 12, tzinfo=zone), "test")
        spares.use(caller, part, amount=amount, reference="INC-1")
        part = actions.change(CALLER, SPARES, part, {"price": Decimal("1000.00")})
    found = SpareMovement.objects.filter(part=part)
    assert used_in(found.filter(at__month=7)) == (2, Decimal("2400.00"))
    assert used_in(found) == (5, Decimal("5400.00"))


def in_threads(count: int, run: Callable[[], None]) -> None:
    def once() -> None:
        try:
            run()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=once) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_ten_people_at_once_take_no_more_than_there_is() -> None:
    part = make_part(make_contract(), stock=6)
    refused: list[str] = []

    def take() -> None:
        try:
            spares.use(own_caller(), SparePart.objects.get(pk=part.pk), amount=1, reference="INC-1")
        except RecordRefused as wrong:
            refused.append(str(wrong))

    in_threads(10, take)
    assert len(refused) == 4
    assert sorted(stock for _kind, amount, stock in moves(part) if amount < 0) == [0, 1, 2, 3, 4, 5]
    assert SparePart.objects.get(pk=part.pk).stock == 0


def own_caller() -> Caller:
    return Caller(None, CALLER.now, "test")


def test_the_pages_show_what_runs_short_and_what_an_asset_got(contract: Contract) -> None:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    part, server = make_part(contract, stock=3), make_asset(contract, ASSETS, "服务器")
    make_part(contract, "风扇", stock=9)
    url = f"/c/watch/spare-parts/{part.pk}/"
    refused = client.post(f"{url}use/", {"amount": 5, "asset": server.code}).content.decode()
    assert 'id="id_amount_error"' in refused
    done = client.post(f"{url}use/", {"amount": 2, "asset": server.code, "reference": "INC-7"})
    assert (done.status_code, done["Location"]) == (302, url)
    short = client.get("/c/watch/spare-parts/?short=yes").content.decode().split('id="op-list"')[1]
    assert part.code in short
    assert "风扇" not in short
    assert "INC-7" in client.get(f"/c/watch/assets/{server.pk}/").content.decode()
    assert "300G 硬盘" in client.get("/c/watch/").content.decode()
    movements = client.get("/c/watch/spare-parts/movements/?kind=used").content.decode()
    assert "¥2,400.00" in movements
    export = client.get("/c/watch/spare-parts/movements/?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(export))).active
    assert sheet.max_row >= 4
    for name in ("receive", "return", "count"):
        assert client.get(f"{url}{name}/").status_code == 200
    assert client.post(f"{url}count/", {"amount": 0, "reference": "盘点"}).status_code == 302
    assert SparePart.objects.get(pk=part.pk).stock == 0
    assert client.get(url).status_code == 200


def test_who_may_only_look_moves_nothing(contract: Contract) -> None:
    client = Client()
    client.force_login(make_user(Role.CLIENT_MANAGER))
    part = make_part(contract, stock=3)
    assert client.get(f"/c/watch/spare-parts/{part.pk}/").status_code == 200
    assert client.post(f"/c/watch/spare-parts/{part.pk}/use/", {"amount": 1}).status_code == 403
