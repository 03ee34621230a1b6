"""What needs what, read from the ledgers by whole rounds: two or three queries each, however many things there are.

A node is the key of an asset, or minus the key of a business system. Besides the relations, a system needs the assets
that name it as theirs and those that software or a database of it runs on (loosely: nothing says how much), and its
leased circuits as one group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection

from opspact.assets.impact.spread import Extent, Need, Node
from opspact.assets.models import Circuit, RelationKind

CARRYING = (RelationKind.RUNS_ON, RelationKind.DEPENDS_ON, RelationKind.PART_OF, RelationKind.LOCATED_IN)
"""Kinds of relation by which a failure of the second end is felt at the first."""
CIRCULAR = (RelationKind.RUNS_ON, RelationKind.DEPENDS_ON, RelationKind.PART_OF)
"""Kinds that must not lead back to where they begin."""
_RELATION = """SELECT coalesce(asset_id, -system_id), to_id, "group", false FROM assets_relation
WHERE {where} AND kind = ANY(%(kinds)s) AND contract_id = %(contract)s AND deleted_at IS NULL"""
# The assets are asked for by themselves: joined to them, PostgreSQL would read the whole table from a hundred rows on.
_ASSETS = """SELECT id, system_id, deleted_at IS NOT NULL OR lifecycle = 'scrapped', lifecycle = 'repair'
FROM assets_asset WHERE id = ANY(%(assets)s)
    AND (system_id IS NOT NULL OR deleted_at IS NOT NULL OR lifecycle IN ('scrapped', 'repair'))"""
_OWNED = """SELECT -system_id, id, '', true FROM assets_asset
WHERE system_id = ANY(%(systems)s) AND contract_id = %(contract)s AND deleted_at IS NULL AND lifecycle <> 'scrapped'"""
_RUNNING = """SELECT -system_id, asset_id, '', true FROM assets_installation
WHERE {where} AND contract_id = %(contract)s AND deleted_at IS NULL
UNION SELECT -system_id, asset_id, '', true FROM assets_database
WHERE {where} AND contract_id = %(contract)s AND deleted_at IS NULL"""


class LedgerGraph:
    """The needs on record in one contract. What is deleted or scrapped neither needs nor is needed; what is in repair
    backs nothing up."""

    def __init__(self, contract: Any) -> None:
        self.contract = contract

    def around(self, nodes: Collection[Node]) -> list[Need]:
        """See `spread.Around`. An asset asked for is taken as it is, whatever the ledger says of its life."""
        asked = {node for node in nodes if node > 0}
        if not asked:
            return []
        found = self._relations("to_id = ANY(%(assets)s)", assets=list(asked))
        grouped = {need.who for need in found if need.group}
        beside = self._of(grouped, "AND \"group\" <> ''") if grouped else []
        seen = asked.union(*((need.who, need.on) for need in (*found, *beside)))
        owners, gone, absent = self._assets(seen)
        loose = {Need(-owners[node], node, "", True) for node in asked if node in owners}
        loose |= set(self._running("asset_id = ANY(%(assets)s) AND system_id IS NOT NULL", assets=list(asked)))
        told = {(need.who, need.on) for need in found}
        idle = (gone | absent) - asked
        return [
            *(need for need in found if need.who not in gone),
            *(need for need in beside if need.who not in gone and need.on not in idle),
            *(need for need in loose if (need.who, need.on) not in told),
        ]

    def needs_of(self, nodes: Collection[Node]) -> list[Need]:
        """What these need, directly."""
        found = self._of(nodes)
        systems = [-node for node in nodes if node < 0]
        loose = set(self._rows(_OWNED, systems=systems)) if systems else set()
        if systems:
            loose |= set(self._running("system_id = ANY(%(systems)s) AND asset_id IS NOT NULL", systems=systems))
        told = {(need.who, need.on) for need in found}
        _owners, gone, absent = self._assets({need.on for need in (*found, *loose)})
        return [
            *(need for need in found if need.on not in gone and not (need.group and need.on in absent)),
            *(need for need in loose if need.on not in gone and (need.who, need.on) not in told),
        ]

    def _of(self, nodes: Collection[Node], more: str = "") -> list[Need]:
        assets, systems = [node for node in nodes if node > 0], [-node for node in nodes if node < 0]
        found = self._relations(f"asset_id = ANY(%(assets)s) {more}", assets=assets) if assets else []
        if systems:
            found += self._relations(f"system_id = ANY(%(systems)s) {more}", systems=systems)
        return found

    def _assets(self, nodes: Collection[Node]) -> tuple[dict[Node, int], set[Node], set[Node]]:
        """Whose system they are, which of them are gone, and which are in repair."""
        if not nodes:
            return {}, set(), set()
        with connection.cursor() as cursor:
            cursor.execute(_ASSETS, {"assets": [node for node in nodes if node > 0]})
            rows = cursor.fetchall()
        owners = {node: system for node, system, is_gone, _absent in rows if system is not None and not is_gone}
        return owners, {node for node, _s, is_gone, _a in rows if is_gone}, {row[0] for row in rows if row[3]}

    def _running(self, where: str, **params: Any) -> list[Need]:
        return self._rows(_RUNNING.format(where=where), **params)

    def _relations(self, where: str, **params: Any) -> list[Need]:
        return self._rows(_RELATION.format(where=where), **params)

    def _rows(self, sql: str, **params: Any) -> list[Need]:
        common = {"kinds": [kind.value for kind in CARRYING], "contract": self.contract.pk}
        with connection.cursor() as cursor:
            cursor.execute(sql, {**common, **params})
            return list(map(Need._make, cursor.fetchall()))


def names_of(assets: list[int]) -> list[tuple[int, str, str, str, str]]:
    """Key, code, name, category and lifecycle of those that are there; one array, for there may be thousands."""
    sql = """SELECT a.id, a.code, a.name, c.name, a.lifecycle FROM assets_asset a
        JOIN assets_category c ON c.id = a.category_id WHERE a.id = ANY(%s) AND a.deleted_at IS NULL"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [assets])
        return cursor.fetchall()


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
