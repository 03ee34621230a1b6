"""Impact in names and words: which business systems suffer, what they count for, and which assets lie on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.assets.impact.graph import LedgerGraph, names_of
from opspact.assets.impact.spread import Extent, Impact, Node, closure, single_points, spread
from opspact.assets.impact.subjects import Subject
from opspact.contracts.models import BusinessSystem, Kpi, ScopeItem
from opspact.kit.shown import formats

STATES = {Extent.STOPPED: "down", Extent.DEGRADED: "degraded", Extent.FINE: ""}
MOST_NAMED = 2_000
"""More assets than these are counted, not listed."""
MOST_TRIED = 150
"""Single points of failure are looked for among so many things and no more."""


@dataclass(frozen=True)
class Thing:
    """An asset or a business system on the way; `label` is its name alone, `kpis` what a system counts for."""

    node: Node
    name: str
    label: str
    url: str
    category: str
    extent: Extent
    depth: int
    lifecycle: str = ""
    kpis: tuple[str, ...] = ()
    is_single: bool = False

    @property
    def is_system(self) -> bool:
        return self.node < 0

    @property
    def state(self) -> str:
        return STATES[self.extent]


@dataclass(frozen=True)
class Answer:
    """`things` leave out what was asked about, systems first; `count` is of all assets, named or not."""

    subject: Subject
    things: list[Thing]
    impact: Impact
    sentence: str
    count: int

    @property
    def systems(self) -> list[Thing]:
        return [thing for thing in self.things if thing.is_system]

    @property
    def assets(self) -> list[Thing]:
        return [thing for thing in self.things if not thing.is_system]

    @property
    def by_category(self) -> list[tuple[str, list[Thing]]]:
        found: dict[str, list[Thing]] = {}
        for thing in self.assets:
            found.setdefault(thing.category, []).append(thing)
        return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def suffering(contract: Any, subject: Subject, now: datetime, most: int | None = None, *, names: bool = True) -> Answer:
    """Who suffers if the subject stops; with `most`, not looking much further once so many do. Without `names` the
    assets are only counted."""
    impact = spread(subject.seeds, LedgerGraph(contract).around, most)
    touched = [node for node in impact.extent if node not in subject.seeds or (node < 0 and subject.start is None)]
    things = _things(contract, touched if names else [node for node in touched if node < 0], impact, now)
    count = sum(node > 0 for node in touched)
    return Answer(subject, things, impact, _suffering_words(subject, things, count, impact.is_cut), count)


def needed(contract: Any, subject: Subject, now: datetime) -> Answer:
    """What the subject needs, and which of it stops the subject alone. Needs a subject with a start."""
    assert subject.start is not None
    found = closure(subject.start, LedgerGraph(contract).needs_of, MOST_NAMED)
    is_tried = len(found.extent) <= MOST_TRIED
    single = single_points(subject.start, found) if is_tried else set()
    nodes = [node for node in found.extent if node != subject.start]
    things = _things(contract, nodes, found, now, single)
    return Answer(subject, things, found, _needed_words(things, is_tried), sum(node > 0 for node in nodes))


def _things(
    contract: Any, nodes: Collection[Node], impact: Impact, now: datetime, single: Collection[Node] = ()
) -> list[Thing]:
    if not nodes:
        return []
    near = sorted((node for node in nodes if node > 0), key=lambda node: (-impact.of(node), impact.depth[node]))
    values = names_of(near[:MOST_NAMED])
    url = _url_maker("assets:asset", contract)
    assets = [
        Thing(
            pk,
            f"{code} {name}",
            name,
            url(pk),
            category,
            impact.of(pk),
            impact.depth[pk],
            lifecycle,
            is_single=pk in single,
        )
        for pk, code, name, category, lifecycle in values
    ]
    assets.sort(key=lambda thing: (-thing.extent, thing.depth, thing.name))
    return [*_systems(contract, [-node for node in nodes if node < 0], impact, now), *assets]


def _systems(contract: Any, keys: Collection[int], impact: Impact, now: datetime) -> list[Thing]:
    if not keys:
        return []
    kpis = objectives(contract, keys, now)
    found = [
        Thing(
            -system.pk,
            str(system),
            str(system),
            reverse("assets:impact", kwargs={"contract": contract.code, "kind": "system", "pk": system.pk}),
            _("Business system"),
            impact.of(-system.pk),
            impact.depth[-system.pk],
            kpis=tuple(objective_words(kpi) for kpi in kpis.get(system.pk, ())),
        )
        for system in BusinessSystem.objects.filter(pk__in=keys)
    ]
    return sorted(found, key=lambda thing: (-thing.extent, thing.name))


def _url_maker(name: str, contract: Any) -> Any:
    """Addresses of very many records, without asking the router for each."""
    start, end = reverse(name, kwargs={"contract": contract.code, "pk": 7077}).rsplit("7077", 1)
    return lambda pk: f"{start}{pk}{end}"


def objectives(contract: Any, systems: Collection[int], now: datetime) -> dict[int, list[Kpi]]:
    """The indicators that each system counts for now, or did at the end of the term."""
    at = contract.as_of(now)
    items = ScopeItem.objects.filter(
        Q(ends_at=None) | Q(ends_at__gte=at),
        contract=contract,
        system__in=systems,
        kpi__isnull=False,
        starts_at__lte=at,
    )
    found: dict[int, list[Kpi]] = {}
    for item in items.select_related("kpi").order_by("kpi__position"):
        if item.kpi is not None:
            found.setdefault(item.system_id, []).append(item.kpi)
    return found


def objective_words(kpi: Kpi) -> str:
    """“System availability ≥ 96%”."""
    unit = "%" if kpi.unit == "percent" else ""
    return f"{kpi} {kpi.get_direction_display()} {kpi.objective.normalize():f}{unit}"


def _suffering_words(subject: Subject, things: Iterable[Thing], count: int, is_cut: bool) -> str:
    parts = []
    for extent, words in ((Extent.STOPPED, _("%(names)s stop")), (Extent.DEGRADED, _("%(names)s degraded"))):
        names = [thing.name for thing in things if thing.is_system and thing.extent is extent]
        if names:
            parts.append(words % {"names": _(", ").join(names)})
    if is_cut:
        parts.append(_("more than %(n)s assets suffer") % {"n": formats.number(count)})
    elif count:
        parts.append(ngettext("%(n)s asset suffers", "%(n)s assets suffer", count) % {"n": formats.number(count)})
    start = _("If it loses power: %(parts)s.") if subject.is_place else _("If it stops: %(parts)s.")
    return start % {"parts": _("; ").join(parts) or _("nothing else suffers, by the relations on record")}


def _needed_words(things: Collection[Thing], is_tried: bool) -> str:
    if not things:
        return _("Nothing that it needs is on record.")
    words = ngettext("It needs %(n)s thing.", "It needs %(n)s things.", len(things)) % {"n": len(things)}
    if not is_tried:
        return words
    single = [thing.name for thing in things if thing.is_single]
    if not single:
        none = _("None of them stops it alone.")
        return f"{words} {none}"
    more = ngettext("%(n)s of them stops it alone: %(names)s", "%(n)s of them stop it alone: %(names)s", len(single))
    names = _(", ").join(single[:8]) + ("…" if len(single) > 8 else "")
    return f"{words} {more % {'n': len(single), 'names': names}}"
