"""What needs what, read from the ledgers by whole rounds: two or three queries each, however many things there are.

A node is the key of an asset, or minus the key of a business system. Besides the relations, a system needs the assets
that name it as theirs (loosely: nothing says how much), and its leased circuits as one group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection

from opspact.assets.impact.spread import Extent, Need, Node
from opspact.assets.models import Circuit, Lifecycle, RelationKind

CARRYING = (RelationKind.RUNS_ON, RelationKind.DEPENDS_ON, RelationKind.PART_OF, RelationKind.LOCATED_IN)
"""Kinds of relation by which a failure of the second end is felt at the first."""
CIRCULAR = (RelationKind.RUNS_ON, RelationKind.DEPENDS_ON, RelationKind.PART_OF)
"""Kinds that must not lead back to where they begin."""
_BACKS_NOTHING_UP = [Lifecycle.SCRAPPED.value, Lifecycle.REPAIR.value]

_USERS = """
SELECT coalesce(r.asset_id, -r.system_id), r.to_id, r."group", false
FROM assets_relation r LEFT JOIN assets_asset a ON a.id = r.asset_id
WHERE r.to_id = ANY(%(nodes)s) AND r.kind = ANY(%(kinds)s) AND r.contract_id = %(contract)s AND r.deleted_at IS NULL
    AND (a.id IS NULL OR a.deleted_at IS NULL AND a.lifecycle <> 'scrapped')
"""
_OWNERS = """
SELECT -a.system_id, a.id, '', true FROM assets_asset a
WHERE a.id = ANY(%(nodes)s) AND a.system_id IS NOT NULL AND a.deleted_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM assets_relation r WHERE r.system_id = a.system_id AND r.to_id = a.id AND r.kind = ANY(%(kinds)s)
        AND r.deleted_at IS NULL)
"""
_OF = """
SELECT coalesce(r.asset_id, -r.system_id), r.to_id, r."group", false
FROM assets_relation r JOIN assets_asset t ON t.id = r.to_id
WHERE {end} AND r.kind = ANY(%(kinds)s) AND r.contract_id = %(contract)s AND r.deleted_at IS NULL
    AND t.deleted_at IS NULL AND (r."group" = '' OR t.lifecycle <> ALL(%(absent)s)) {more}
"""
_OF_ASSETS = _OF.replace("{end}", "r.asset_id = ANY(%(assets)s)")
_OF_SYSTEMS = _OF.replace("{end}", "r.system_id = ANY(%(systems)s)")
_OWNED = """
SELECT -a.system_id, a.id, '', true FROM assets_asset a
WHERE a.system_id = ANY(%(systems)s) AND a.contract_id = %(contract)s AND a.deleted_at IS NULL
    AND a.lifecycle <> 'scrapped' AND NOT EXISTS (
    SELECT 1 FROM assets_relation r WHERE r.system_id = a.system_id AND r.to_id = a.id AND r.kind = ANY(%(kinds)s)
        AND r.deleted_at IS NULL)
"""


class LedgerGraph:
    """The needs on record in one contract."""

    def __init__(self, contract: Any) -> None:
        self.contract = contract

    def around(self, nodes: Collection[Node]) -> list[Need]:
        """See `spread.Around`."""
        assets = [node for node in nodes if node > 0]
        if not assets:
            return []
        found = self._needs(f"{_USERS} UNION ALL {_OWNERS}", nodes=assets)
        grouped = {need.who for need in found if need.group}
        return found + self._of(grouped, more="AND r.\"group\" <> ''") if grouped else found

    def needs_of(self, nodes: Collection[Node]) -> list[Need]:
        """What these need, directly."""
        found = self._of(nodes)
        systems = [-node for node in nodes if node < 0]
        return found + self._needs(_OWNED, systems=systems) if systems else found

    def _of(self, nodes: Collection[Node], more: str = "") -> list[Need]:
        assets, systems = [node for node in nodes if node > 0], [-node for node in nodes if node < 0]
        parts = [sql for sql, some in ((_OF_ASSETS, assets), (_OF_SYSTEMS, systems)) if some]
        sql = " UNION ALL ".join(parts).replace("{more}", more)
        return self._needs(sql, assets=assets, systems=systems) if parts else []

    def _needs(self, sql: str, **params: Any) -> list[Need]:
        common = {"kinds": [kind.value for kind in CARRYING], "contract": self.contract.pk, "absent": _BACKS_NOTHING_UP}
        with connection.cursor() as cursor:
            cursor.execute(sql, {**common, **params})
            return list(map(Need._make, cursor.fetchall()))


def seeds_of_circuit(circuit: Circuit) -> dict[Node, Extent]:
    """A system stops with its only line; with one of several it is degraded."""
    if circuit.system_id is None:
        return {}
    others = Circuit.objects.filter(
        contract_id=circuit.contract_id, system=circuit.system_id, deleted_at=None, closed_on=None
    )
    has_others = others.exclude(pk=circuit.pk).exists()
    return {-circuit.system_id: Extent.DEGRADED if has_others else Extent.STOPPED}


def dependencies_beyond(contract: Any, starts: Iterable[int], but: Collection[int]) -> set[tuple[int, int]]:
    """The dependencies between assets that can be reached from these; `but` are relations that are being rewritten."""
    sql = """SELECT asset_id, to_id FROM assets_relation WHERE asset_id = ANY(%s) AND kind = ANY(%s)
        AND contract_id = %s AND deleted_at IS NULL AND id <> ALL(%s)"""
    kinds = [kind.value for kind in CIRCULAR]
    found: set[tuple[int, int]] = set()
    asked: set[int] = set()
    due = set(starts)
    with connection.cursor() as cursor:
        while due:
            cursor.execute(sql, [list(due), kinds, contract.pk, list(but)])
            edges = cursor.fetchall()
            found.update(edges)
            asked |= due
            due = {end for _start, end in edges} - asked
    return found
