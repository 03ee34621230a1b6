"""Targets for lists and search. Every query here is one that 100,000 targets don't slow down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from opspact.contracts.models import Contract
from opspact.core.states import Observed
from opspact.monitoring.models import Check, CheckState, Target
from opspact.monitoring.words import kind_words
from opspact.probes.registry import KINDS

# A target is what the worst of its checks is; unknown outranks degraded, because it could be down.
_WORST_FIRST = (Observed.DOWN, Observed.UNKNOWN, Observed.DEGRADED, Observed.UP)
MOST = 100
# Word for word the expression of the index `target_bigrams` (migration 0002).
_TEXT = (
    "(((monitoring_target.code)::text || ' ') || (monitoring_target.name)::text || ' ')"
    " || (monitoring_target.address)::text"
)


def in_state(targets: QuerySet[Target], seen: str) -> QuerySet[Target]:
    """Those whose worst active check is seen so."""
    order = [str(state) for state in _WORST_FIRST]
    worse = order[: order.index(seen)]
    watched = CheckState.objects.filter(checked__target=OuterRef("pk"), checked__is_active=True)
    found = targets.filter(is_active=True)
    if worse:
        found = found.exclude(Exists(watched.filter(seen__in=worse)))
    if seen == Observed.UP:  # what is left when nothing is worse: no need to look at the states of those many
        return found.filter(Exists(Check.objects.filter(target=OuterRef("pk"), is_active=True)))
    return found.filter(Exists(watched.filter(seen=seen)))


def matching(targets: QuerySet[Target], words: str) -> QuerySet[Target]:
    """Those with every one of the words in code, name or address. Words of two characters and more use the index."""
    for word in words.split()[:8]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        sql, params = f"({_TEXT}) ILIKE %s", [pattern]
        if len(word) > 1:
            sql, params = f"bigrams({_TEXT}) @> bigrams(%s) AND {sql}", [word, pattern]
        targets = targets.filter(RawSQL(sql, params, output_field=BooleanField()))  # noqa: S611
    return targets


@dataclass(frozen=True)
class Standing:
    """How a target stands: the worst state of its active checks, since when, and what each check last said."""

    seen: str | None
    since: datetime | None
    last_at: datetime | None
    kinds: str
    value: str


def standings(targets: Sequence[Target]) -> dict[int, Standing]:
    """By target id, for one page of targets. One query."""
    checks: dict[int, list[Check]] = defaultdict(list)
    found = Check.objects.filter(target__in=targets, is_active=True).select_related("state").order_by("kind")
    for check in found.defer("settings", "address", "state__pending"):
        checks[check.target_id].append(check)
    return {target.pk: standing(checks[target.pk], is_watched=target.is_active) for target in targets}


def standing(checks: Sequence[Check], *, is_watched: bool) -> Standing:
    states = [check.state for check in checks]
    kinds = ", ".join(kind_words(check.kind) for check in checks)
    values = ", ".join(value for check in checks if (value := value_words(check)))
    last_at = max((state.last_at for state in states if state.last_at), default=None)
    if not states or not is_watched:
        return Standing(None, None, last_at, kinds, values)
    worst = next(seen for seen in _WORST_FIRST if any(state.seen == seen for state in states))
    since = min(state.since for state in states if state.seen == worst)
    return Standing(str(worst), since, last_at, kinds, values)


def value_words(check: Check) -> str:
    """The newest value with its unit, "12.5 ms"; "" without one."""
    if check.state.last_value is None:
        return ""
    unit = KINDS[check.kind].unit if check.kind in KINDS else ""
    return f"{check.state.last_value:.4g} {unit}".strip()


def troubled(contract: Contract) -> dict[str, int]:
    """How many watched checks are seen down, unknown and degraded, each counted up to `MOST` and one more.

    Bounded and on the partial index `state_not_up`: of 100,000 targets the page counts only what is not up.
    """
    watched = CheckState.objects.filter(
        checked__target__contract=contract, checked__is_active=True, checked__target__is_active=True
    )
    return {str(seen): watched.filter(seen=seen)[: MOST + 1].count() for seen in _WORST_FIRST if seen != Observed.UP}


def find(contract: Contract, words: str, most: int) -> Iterable[Target]:
    """For the global search."""
    return matching(Target.objects.filter(contract=contract), words).select_related("contract").order_by("code")[:most]
