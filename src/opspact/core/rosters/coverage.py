"""Proof that a demand is met at every instant, or exactly where and by how many it is not.

One sweep over the instants at which anything changes: between two of them the same people are on duty under the same
demands, and each such situation is matched once. Duties may be planned ones or attendance.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.rosters.errors import UnknownPerson
from opspact.core.rosters.matching import fill
from opspact.core.rosters.people import by_code, employment
from opspact.core.rosters.types import Assignment, Demand, Need, Person
from opspact.core.words import N_


class Piece(NamedTuple):
    """A stretch of demanded time in which nothing changes.

    `counted[i]` are those counted for need i and `missing[i]` how many it lacks; `on_duty` are all who could serve any
    need; `surplus` of them are not needed. If any lack, needs `short_needs` have only `short_people` to draw on.
    """

    start: Instant
    end: Instant
    on_duty: tuple[str, ...]
    counted: tuple[tuple[str, ...], ...]
    missing: tuple[int, ...]
    surplus: int
    short_needs: tuple[int, ...] = ()
    short_people: tuple[str, ...] = ()


class Gap(NamedTuple):
    """Demanded time in which each need lacks so many people, in all `total`."""

    start: Instant
    end: Instant
    missing: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Proof:
    """The demanded time of one demand, piece by piece and in order; it `holds` if there is no gap."""

    demand: Demand
    pieces: tuple[Piece, ...]
    gaps: tuple[Gap, ...]
    demanded_us: int
    covered_us: int

    @property
    def holds(self) -> bool:
        """Whether every need is met at every instant. A demand without any time holds."""
        return not self.gaps

    @property
    def missing_us(self) -> int:
        """Person-time that is missing, µs."""
        return sum((gap.end - gap.start) * gap.total for gap in self.gaps)

    def explain(self) -> Explanation:
        """The needs, and each gap."""
        needs = [
            Step(
                N_("Need %(need)s: at least %(at_least)s of %(roles)s."),
                {"need": i, "at_least": need.at_least, "roles": ", ".join(sorted(need.roles)) or "*"},
            )
            for i, need in enumerate(self.demand.needs)
        ]
        gaps = [
            Step(
                N_("From %(from_at)s to %(until_at)s there are %(missing)s people too few."),
                {"from_at": gap.start, "until_at": gap.end, "missing": gap.total},
            )
            for gap in self.gaps
        ]
        held = [] if gaps else [Step(N_("Every need is met at every instant of it."), {})]
        return Explanation(
            rule=N_("Enough people on duty at every instant"),
            clause=self.demand.clause,
            inputs={"demanded_us": self.demanded_us, "covered_us": self.covered_us, "pieces": len(self.pieces)},
            steps=(*needs, *gaps, *held),
        )


_Serving: TypeAlias = frozenset[tuple[str, str, bool]]  # person, role, standby
_Counted: TypeAlias = tuple[
    tuple[str, ...], tuple[tuple[str, ...], ...], tuple[int, ...], int, tuple[int, ...], tuple[str, ...]
]


def prove(demands: Sequence[Demand], duties: Iterable[Assignment], people: Iterable[Person]) -> list[Proof]:
    """One proof a demand, in the order given; earlier demands of a pool, and earlier needs, are filled first.

    A duty counts only while its person is employed; for a need with roles only in one that the person holds. In n
    duties and demanded intervals O(n log n), plus one matching for each different situation. Raises UnknownPerson,
    NamedTwice.
    """
    known = by_code(people)
    spans = list(_employed(duties, known))
    pools: dict[tuple[str, int], list[int]] = defaultdict(list)
    for position, demand in enumerate(demands):
        pools[(demand.pool, -1) if demand.pool else ("", position)].append(position)
    pieces: dict[int, list[Piece]] = {position: [] for position in range(len(demands))}
    for pool in pools.values():
        _sweep(pool, demands, spans, known, pieces)
    return [_proof(demand, pieces[position]) for position, demand in enumerate(demands)]


def _employed(duties: Iterable[Assignment], known: Mapping[str, Person]) -> Iterator[tuple[int, int, Assignment]]:
    for duty in duties:
        if (person := known.get(duty.person)) is None:
            raise UnknownPerson(what="Assignment", code=duty.by or duty.shift, person=duty.person)
        for start, end in employment(person, duty.start, duty.end):
            yield start, end, duty


def _sweep(
    pool: Sequence[int],
    demands: Sequence[Demand],
    spans: Sequence[tuple[int, int, Assignment]],
    known: Mapping[str, Person],
    pieces: Mapping[int, list[Piece]],
) -> None:
    """Add the pieces of the demands of one pool."""
    changes: dict[int, list[tuple[int, int, Assignment | None]]] = defaultdict(list)
    for position in pool:
        for start, end in demands[position].times:
            changes[start].append((1, position, None))
            changes[end].append((-1, position, None))
    for start, end, duty in spans:
        changes[start].append((1, 0, duty))
        changes[end].append((-1, 0, duty))
    asked: dict[int, int] = defaultdict(int)
    serving: dict[tuple[str, str, bool], int] = defaultdict(int)
    seen: dict[tuple[tuple[int, ...], _Serving], dict[int, _Counted]] = {}
    instants = sorted(changes)
    for at, until in pairwise(instants):
        for sign, position, change in changes[at]:
            if change is None:
                asked[position] += sign
            else:
                serving[change.person, change.role, change.standby] += sign
        active = tuple(position for position in pool if asked[position])
        if not active:
            continue
        situation = active, frozenset(key for key, number in serving.items() if number)
        if situation not in seen:
            seen[situation] = _count([(i, demands[i]) for i in active], situation[1], known)
        for position, found in seen[situation].items():
            _append(pieces[position], Piece(at, until, *found))


def _append(pieces: list[Piece], piece: Piece) -> None:
    """Join a piece to the one before it if nothing changed."""
    if pieces and pieces[-1].end == piece.start and pieces[-1][2:] == piece[2:]:
        pieces[-1] = pieces[-1]._replace(end=piece.end)
    else:
        pieces.append(piece)


def _count(active: Sequence[tuple[int, Demand]], serving: _Serving, known: Mapping[str, Person]) -> dict[int, _Counted]:
    """What each active demand of a pool finds in one situation."""
    able = {i: [_able(need, demand, serving, known) for need in demand.needs] for i, demand in active}
    if not active[0][1].exclusive:
        return {i: _each_alone(demand.needs, able[i]) for i, demand in active}
    wanted = [need.at_least for _, demand in active for need in demand.needs]
    filled = fill(wanted, [people for i, _ in active for people in able[i]])
    used = {person for people in filled.counted for person in people}
    found: dict[int, _Counted] = {}
    first = 0
    for i, demand in active:
        last = first + len(demand.needs)
        on_duty = sorted(set().union(*able[i]))
        missing = filled.missing[first:last]
        short = tuple(n - first for n in filled.short_needs if first <= n < last) if any(missing) else ()
        people = filled.short_people if short else ()
        surplus = sum(person not in used for person in on_duty)
        found[i] = tuple(on_duty), filled.counted[first:last], missing, surplus, short, people
        first = last
    return found


def _each_alone(needs: Sequence[Need], able: Sequence[set[str]]) -> _Counted:
    """Needs that may count one person several times."""
    on_duty = tuple(sorted(set().union(*able)))
    over = [len(people) - need.at_least for need, people in zip(needs, able, strict=True)]
    missing = tuple(max(0, -number) for number in over)
    short = tuple(i for i, number in enumerate(missing) if number)
    people = tuple(sorted(set().union(*(able[i] for i in short))))
    return on_duty, tuple(tuple(sorted(p)) for p in able), missing, max(0, min(over, default=0)), short, people


def _able(need: Need, demand: Demand, serving: _Serving, known: Mapping[str, Person]) -> set[str]:
    """Who on duty could serve the need."""
    people: set[str] = set()
    for person, role, standby in serving:
        held = known[person].roles
        serves = held & {role} if role else held
        if (demand.standby or not standby) and (not need.roles or serves & need.roles):
            people.add(person)
    return people


def _proof(demand: Demand, pieces: Sequence[Piece]) -> Proof:
    gaps: list[Gap] = []
    for piece in pieces:
        if not any(piece.missing):
            continue
        if gaps and gaps[-1].end == piece.start and gaps[-1].missing == piece.missing:
            gaps[-1] = gaps[-1]._replace(end=piece.end)
        else:
            gaps.append(Gap(piece.start, piece.end, piece.missing, sum(piece.missing)))
    demanded = sum(piece.end - piece.start for piece in pieces)
    lacking = sum(gap.end - gap.start for gap in gaps)
    return Proof(demand, tuple(pieces), tuple(gaps), demanded, demanded - lacking)
