"""How prefixes nest, in one routing domain: parents, children, how deep, and in which one an address is at home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from opspact.assets.models import Prefix

Home = tuple[int | None, str]
"""A routing domain's key (None: the contract's own) and an address."""

# Ordered by prefix, parents stand before their children; what ends after everything before it is nobody's child.
TOP = """
SELECT id, prefix, set_masklen(prefix::inet, bits) AS low, set_masklen(broadcast(prefix), bits) AS high FROM (
    SELECT id, prefix, bits, max(set_masklen(broadcast(prefix), bits))
        OVER (ORDER BY prefix ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM (
        SELECT id, prefix, CASE family(prefix) WHEN 4 THEN 32 ELSE 128 END AS bits FROM assets_prefix
        WHERE contract_id = %(contract)s AND coalesce(vrf_id, 0) = %(vrf)s AND deleted_at IS NULL
            AND prefix << %(prefix)s::cidr
    ) AS inside
) AS walked
WHERE covered IS NULL OR set_masklen(prefix::inet, bits) > covered
"""
_CHILDREN = "SELECT id FROM ({top}) AS top ORDER BY prefix LIMIT %(most)s".replace("{top}", TOP)


def params(prefix: Prefix) -> dict[str, Any]:
    """What the queries about one prefix ask with."""
    return {
        "contract": prefix.contract_id,
        "vrf": prefix.vrf_id or 0,
        "prefix": str(prefix.prefix),
        "id": prefix.pk or 0,
        "gateway": prefix.gateway or None,
    }


def beside(prefix: Prefix) -> QuerySet[Prefix]:
    """The prefixes of its routing domain."""
    return Prefix.objects.filter(contract=prefix.contract_id, vrf=prefix.vrf_id, deleted_at=None)


def parents(prefix: Prefix) -> list[Prefix]:
    """Those it lies in, the widest first."""
    return list(beside(prefix).filter(prefix__covers=str(prefix.prefix)).exclude(pk=prefix.pk).order_by("prefix"))


def children(prefix: Prefix, most: int) -> list[Prefix]:
    """Those right below it, at most so many."""
    with connection.cursor() as cursor:
        cursor.execute(_CHILDREN, {**params(prefix), "most": most})
        keys = [key for (key,) in cursor]
    return list(Prefix.objects.filter(pk__in=keys).select_related("vlan", "site").order_by("prefix"))


def depths(prefixes: Sequence[Prefix]) -> dict[int, int]:
    """By key, in how many prefixes each lies."""
    if not prefixes:
        return {}
    sql = """
        SELECT inner_one.id, count(outer_one.id) FROM assets_prefix AS inner_one
        JOIN assets_prefix AS outer_one ON outer_one.contract_id = inner_one.contract_id
            AND coalesce(outer_one.vrf_id, 0) = coalesce(inner_one.vrf_id, 0) AND outer_one.deleted_at IS NULL
            AND outer_one.prefix >> inner_one.prefix
        WHERE inner_one.id = ANY(%s) GROUP BY inner_one.id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [[prefix.pk for prefix in prefixes]])
        return dict(cursor.fetchall())


def homes(contract: Any, wanted: Sequence[Home]) -> list[Prefix | None]:
    """The narrowest prefix that holds each address, None where there is none. Two queries."""
    if not wanted:
        return []
    sql = """
        SELECT wanted.at, (
            SELECT id FROM assets_prefix AS prefix
            WHERE prefix.contract_id = %s AND coalesce(prefix.vrf_id, 0) = wanted.vrf AND prefix.deleted_at IS NULL
                AND prefix.prefix >>= wanted.ip
            ORDER BY masklen(prefix.prefix) DESC LIMIT 1
        ) FROM unnest(%s::bigint[], %s::inet[]) WITH ORDINALITY AS wanted(vrf, ip, at)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [contract.pk, [vrf or 0 for vrf, _ip in wanted], [ip for _vrf, ip in wanted]])
        found = {at - 1: key for at, key in cursor}
    known = Prefix.objects.in_bulk({key for key in found.values() if key})
    return [known.get(found[at]) if found[at] else None for at in range(len(wanted))]


def rehome(contract: Any, prefixes: Sequence[Prefix]) -> int:
    """After these prefixes came, changed or went: addresses in or of them move to their narrowest one. How many did."""
    if not prefixes:
        return 0
    sql = """
        WITH touched AS (
            SELECT address.id FROM unnest(%(vrfs)s::bigint[], %(prefixes)s::cidr[]) AS changed(vrf, prefix)
            CROSS JOIN LATERAL (SELECT CASE family(changed.prefix) WHEN 4 THEN 32 ELSE 128 END AS bits) AS width
            JOIN assets_ipaddress AS address ON address.contract_id = %(contract)s
                AND coalesce(address.vrf_id, 0) = changed.vrf
                AND address.ip >= set_masklen(changed.prefix::inet, bits)
                AND address.ip <= set_masklen(broadcast(changed.prefix), bits)
            WHERE address.deleted_at IS NULL
            UNION SELECT id FROM assets_ipaddress WHERE contract_id = %(contract)s AND prefix_id = ANY(%(ids)s)
        ), placed AS (
            SELECT address.id, (
                SELECT prefix.id FROM assets_prefix AS prefix
                WHERE prefix.contract_id = %(contract)s AND coalesce(prefix.vrf_id, 0) = coalesce(address.vrf_id, 0)
                    AND prefix.deleted_at IS NULL AND prefix.prefix >>= address.ip
                ORDER BY masklen(prefix.prefix) DESC LIMIT 1
            ) AS home
            FROM assets_ipaddress AS address JOIN touched USING (id)
        )
        UPDATE assets_ipaddress AS address SET prefix_id = placed.home FROM placed
        WHERE placed.id = address.id AND address.prefix_id IS DISTINCT FROM placed.home
    """
    given = {
        "contract": contract.pk,
        "vrfs": [prefix.vrf_id or 0 for prefix in prefixes],
        "prefixes": [str(prefix.prefix) for prefix in prefixes],
        "ids": [prefix.pk for prefix in prefixes],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.rowcount
