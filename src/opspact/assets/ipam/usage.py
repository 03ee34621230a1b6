"""How full prefixes are, by aggregates over what is stored: the time does not grow with the size of the prefix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import connection

from opspact.assets.ipam import space, tree
from opspact.assets.models import Prefix


@dataclass(frozen=True)
class Usage:
    """Numbers of addresses: `size` that can be used; of them in child prefixes, in ranges, and taken one by one.

    The gateway counts as taken once, whether or not it is on the ledger.
    """

    size: int
    in_children: int = 0
    in_ranges: int = 0
    addresses: int = 0

    @property
    def used(self) -> int:
        return min(self.size, self.in_children + self.in_ranges + self.addresses)

    @property
    def free(self) -> int:
        return self.size - self.used

    @property
    def share(self) -> Fraction:
        return Fraction(self.used, self.size)


_CHILDREN = """
SELECT coalesce(sum(power(2::numeric, CASE family(prefix) WHEN 4 THEN 32 ELSE 128 END - masklen(prefix))), 0)
FROM ({top}) AS top
""".replace("{top}", tree.TOP)
_RANGES = """
SELECT prefix_id, first, last FROM assets_addressrange WHERE prefix_id = ANY(%s) AND deleted_at IS NULL
"""
_ADDRESSES = """
SELECT prefix_id, count(*) FROM assets_ipaddress AS address
WHERE contract_id = %s AND prefix_id = ANY(%s) AND deleted_at IS NULL AND state <> 'released'
GROUP BY prefix_id
"""
_IN_RANGES = """
SELECT address.prefix_id, count(*) FROM assets_ipaddress AS address
JOIN assets_addressrange AS kept ON kept.prefix_id = address.prefix_id AND kept.deleted_at IS NULL
    AND address.ip BETWEEN kept.first AND kept.last
WHERE address.contract_id = %s AND address.prefix_id = ANY(%s) AND address.deleted_at IS NULL
    AND address.state <> 'released'
GROUP BY address.prefix_id
"""
_GATEWAYS = """
SELECT prefix.id FROM assets_prefix AS prefix
WHERE prefix.id = ANY(%s) AND prefix.gateway IS NOT NULL AND prefix.gateway <<= prefix.prefix
    AND NOT EXISTS (SELECT 1 FROM assets_ipaddress AS address WHERE address.prefix_id = prefix.id
        AND address.ip = prefix.gateway AND address.deleted_at IS NULL AND address.state <> 'released')
    AND NOT EXISTS (SELECT 1 FROM assets_addressrange AS kept WHERE kept.prefix_id = prefix.id
        AND kept.deleted_at IS NULL AND prefix.gateway BETWEEN kept.first AND kept.last)
    AND NOT EXISTS (SELECT 1 FROM assets_prefix AS child WHERE child.contract_id = prefix.contract_id
        AND coalesce(child.vrf_id, 0) = coalesce(prefix.vrf_id, 0) AND child.deleted_at IS NULL
        AND child.prefix << prefix.prefix AND child.prefix >>= prefix.gateway)
"""


def usage_of(prefix: Prefix) -> Usage:
    return usages([prefix])[prefix.pk]


def usages(prefixes: Sequence[Prefix]) -> dict[int, Usage]:
    """By key of the prefix; all of one contract."""
    if not prefixes:
        return {}
    keys, contract = [prefix.pk for prefix in prefixes], prefixes[0].contract_id
    with connection.cursor() as cursor:
        kept = _range_sizes(_rows(cursor, _RANGES, [keys]))
        addresses = dict(_rows(cursor, _ADDRESSES, [contract, keys]))
        within = dict(_rows(cursor, _IN_RANGES, [contract, keys])) if kept else {}
        gateways = {key for (key,) in _rows(cursor, _GATEWAYS, [keys])}
        return {
            prefix.pk: Usage(
                space.size(_counted(prefix, children := _in_children(cursor, prefix))),
                in_children=children,
                in_ranges=kept.get(prefix.pk, 0),
                addresses=addresses.get(prefix.pk, 0) - within.get(prefix.pk, 0) + (prefix.pk in gateways),
            )
            for prefix in prefixes
        }


def _counted(prefix: Prefix, in_children: int) -> space.Block:
    """Of a prefix that is divided, everything can be used: its network address is a child's."""
    network = space.network_of(prefix.prefix)
    return space.whole(network) if in_children else space.usable(network, is_pool=prefix.is_pool)


def _in_children(cursor: Any, prefix: Prefix) -> int:
    cursor.execute(_CHILDREN, tree.params(prefix))
    return int(cursor.fetchone()[0])


def _range_sizes(rows: Iterable[tuple[int, Any, Any]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for key, first, last in rows:
        found[key] = found.get(key, 0) + space.number_of(last) - space.number_of(first) + 1
    return found


def _rows(cursor: Any, sql: str, given: Sequence[Any]) -> list[Any]:
    cursor.execute(sql, given)
    return cursor.fetchall()
