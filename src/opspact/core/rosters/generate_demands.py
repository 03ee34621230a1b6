"""Demands, staffings and special periods as linear rules.

One person counts for one need only, yet no variable says for which: by Hall's theorem the needs of an instant can be
met exactly if every subset of them has, among those on duty, at least as many people able to serve one of the subset
as the subset asks for. Subsets whose needs share nobody follow from their parts and are left out.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from opspact.core.explain import Plain
from opspact.core.instants import Instant
from opspact.core.intervals import clip, intersect, normalise, total
from opspact.core.rosters.generate_program import Program
from opspact.core.rosters.generate_slots import Board, meets, needs_of
from opspact.core.rosters.generate_types import Kind, Rule
from opspact.core.rosters.people import employment
from opspact.core.rosters.types import Assignment, Demand, Need, Person, SpecialPeriod
from opspact.core.words import N_


@dataclass(frozen=True)
class _Asked:
    """A need at an instant: who could serve it, whether on call too, and the number of the rule that asks for it."""

    able: frozenset[str]
    at_least: int
    standby: bool
    rule: int


class Demands:
    """Adds every demand of the board's problem to the program."""

    def __init__(self, board: Board, program: Program) -> None:
        self.board, self.program, self.problem = board, program, board.problem
        self._rules: dict[tuple[str, str, int, date], int] = {}

    def add(self) -> None:
        self._staffings()
        pools: dict[tuple[str, int], list[Demand]] = defaultdict(list)
        for position, demand in enumerate([*self.problem.demands, *self._special()]):
            pools[(demand.pool, -1) if demand.pool else ("", position)].append(demand)
        for pool in pools.values():
            self._sweep(pool)
        self._everyone()

    def _special(self) -> list[Demand]:
        """What special periods ask for throughout, as demands."""
        return [
            Demand(
                period.code, period.needs, [(period.start, period.end)], standby=period.standby, clause=period.clause
            )
            for period in self.problem.special
        ]

    def _staffings(self) -> None:
        for staffing in self.problem.staffings:
            needs = needs_of(self.problem, staffing)
            for number, slot in enumerate(self.board.slots):
                if slot.shift.code != staffing.shift or slot.day not in staffing.days:
                    continue
                asked = [
                    self._asked("staffing", staffing.code, i, need, slot.day, staffing.clause, standby=True)
                    for i, need in enumerate(needs)
                ]
                self._matched(asked, [number])
                if staffing.at_most is not None:
                    rule = self.program.rule(_at_most(staffing.code, staffing.at_most, slot.day, staffing.clause))
                    everyone = [v for (_, n), v in self.board.place.items() if n == number]
                    self.program.at_most([(1, v) for v in everyone], staffing.at_most, rule)

    def _sweep(self, pool: Sequence[Demand]) -> None:
        """The needs of each instant of the period, once for each situation."""
        times = {demand.code: clip(demand.times, self.board.start, self.board.end) for demand in pool}
        cuts = {at for spans in times.values() for span in spans for at in span}
        cuts |= {at for slot in self.board.slots for at in (slot.start, slot.end)}
        cuts |= {duty.end for duty in self.problem.before}
        seen: set[tuple[tuple[str, ...], tuple[int, ...]]] = set()
        for start, end in pairwise(sorted(cuts)):
            active = [demand for demand in pool if intersect(times[demand.code], [(start, end)])]
            if not active:
                continue
            serving = [n for n, slot in enumerate(self.board.slots) if slot.start <= start and end <= slot.end]
            situation = tuple(demand.code for demand in active), tuple(serving)
            if situation not in seen:
                seen.add(situation)
                self._situation(active, serving, start)

    def _situation(self, active: Sequence[Demand], serving: Sequence[int], at: Instant) -> None:
        day = self.problem.calendar.local_date(at)
        asked = [
            self._asked("demand", demand.code, i, need, day, demand.clause, standby=demand.standby)
            for demand in active
            for i, need in enumerate(demand.needs)
        ]
        before = [duty for duty in self.problem.before if duty.start <= at < duty.end]
        for together in [asked] if active[0].exclusive else [[each] for each in asked]:
            self._matched(together, serving, before)

    def _asked(
        self, what: str, code: str, position: int, need: Need, day: date, clause: str, *, standby: bool
    ) -> _Asked:
        able = frozenset(person.code for person in self.problem.people if meets(person, need))
        key = (what, code, position, day)
        if key not in self._rules:
            self._rules[key] = self.program.rule(_need(code, need, len(able), day, clause))
        return _Asked(able, need.at_least, standby, self._rules[key])

    def _matched(self, asked: Sequence[_Asked], slots: Sequence[int], before: Sequence[Assignment] = ()) -> None:
        """Those on `slots` and those still on duties of `before` can meet all that is asked, one need each."""
        for subset in _connected(asked):
            at_work = frozenset().union(*(each.able for each in subset))
            on_call = frozenset().union(*(each.able for each in subset if each.standby))
            serving = []
            for n in slots:
                able = on_call if self.board.slots[n].shift.standby else at_work
                serving += [self.board.place[p, n] for p in sorted(able) if (p, n) in self.board.place]
            there = {duty.person for duty in before if duty.person in (on_call if duty.standby else at_work)}
            wanted = sum(each.at_least for each in subset) - len(there)
            self.program.at_least([(1, v) for v in serving], wanted, *dict.fromkeys(each.rule for each in subset))

    def _everyone(self) -> None:
        """Everybody whom a special period names serves in it, as long as it asks."""
        for period in self.problem.special:
            for person in self.problem.people:
                if not meets(person, Need(1, period.everyone_of)) or not employment(person, period.start, period.end):
                    continue
                terms = [
                    (min(slot.end, period.end) - max(slot.start, period.start), variable)
                    for _, slot, variable in self.board.open_to(person.code)
                    if slot.start < period.end
                    and period.start < slot.end
                    and (period.standby or not slot.shift.standby)
                ]
                rule = self.program.rule(
                    Rule(
                        Kind.EVERYONE,
                        N_("%(person)s serves at least %(at_least_us)s in the special period %(period)s."),
                        {"person": person.code, "at_least_us": period.at_least_us, "period": period.code},
                        period.clause,
                    )
                )
                self.program.at_least(terms, period.at_least_us - self._served(person, period), rule)

    def _served(self, person: Person, period: SpecialPeriod) -> int:
        """What the person served before the roster begins, µs."""
        own = [duty for duty in self.problem.before if duty.person == person.code]
        spans = normalise((duty.start, duty.end) for duty in own if period.standby or not duty.standby)
        return total(clip(spans, period.start, period.end))


