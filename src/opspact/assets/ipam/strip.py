"""A prefix as a sheet of at most 256 cells: single addresses, or the equal blocks of a wider prefix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from opspact.assets.ipam import space, tree
from opspact.assets.models import AddressRange, IpAddress, Prefix

CELLS = 8
"""Bits: 256 cells."""
EDGE, GATEWAY, RANGE, CHILD, PARTLY, FREE = "edge", "gateway", "range", "child", "partly", "free"


@dataclass(frozen=True)
class Cell:
    """`is_a` is one of the words above, or the state of the address; `of` who has it, or how many addresses."""

    label: str
    is_a: str
    where: str
    record: Any = None
    of: str = ""


def cells(prefix: Prefix) -> list[Cell]:
    network = space.network_of(prefix.prefix)
    bits = network.max_prefixlen - network.prefixlen
    return list(_addresses(prefix, network) if bits <= CELLS else _blocks(prefix, network))


def _addresses(prefix: Prefix, network: space.Network) -> Iterator[Cell]:
    low, high = space.whole(network)
    first, last = space.usable(network, is_pool=prefix.is_pool)
    gateway = space.number_of(prefix.gateway) if prefix.gateway else -1
    known = {space.number_of(each.ip): each for each in _in(prefix)}
    children = [(space.whole(space.network_of(each.prefix)), each) for each in tree.children(prefix, 1 << CELLS)]
    ranges = [
        ((space.number_of(each.first), space.number_of(each.last)), each)
        for each in AddressRange.objects.filter(prefix=prefix, deleted_at=None)
    ]
    for number in range(low, high + 1):
        ip = space.text_of(number, network.version)
        label = ip.rpartition("." if network.version == 4 else ":")[2] or "0"
        address = known.get(number)
        child, kept = _holding(children, number), _holding(ranges, number)
        if address is not None and address.state != IpAddress.State.RELEASED:
            yield Cell(label, address.state, ip, address, " ".join(filter(None, (address.name, address.user))))
        elif number == gateway:
            yield Cell(label, GATEWAY, ip)
        elif child is not None:
            yield Cell(label, CHILD, ip, child, str(child.prefix))
        elif not first <= number <= last:
            yield Cell(label, EDGE, ip)
        elif kept is not None:
            yield Cell(label, RANGE, ip, kept, kept.purpose)
        else:
            yield Cell(label, FREE, ip)


def _blocks(prefix: Prefix, network: space.Network) -> Iterator[Cell]:
    """/24 for a prefix from /16 on, as people think of them; 256 equal blocks otherwise. An IPv6 block is labelled with
    the eight bits that make it, in hex: its whole name fits no cell."""
    is_office_size = network.version == 4 and network.prefixlen >= 16
    length = 24 if is_office_size else network.prefixlen + CELLS
    wide = {space.whole(space.network_of(each.prefix)): each for each in _wide_children(prefix, length)}
    narrow = _grouped(_NARROW, prefix, length)
    own = _grouped(_OWN, prefix, length)
    for at, block in enumerate(network.subnets(new_prefix=length)):
        number = int(block.network_address)
        label = str(block.network_address).split(".")[_octet(length)] if network.version == 4 else f"{at:02x}"
        child = _holding(list(wide.items()), number)
        if child is not None:
            yield Cell(label, CHILD, str(block), child, str(child.prefix))
        elif str(block) in narrow or str(block) in own:
            yield Cell(label, PARTLY, str(block), None, str(narrow.get(str(block), 0) + own.get(str(block), 0)))
        else:
            yield Cell(label, FREE, str(block))


_WIDE = "SELECT id FROM ({top}) AS top WHERE masklen(prefix) <= %(length)s".replace("{top}", tree.TOP)
_NARROW = """
SELECT network(set_masklen(low, %(length)s)), count(*) FROM ({top}) AS top WHERE masklen(prefix) > %(length)s GROUP BY 1
""".replace("{top}", tree.TOP)
_OWN = """
SELECT network(set_masklen(ip, %(length)s)), count(*) FROM assets_ipaddress
WHERE contract_id = %(contract)s AND prefix_id = %(id)s AND deleted_at IS NULL AND state <> 'released' GROUP BY 1
"""


def _wide_children(prefix: Prefix, length: int) -> list[Prefix]:
    with connection.cursor() as cursor:
        cursor.execute(_WIDE, {**tree.params(prefix), "length": length})
        return list(Prefix.objects.filter(pk__in=[key for (key,) in cursor]).select_related("contract"))


def _grouped(sql: str, prefix: Prefix, length: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**tree.params(prefix), "length": length})
        return {str(block): count for block, count in cursor}


def _in(prefix: Prefix) -> list[IpAddress]:
    found = IpAddress.objects.filter(contract=prefix.contract_id, vrf=prefix.vrf_id, deleted_at=None)
    return list(found.filter(ip__within=str(prefix.prefix)).select_related("contract"))


def _holding(blocks: list[tuple[space.Block, Any]], number: int) -> Any:
    return next((thing for (low, high), thing in blocks if low <= number <= high), None)


def _octet(length: int) -> int:
    return (length - 1) // 8
