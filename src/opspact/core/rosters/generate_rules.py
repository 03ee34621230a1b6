"""Leave, employment, fixed duties and the limits on each person's duties as linear rules."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from opspact.core.explain import Plain
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, clip, intersect, total
from opspact.core.rosters.generate_program import Program
from opspact.core.rosters.generate_slots import Board
from opspact.core.rosters.generate_types import Kind, Rule
from opspact.core.rosters.people import employment
from opspact.core.rosters.types import Person
from opspact.core.rosters.walls import ONE_DAY, wall_of
from opspact.core.rosters.worked import shifts_by_person
from opspact.core.words import N_

_SHIFT_DAYS = 3  # a shift of the last day reaches at most two days further


class _Duty(NamedTuple):
    """A duty that is served if `variable` is 1; None: one from before the period."""

    start: Instant
    end: Instant
    spans: tuple[Interval, ...]
    shift: str
    day: date
    night: bool
    variable: int | None


class Limits:
    """Adds what holds for one person to the program."""

    def __init__(self, board: Board, program: Program, person: Person) -> None:
        self.board, self.program, self.person = board, program, person
        self.rules = board.problem.rules
        self.wall = wall_of(board.problem.calendar.zone)
        placed = [
            _Duty(slot.start, slot.end, ((slot.start, slot.end),), slot.shift.code, slot.day, slot.night, variable)
            for slot, variable in board.at_work(person.code)
        ]
        self.duties = sorted([*self._before(), *placed], key=lambda duty: (duty.start, duty.end, duty.shift))

    def add(self) -> None:
        self._presence()
        self._choices()
        self._one_at_a_time()
        self._rest()
        self._sequences()
        self._hours()
        self._days()

    def _before(self) -> Iterator[_Duty]:
        problem = self.board.problem
        types = {shift.code: shift for shift in problem.shifts}
        own = [duty for duty in problem.before if duty.person == self.person.code]
        served = shifts_by_person(own, self.wall, self.rules.night, types, standby=self.rules.count_standby)
        for shift in served.get(self.person.code, ()):
            spans = tuple((part.start, part.end) for part in shift.parts)
            yield _Duty(shift.start, shift.end, spans, shift.code, shift.starts_on, shift.at_night, None)

    def _rule(self, kind: Kind, field: str, text: str, params: Mapping[str, Plain]) -> int:
        clause = self.rules.clauses.get(field, "")
        return self.program.rule(Rule(kind, text, {"person": self.person.code, **params}, clause))

    # Being there

    def _presence(self) -> None:
        person, places = self.person, self.board.open_to(self.person.code)
        for leave in self.board.problem.leave:
            if leave.person != person.code:
                continue
            text = N_("%(person)s is on leave from %(from_at)s to %(until_at)s (%(leave)s).")
            params: dict[str, Plain] = {
                "person": person.code,
                "from_at": leave.start,
                "until_at": leave.end,
                "leave": leave.code,
            }
            hit = [v for _, slot, v in places if intersect([(slot.start, slot.end)], [(leave.start, leave.end)])]
            self._none_of(hit, Rule(Kind.LEAVE, text, params))
        if person.employed_from is not None:
            text = N_("%(person)s is employed from %(from_at)s on.")
            params = {"person": person.code, "from_at": person.employed_from}
            early = [v for _, slot, v in places if slot.start < person.employed_from]
            self._none_of(early, Rule(Kind.EMPLOYMENT, text, params))
        if person.employed_until is not None:
            text = N_("%(person)s is employed until %(until_at)s.")
            params = {"person": person.code, "until_at": person.employed_until}
            late = [v for _, slot, v in places if slot.end > person.employed_until]
            self._none_of(late, Rule(Kind.EMPLOYMENT, text, params))

    def _none_of(self, variables: Sequence[int], rule: Rule) -> None:
        if variables:
            number = self.program.rule(rule)
            for variable in variables:
                self.program.at_most([(1, variable)], 0, number)

    def _choices(self) -> None:
        """Fixed duties."""
        for fixed in self.board.problem.fixed:
            if fixed.person != self.person.code:
                continue
            hit = [
                variable
                for _, slot, variable in self.board.open_to(self.person.code)
                if slot.day == fixed.day and fixed.shift in ("", slot.shift.code)
            ]
            params = {
                "person": fixed.person,
                "day_on": fixed.day.isoformat(),
                "shift": fixed.shift,
                "fixed": fixed.code,
            }
            if fixed.serves:
                text = N_("%(person)s serves %(shift)s on %(day_on)s (%(fixed)s).")
                number = self.program.rule(Rule(Kind.FIXED, text, params))
                self.program.at_least([(1, variable) for variable in hit], 1, number)
            elif fixed.shift:
                self._none_of(
                    hit, Rule(Kind.FIXED, N_("%(person)s does not serve %(shift)s on %(day_on)s (%(fixed)s)."), params)
                )
            else:
                self._none_of(hit, Rule(Kind.FIXED, N_("%(person)s serves nothing on %(day_on)s (%(fixed)s)."), params))

    def _one_at_a_time(self) -> None:
        """Nobody serves twice at the same time, be it on standby: a matter of fact, not a rule."""
        places = self.board.open_to(self.person.code)
        for i, (_, slot, variable) in enumerate(places):
            for _, other, second in places[i + 1 :]:
                if other.start >= slot.end:
                    break
                self.program.at_most([(1, variable), (1, second)], 1)
            for duty in self.board.problem.before:
                if duty.person == self.person.code and duty.start < slot.end and slot.start < duty.end:
                    self.program.at_most([(1, variable)], 0)

    # One duty after another

    def _rest(self) -> None:
        rest = self.rules.min_rest_us
        if rest is None:
            return
        text = N_("%(person)s rests at least %(rest_us)s between two duties.")
        rule = self._rule(Kind.REST, "min_rest_us", text, {"rest_us": rest})
        self._not_both(lambda one, other: other.start - one.end < rest, rest, rule)

    def _sequences(self) -> None:
        within = self.rules.sequence_within_us
        for first, second in sorted(self.rules.forbidden_sequences):
            text = N_("%(person)s does not serve %(second)s less than %(within_us)s after %(first)s.")
            params: dict[str, Plain] = {"first": first, "second": second, "within_us": within}
            rule = self._rule(Kind.SEQUENCE, "forbidden_sequences", text, params)

            def follow(one: _Duty, other: _Duty, pair: tuple[str, str] = (first, second)) -> bool:
                return (one.shift, other.shift) == pair and 0 <= other.start - one.end < within

            self._not_both(follow, within, rule)

    def _not_both(self, excluded: Callable[[_Duty, _Duty], bool], within: int, rule: int) -> None:
        """No two duties for which `excluded` holds, of those that lie less than `within` apart."""
        for i, one in enumerate(self.duties):
            for other in self.duties[i + 1 :]:
                if other.start >= one.end + within:
                    break
                if excluded(one, other):
                    self._limit([(1, one), (1, other)], 1, rule)

    def _limit(self, terms: Iterable[tuple[int, _Duty]], limit: int, *rules: int) -> None:
        """Σ factor over the duties served ≤ limit; what was served before the period cannot be undone."""
        kept: list[tuple[int, int]] = []
        for factor, duty in terms:
            if duty.variable is None:
                limit -= factor
            else:
                kept.append((factor, duty.variable))
        if kept:
            self.program.at_most(kept, max(limit, 0), *rules)

    # Hours

    def _hours(self) -> None:
        weekly = self.rules.max_us_a_week if self.person.weekly_us is None else self.person.weekly_us
        for field, limit, text, spans in (
            ("max_us_a_day", self.rules.max_us_a_day, _A_DAY, self._local_days(1)),
            ("max_us_a_week", weekly, _A_WEEK, self._weeks()),
            ("max_us_in_7_days", self.rules.max_us_in_7_days, _IN_7_DAYS, self._local_days(7)),
            ("max_us_a_month", self.rules.max_us_a_month, _A_MONTH, self._months()),
        ):
            if limit is not None:
                rule = self._rule(Kind.HOURS, field, text, {"limit_us": limit})
                for first, after in spans:
                    self._limit(self._inside(first, after), limit, rule)
        self._overtime()

    def _inside(self, first: date, after: date) -> list[tuple[int, _Duty]]:
        """How much of each duty lies in the local days [first, after), where any of it is still to be decided."""
        start, end = self.wall.at(first), self.wall.at(after)
        parts = [(total(clip(duty.spans, start, end)), duty) for duty in self.duties]
        return [(us, duty) for us, duty in parts if us]

    def _overtime(self) -> None:
        standard, limit = self.rules.standard_us_a_day, self.rules.max_overtime_us_a_month
        if standard is None or limit is None:
            return
        text = N_("%(person)s works at most %(limit_us)s of overtime in one month.")
        rule = self._rule(Kind.HOURS, "max_overtime_us_a_month", text, {"limit_us": limit})
        for first, after in self._months():
            days = [first + timedelta(days=i) for i in range((after - first).days)]
            agreed = standard * sum(self.board.problem.calendar.is_working_day(d) and self._employed(d) for d in days)
            self._limit(self._inside(first, after), limit + agreed, rule)

    def _employed(self, day: date) -> bool:
        return bool(employment(self.person, self.wall.at(day), self.wall.at(day + ONE_DAY)))

    def _local_days(self, length: int) -> list[tuple[date, date]]:
        """Every stretch of so many local days that may touch the period or what follows from it."""
        problem = self.board.problem
        count = (problem.until - problem.first).days + length + _SHIFT_DAYS
        starts = [problem.first + timedelta(days=i - length) for i in range(count)]
        return [(day, day + timedelta(days=length)) for day in starts]

    def _weeks(self) -> list[tuple[date, date]]:
        problem = self.board.problem
        monday = problem.first - timedelta(days=problem.first.weekday())
        count = (problem.until - monday).days // 7 + 1
        mondays = [monday + timedelta(weeks=i) for i in range(count)]
        return [(day, day + timedelta(weeks=1)) for day in mondays]

    def _months(self) -> list[tuple[date, date]]:
        day, spans = self.board.problem.first.replace(day=1), []
        while day <= self.board.problem.until:
            after = (day + timedelta(days=31)).replace(day=1)
            spans.append((day, after))
            day = after
        return spans

    # Days and nights in a row, and days of rest

    def _days(self) -> None:
        if (limit := self.rules.max_consecutive_days) is not None:
            rule = self._rule(Kind.DAYS, "max_consecutive_days", _DAYS_IN_A_ROW, {"limit": limit})
            self._in_a_row(_by_day(self.duties), limit, rule)
        if (limit := self.rules.max_consecutive_nights) is not None:
            rule = self._rule(Kind.DAYS, "max_consecutive_nights", _NIGHTS_IN_A_ROW, {"limit": limit})
            self._in_a_row(_by_day([duty for duty in self.duties if duty.night]), limit, rule)
        if (rest := self.rules.weekly_rest_days) is not None:
            rule = self._rule(Kind.DAYS, "weekly_rest_days", _REST_DAYS, {"days": rest})
            self._weekly_rest(rest, rule)

    def _in_a_row(self, on_day: Mapping[date, list[_Duty]], limit: int, rule: int) -> None:
        served = {day: self._served_on(duties) for day, duties in on_day.items()}
        for day in sorted(served):
            window = [day + timedelta(days=i) for i in range(limit + 1)]
            if all(each in served for each in window):
                self._limit([(1, served[each]) for each in window], limit, rule)

    def _weekly_rest(self, rest: int, rule: int) -> None:
        touched: dict[date, list[_Duty]] = defaultdict(list)
        for duty in self.duties:
            for day in {day for span in duty.spans for day, _, _ in self.wall.days(*span)}:
                touched[day].append(duty)
        served = {day: self._served_on(duties) for day, duties in touched.items()}
        for monday, _ in self._weeks():
            week = [monday + timedelta(days=i) for i in range(7)]
            self._limit([(1, served[day]) for day in week if day in served], 7 - rest, rule)

    def _served_on(self, duties: Sequence[_Duty]) -> _Duty:
        """A duty standing for "any of these"."""
        if any(duty.variable is None for duty in duties):
            return duties[0]._replace(variable=None)
        return duties[0]._replace(variable=self.program.any_of([d.variable for d in duties if d.variable is not None]))


_A_DAY = N_("%(person)s works at most %(limit_us)s on one day.")
_A_WEEK = N_("%(person)s works at most %(limit_us)s in one week.")
_IN_7_DAYS = N_("%(person)s works at most %(limit_us)s in any seven days.")
_A_MONTH = N_("%(person)s works at most %(limit_us)s in one month.")
_DAYS_IN_A_ROW = N_("%(person)s serves at most %(limit)s days in a row.")
_NIGHTS_IN_A_ROW = N_("%(person)s serves at most %(limit)s nights in a row.")
_REST_DAYS = N_("%(person)s has at least %(days)s days without duty in every week.")


def _by_day(duties: Iterable[_Duty]) -> dict[date, list[_Duty]]:
    """The duties by the local date they start on."""
    found: dict[date, list[_Duty]] = defaultdict(list)
    for duty in duties:
        found[duty.day].append(duty)
    return found