def _need(code: str, need: Need, holders: int, day: date, clause: str) -> Rule:
    params: dict[str, Plain] = {
        "demand": code,
        "day_on": day.isoformat(),
        "at_least": need.at_least,
        "holders": holders,
    }
    if not need.roles:
        return Rule(Kind.DEMAND, N_("%(demand)s on %(day_on)s: at least %(at_least)s people."), params, clause)
    return Rule(
        Kind.DEMAND,
        N_("%(demand)s on %(day_on)s: at least %(at_least)s of %(roles)s (held by %(holders)s people)."),
        {**params, "roles": ", ".join(sorted(need.roles))},
        clause,
    )


def _at_most(code: str, at_most: int, day: date, clause: str) -> Rule:
    params: dict[str, Plain] = {"demand": code, "day_on": day.isoformat(), "at_most": at_most}
    return Rule(Kind.AT_MOST, N_("%(demand)s on %(day_on)s: at most %(at_most)s people."), params, clause)


def _connected(asked: Sequence[_Asked]) -> Iterator[tuple[_Asked, ...]]:
    """Every subset of the needs that does not fall into parts without a common person."""
    seen: set[frozenset[int]] = set()
    waiting = [frozenset([i]) for i in range(len(asked))]
    while waiting:
        subset = waiting.pop()
        if subset in seen:
            continue
        seen.add(subset)
        yield tuple(asked[i] for i in sorted(subset))
        able = frozenset().union(*(asked[i].able for i in subset))
        waiting += [subset | {i} for i in range(len(asked)) if i not in subset and asked[i].able & able]
