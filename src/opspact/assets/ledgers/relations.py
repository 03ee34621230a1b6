"""What needs what between assets (关联关系), and the cables between their ports (布线)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.assets import codes
from opspact.assets.impact.circles import closing
from opspact.assets.impact.graph import CARRYING, CIRCULAR, dependencies_beyond
from opspact.assets.ledgers import common
from opspact.assets.models import Asset, Relation, RelationKind
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers import BigReference, Choice, Field, Ledger, Reference, Text

Problems = dict[int, list[tuple[str, Wrong]]]
OF_SYSTEMS = (RelationKind.RUNS_ON, RelationKind.DEPENDS_ON)
ALSO_KINDS = {
    "运行在": RelationKind.RUNS_ON,
    "部署于": RelationKind.RUNS_ON,
    "依赖": RelationKind.DEPENDS_ON,
    "连接": RelationKind.CONNECTS,
    "属于": RelationKind.PART_OF,
    "组成": RelationKind.PART_OF,
    "备份": RelationKind.BACKS_UP,
    "位于": RelationKind.LOCATED_IN,
}


def assets(contract: Any) -> QuerySet[Asset]:
    return Asset.objects.filter(contract=contract, deleted_at=None)


def complete(caller: Caller, contract: Any, relations: Sequence[Any]) -> None:
    """One writer of relations at a time, so that two halves of a circle never pass each other; codes where none are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('assets.relation'), %s)", [contract.pk])
    codes.number(contract, [relation for relation in relations if not relation.code], "REL-")


def check(contract: Any, relations: Sequence[Any]) -> Problems:
    """Ends that fit the kind, nothing recorded twice, no circle of dependencies."""
    problems: dict[int, list[tuple[str, Wrong]]] = defaultdict(list)
    for position, relation in enumerate(relations):
        problems[position] += _ends(relation)
    for position, code in _twice(contract, relations).items():
        problems[position].append(("to", Wrong(N_("this relation is on the ledger already: %(code)s"), code=code)))
    for position, circle in _circles(contract, relations).items():
        wrong = Wrong(N_("this would close a circle of dependencies: %(circle)s"), circle=circle)
        problems[position].append(("to", wrong))
    return {position: found for position, found in problems.items() if found}


def _ends(relation: Any) -> Iterable[tuple[str, Wrong]]:
    kind = RelationKind(relation.kind)
    if (relation.asset_id is None) == (relation.system_id is None):
        yield "asset", Wrong(N_("a relation begins either at an asset or at a business system: fill one of the two"))
    elif relation.system_id is not None and kind not in OF_SYSTEMS:
        yield "kind", Wrong(N_("a business system runs on or depends on an asset; other relations are between assets"))
    if relation.asset_id is not None and relation.asset_id == relation.to_id and kind not in CIRCULAR:
        yield "to", Wrong(N_("both ends are the same asset"))
    if relation.group and kind not in CARRYING:
        yield "group", Wrong(N_("only needs can be in a redundancy group, and this relation is none"))


def _tuple_of(relation: Any) -> tuple[Any, ...]:
    return relation.kind, relation.asset_id, relation.system_id, relation.to_id


def _twice(contract: Any, relations: Sequence[Any]) -> dict[int, str]:
    starts = Q(asset__in={each.asset_id for each in relations if each.asset_id})
    starts |= Q(system__in={each.system_id for each in relations if each.system_id})
    there = Relation.objects.filter(starts, contract=contract, deleted_at=None)
    there = there.filter(to__in={each.to_id for each in relations}).exclude(pk__in=[each.pk for each in relations])
    seen = {_tuple_of(each): each.code for each in there}
    found: dict[int, str] = {}
    for position, relation in enumerate(relations):
        if (code := seen.get(_tuple_of(relation))) is not None:
            found[position] = code
        else:
            seen[_tuple_of(relation)] = relation.code or str(relation)
    return found


def _circles(contract: Any, relations: Sequence[Any]) -> dict[int, str]:
    """The circles that these would close, spelled out by codes, by position."""
    places = [at for at, each in enumerate(relations) if each.asset_id and each.kind in CIRCULAR]
    added = [(relations[at].asset_id, relations[at].to_id) for at in places]
    if not added:
        return {}
    rewritten = [each.pk for each in relations if each.pk]
    known = dependencies_beyond(contract, {end for _start, end in added}, rewritten)
    circles = closing(known, added)
    names = dict(
        Asset.objects.filter(pk__in={node for circle in circles.values() for node in circle}).values_list("pk", "code")
    )
    return {places[at]: " → ".join(names[node] for node in circle) for at, circle in circles.items()}


RELATIONS = Ledger(
    name="assets.relation",
    model=Relation,
    title=_("Relations"),
    one=_("Relation"),
    url_name="assets:relation",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="git-branch",
    order=15,
    is_key_given=False,
    related=("asset", "system", "to"),
    searched=("code", "asset", "system", "to", "group"),
    check=check,
    before_write=complete,
    notes=(
        _("Each row reads from its first end to its second: OA depends on SRV-0001. Fill one of the two first ends."),
        _("Needs with the same redundancy group and the same first end back each other up."),
    ),
    fields=(
        common.code(_("Relation code"), "关系编号", help=_("Empty for a new relation: given by the platform.")),
        Field("asset", _("From asset"), BigReference(assets), also=("从资产", "源资产"), filter=True),
        Field("asset_name", _("Name of the first end"), is_written=False, sort=False, phone=True),
        Field(
            "system", _("From system"), Reference(common.systems), also=("从系统", "源系统"), filter=True, sort=False
        ),
        Field(
            "kind",
            _("Relation"),
            Choice(RelationKind, also=ALSO_KINDS),
            required=True,
            also=("关系", "关系类型"),
            phone=True,
            filter=True,
        ),
        Field(
            "to",
            _("To asset"),
            BigReference(assets),
            required=True,
            also=("到资产", "目标资产"),
            filter=True,
        ),
        Field("to_name", _("Name of the second end"), is_written=False, sort=False, phone=True),
        Field(
            "group",
            _("Redundancy group"),
            Text(40),
            also=("冗余组",),
            filter=True,
            help=_("The same word for all that back each other up: what needs them stops only when all of them do."),
        ),
        common.remark(),
    ),
)
