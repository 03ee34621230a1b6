"""What is free in a prefix: blocks, the next addresses, the next prefix of a length. Read under a lock to take it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from opspact.assets.ipam import space, tree
from opspact.assets.models import Prefix

_ISLANDS = """
WITH blocks AS (
    SELECT low, high FROM ({top}) AS top
    UNION ALL SELECT first, last FROM assets_addressrange WHERE prefix_id = %(id)s AND deleted_at IS NULL
    UNION ALL SELECT %(gateway)s::inet, %(gateway)s::inet WHERE %(gateway)s::inet IS NOT NULL
    {more}
), walked AS (
    SELECT low, high,
        max(high) OVER (ORDER BY low, high ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM blocks
), parted AS (
    SELECT low, high, sum(CASE WHEN before IS NULL THEN 1 WHEN low > before
        THEN CASE WHEN low - 1 > before THEN 1 ELSE 0 END ELSE 0 END) OVER (ORDER BY low, high) AS island FROM walked
)
SELECT host(min(low)), host(max(high)) FROM parted GROUP BY island ORDER BY min(low)
"""
_TAKEN = """
    UNION ALL SELECT ip, ip FROM assets_ipaddress WHERE contract_id = %(contract)s AND prefix_id = %(id)s
        AND deleted_at IS NULL AND state <> 'released'
"""
_CHILDREN_ONLY = "SELECT host(low), host(high) FROM ({top}) AS top ORDER BY low"
_NEXT_TAKEN = """
SELECT host(ip) FROM assets_ipaddress
WHERE contract_id = %s AND coalesce(vrf_id, 0) = %s AND ip > %s AND ip <= %s AND deleted_at IS NULL
    AND state <> 'released' ORDER BY ip LIMIT 1
"""


def addresses(prefix: Prefix, how_many: int = 1) -> list[str]:
    """The lowest free addresses, fewer when there aren't so many.

    Not free: what is taken or reserved, ranges kept for something, the gateway, child prefixes, and the network and
    broadcast address unless the prefix is a pool.
    """
    network = space.network_of(prefix.prefix)
    found: list[str] = []
    for low, high in space.gaps(space.usable(network, is_pool=prefix.is_pool), _islands(prefix)):
        found += _in_gap(prefix, (low, high), how_many - len(found), network.version)
        if len(found) == how_many:
            break
    return found


def prefix_of_length(parent: Prefix, length: int) -> space.Network | None:
    """The lowest free prefix of this length in `parent`, holding none of its addresses or ranges."""
    network = space.network_of(parent.prefix)
    blocks = _islands(parent, with_addresses=True)
    return space.first_fit(space.gaps(space.whole(network), blocks), length, network.version)


def blocks(prefix: Prefix, most: int) -> list[space.Network]:
    """The space no child prefix has, in the fewest prefixes, at most so many of them."""
    network = space.network_of(prefix.prefix)
    found: list[space.Network] = []
    for gap in space.gaps(space.whole(network), _rows(_CHILDREN_ONLY.format(top=tree.TOP), prefix)):
        found += space.prefixes(gap, network.version)
        if len(found) >= most:
            break
    return found[:most]


def _in_gap(prefix: Prefix, gap: space.Block, how_many: int, version: int) -> list[str]:
    """Run by run: the first free address, and those up to the next taken one."""
    found: list[str] = []
    low, high = gap
    vrf = prefix.vrf_id or 0
    with connection.cursor() as cursor:
        while low <= high and len(found) < how_many:
            bounds = [space.text_of(low, version), space.text_of(high, version)]
            cursor.execute("SELECT host(ipam_first_free(%s, %s, %s, %s))", [prefix.contract_id, vrf, *bounds])
            (first,) = cursor.fetchone()
            if first is None:
                break
            start = space.number_of(first)
            end = start
            if how_many - len(found) > 1:
                cursor.execute(_NEXT_TAKEN, [prefix.contract_id, vrf, first, bounds[1]])
                taken = cursor.fetchone()
                end = space.number_of(taken[0]) - 1 if taken else high
            end = min(end, start + how_many - len(found) - 1)
            found += [space.text_of(number, version) for number in range(start, end + 1)]
            low = end + 1
    return found


def _islands(prefix: Prefix, *, with_addresses: bool = False) -> Iterator[space.Block]:
    """What of the prefix is not to be given, merged, in order."""
    yield from _rows(_ISLANDS.format(top=tree.TOP, more=_TAKEN if with_addresses else ""), prefix)


def _rows(sql: str, prefix: Prefix) -> list[space.Block]:
    with connection.cursor() as cursor:
        cursor.execute(sql, tree.params(prefix))
        return [(space.number_of(low), space.number_of(high)) for low, high in cursor]
