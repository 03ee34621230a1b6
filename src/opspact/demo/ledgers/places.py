"""The two machine rooms of the contract and the racks in them."""

from __future__ import annotations

from typing import Any

from opspact.assets.ledgers import common
from opspact.assets.ledgers.places import RACKS, ROOMS
from opspact.assets.models import Room
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions

# code, name, site, floor, power in W, keeper, columns and rows of the plan
ROOMS_OF_THE_CONTRACT = (
    ("JF-57", "57号院4号办公区机房", "ROOM-57-4", "2层", 24_000, "陈志强", 10, 6),
    ("JF-C1", "C1楼数据中心机房（托管区）", "ROOM-C1", "3层", 48_000, "赵敏", 14, 8),
)
# room, code, column and row, power in W, ports
RACKS_OF_THE_ROOMS = (
    *(("JF-57", f"A{number:02}", 2 + number, 3, 5_000, 144) for number in range(1, 5)),
    *(("JF-C1", f"B{number:02}", 2 + number, 3, 6_000, 192) for number in range(1, 5)),
    *(("JF-C1", f"C{number:02}", 2 + number, 6, 6_000, 192) for number in range(1, 4)),
)


def make(caller: Caller, contract: Any) -> None:
    """Once; a contract that has rooms is left alone."""
    if Room.objects.filter(contract=contract).exists():
        return
    sites = {site.code: site for site in common.sites(contract)}
    rooms = {}
    for code, name, site, floor, power, keeper, columns, rows in ROOMS_OF_THE_CONTRACT:
        if site not in sites:
            continue
        values = {"code": code, "name": name, "site": sites[site], "floor": floor, "power_w": power, "keeper": keeper}
        rooms[code] = actions.create(
            caller,
            ROOMS,
            contract,
            {**values, "plan_columns": columns, "plan_rows": rows, "network": "内网、外网、专网"},
        )
    for room, code, column, row, power, ports in RACKS_OF_THE_ROOMS:
        if room in rooms:
            values = {
                "code": code,
                "name": f"{code[0]} 列 {int(code[1:])} 号柜",
                "room": rooms[room],
                "units": 42,
                "power_w": power,
            }
            actions.create(caller, RACKS, contract, {**values, "ports": ports, "plan_x": column, "plan_y": row})
