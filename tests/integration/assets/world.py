"""A contract with a site, a system, a room with a rack, and two categories; people of each role."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
from tests.integration.monitoring import world as below

from opspact.assets.ledgers.asset import CATEGORIES
from opspact.assets.ledgers.places import RACKS, ROOMS
from opspact.assets.models import Asset, Category, Rack, Room
from opspact.contracts.models import Contract, ContractParty, ScopeItem, Site
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.ledger import Ledger

NOW = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
CALLER = Caller(None, NOW, "test")


def make_contract() -> Contract:
    below.ready()
    contract = below.make_contract()
    system = below.make_system()
    ContractParty.objects.create(contract=contract, organisation=system.organisation, part=ContractParty.Part.CLIENT)
    ScopeItem.objects.create(contract=contract, system=system, starts_at=contract.starts_at)
    Site.objects.get_or_create(organisation=system.organisation, code="HQ", defaults={"name": "指挥中心"})
    return contract


def make_category(contract: Contract, code: str = "SRV", name: str = "服务器", abbreviation: str = "SV") -> Category:
    return actions.create(CALLER, CATEGORIES, contract, {"code": code, "name": name, "abbreviation": abbreviation})


def make_rack(contract: Contract, code: str = "A01", units: int = 42) -> Rack:
    site = Site.objects.get(code="HQ")
    room = Room.objects.filter(contract=contract, code="R1").first() or actions.create(
        CALLER, ROOMS, contract, {"code": "R1", "name": "一号机房", "site": site}
    )
    return actions.create(CALLER, RACKS, contract, {"code": code, "room": room, "units": units})


def make_asset(contract: Contract, ledger: Ledger, name: str, **values: Any) -> Asset:
    category = Category.objects.filter(contract=contract).first() or make_category(contract)
    return actions.create(CALLER, ledger, contract, {"name": name, "category": category, **values})


def workbook(rows: list[list[Any]], title: str = "台账") -> bytes:
    """A workbook with these rows, the first being the header."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
