"""Which component cost how much: a system's counted downtime laid to the checks that were as bad in it.

A group is down only if a member is, so at least one component shares each instant of counted downtime. A component that
stands in several branches of the tree counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import itemgetter

from opspact.core.availability.columns import Columns
from opspact.core.availability.combine import combine_dated
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.availability.measure import Basis
from opspact.core.availability.result import Availability
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, clip, intersect, normalise, subtract, total
from opspact.core.states import Observed


@dataclass(frozen=True)
class Component:
    """One check of a system in one period; durations in µs of the system's counted downtime.

    `own` is the component's availability by itself, in the system's service time, with the system's grants and its own.
    `involved_us`: the component was as bad as counts. `decisive_us`: had it alone been up, the system would have been.
    `share_us`: each instant divided evenly among those involved in it; the shares add up to the downtime.
    """

    code: str
    own: Availability
    involved_us: int
    decisive_us: int
    share_us: Fraction


@dataclass(frozen=True)
class Attribution:
    """The components by code; `together` is the downtime, µs, by the set of components involved, longest first."""

    components: tuple[Component, ...]
    together: tuple[tuple[frozenset[str], int], ...]


def attribute(ledger: SystemLedger, basis: Basis, whole: Availability) -> Attribution:
    """Of the system's availability `whole`, measured from `basis`, which stands on the ledger.

    Raises PiecesOverlap and the like for a check's own ledger.
    """
    period = (whole.start, whole.horizon)
    codes = sorted(set().union(*(rule.codes() for _, _, rule in ledger.rules)))
    own = {code: _own(ledger, basis, code).measure(period) for code in codes}
    down = whole.counted_down_intervals
    bad = {
        code: intersect(_faulty(own[code].pieces.columns, basis, period), _in_use(ledger, code, period))
        for code in codes
    }
    together = _together(down, bad)
    shares = _shares(together)
    return Attribution(
        tuple(
            Component(
                code=code,
                own=own[code],
                involved_us=total(intersect(down, bad[code])),
                decisive_us=total(subtract(down, _down_without(ledger, basis, code, period))),
                share_us=shares.get(code, Fraction(0)),
            )
            for code in codes
        ),
        tuple(sorted(together.items(), key=lambda item: (-item[1], sorted(item[0])))),
    )


def _own(ledger: SystemLedger, basis: Basis, code: str) -> Basis:
    return Basis.of(
        ledger.checks.get(code, []),
        [*ledger.granted, *ledger.check_grants.get(code, ())],
        in_service=basis.in_service.intervals(),
        service_time=basis.service_time,
        now=basis.now,
        rules=basis.rules,
    )


def _in_use(ledger: SystemLedger, code: str, period: Interval) -> list[Interval]:
    """When a rule that names the check holds."""
    held = (
        (period[0] if begin is None else begin, period[1] if end is None else end)
        for begin, end, rule in ledger.rules
        if code in rule.codes()
    )
    return normalise(clip(held, *period))


def _faulty(columns: Columns, basis: Basis, period: Interval) -> list[Interval]:
    return normalise(piece for state in basis.rules.faulty for piece in columns[state].within(*period).intervals())


def _down_without(ledger: SystemLedger, basis: Basis, code: str, period: Interval) -> list[Interval]:
    """When the system would have been as bad as counts, had this check been up throughout."""
    checks = {**ledger.checks, code: [(*period, Observed.UP)]}
    seen = Columns.of(combine_dated(ledger.rules, checks, *period)).marked_down(basis.unusable)
    return _faulty(seen, basis, period)


def _together(down: list[Interval], bad: Mapping[str, list[Interval]]) -> Counter[frozenset[str]]:
    """The downtime by who was involved, in one sweep over all changes."""
    changes: list[tuple[Instant, str, bool]] = []
    for code, spans in bad.items():
        changes += _edges(code, intersect(down, spans))
    changes += _edges("", down)
    changes.sort(key=itemgetter(0))
    found: Counter[frozenset[str]] = Counter()
    involved: set[str] = set()
    since = 0
    for at, code, begins in changes:
        if at > since and involved:
            found[frozenset(involved - {""})] += at - since
        since = at
        (involved.add if begins else involved.discard)(code)
    return found


def _edges(code: str, spans: Iterable[Interval]) -> Iterable[tuple[Instant, str, bool]]:
    for start, end in spans:
        yield start, code, True
        yield end, code, False


def _shares(together: Mapping[frozenset[str], int]) -> dict[str, Fraction]:
    shares: dict[str, Fraction] = {}
    for codes, us in together.items():
        for code in codes:
            shares[code] = shares.get(code, Fraction(0)) + Fraction(us, len(codes))
    return shares
