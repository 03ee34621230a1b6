"""What the generator is asked, and what it answers. `docs/why/roster-generator.md`.

Days are local dates of the calendar's zone; instants and durations are µs. A period is [first, until).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from opspact.core.calendars import WorkCalendar
from opspact.core.explain import Explanation, Plain
from opspact.core.rosters.errors import BadRule, NamedTwice, UnknownPerson
from opspact.core.rosters.generate_errors import DayOutside, EmptyPeriod, NoSuchShift
from opspact.core.rosters.types import (
    Assignment,
    Demand,
    HardRules,
    Leave,
    Need,
    Person,
    ShiftType,
    SpecialPeriod,
)


@dataclass(frozen=True)
class Staffing:
    """The shift type `shift` is held on `days`, each time with `needs` (None: those of the shift type).

    One person counts for one need only. `at_most` limits the people on one shift. Only who meets a need of the
    staffing, of a demand or of a special period is ever put on the shift.
    """

    code: str
    shift: str
    days: frozenset[date]
    needs: tuple[Need, ...] | None = None
    at_most: int | None = None
    clause: str = ""


@dataclass(frozen=True)
class Fixed:
    """Decided beforehand: `person` serves `shift` on `day`; with `serves` False does not ("": no shift that day)."""

    code: str
    person: str
    day: date
    shift: str = ""
    serves: bool = True


@dataclass(frozen=True)
class Wish:
    """`person` would like to serve `shift` ("": any) that starts on `day`, or with `serves` False would not.

    A wish counts `weight` times. It is weighed against fairness and never breaks a rule.
    """

    code: str
    person: str
    day: date
    shift: str = ""
    serves: bool = False
    weight: int = 1


@dataclass(frozen=True)
class Tally:
    """What a person has served: hours at work (µs), and shifts that are nights, on weekends, on public holidays."""

    worked_us: int = 0
    nights: int = 0
    weekends: int = 0
    holidays: int = 0


@dataclass(frozen=True)
class Goals:
    """How heavily unfairness weighs: the square of each person's burden, per hour² or shift², and a refused wish.

    0 leaves a goal out. With the defaults one night weighs like ten hours. Raises BadRule.
    """

    hours: int = 1
    nights: int = 100
    weekends: int = 100
    holidays: int = 200
    wishes: int = 300

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value < 0:
                raise BadRule(field=name, value=value)


@dataclass(frozen=True)
class Problem:
    """A roster to be made for the days [first, until) of `calendar`, whose zone and public holidays hold.

    `before` are duties served earlier, as far back as the rules look (a month for all of them). `carried` is what each
    person served before in the time over which burdens are to be even. Raises EmptyPeriod, NamedTwice, NoSuchShift,
    UnknownPerson, DayOutside.
    """

    code: str
    calendar: WorkCalendar
    first: date
    until: date
    people: tuple[Person, ...]
    shifts: tuple[ShiftType, ...]
    staffings: tuple[Staffing, ...]
    demands: tuple[Demand, ...] = ()
    special: tuple[SpecialPeriod, ...] = ()
    rules: HardRules = field(default_factory=HardRules)
    leave: tuple[Leave, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    wishes: tuple[Wish, ...] = ()
    before: tuple[Assignment, ...] = ()
    carried: Mapping[str, Tally] = field(default_factory=dict)
    goals: Goals = Goals()

    def __post_init__(self) -> None:
        if self.until <= self.first:
            raise EmptyPeriod(first_on=self.first.isoformat(), until_on=self.until.isoformat())
        for what, named in _NAMED.items():
            _once(what, [item.code for item in getattr(self, named)])
        shifts = {shift.code for shift in self.shifts}
        people = {person.code for person in self.people}
        days = set(self.days)
        for staffing in self.staffings:
            _known_shift("Staffing", staffing.code, staffing.shift, shifts)
            _inside("Staffing", staffing.code, staffing.days, days)
        for what, choices in (("Fixed duty", self.fixed), ("Wish", self.wishes)):
            for choice in choices:
                _known_person(what, choice.code, choice.person, people)
                _inside(what, choice.code, {choice.day}, days)
                if choice.shift or (choice.serves and what == "Fixed duty"):
                    _known_shift(what, choice.code, choice.shift, shifts)
        for away in self.leave:
            _known_person("Leave", away.code, away.person, people)

    @property
    def days(self) -> tuple[date, ...]:
        """The local dates of the period, in order."""
        return tuple(self.first + timedelta(days=i) for i in range((self.until - self.first).days))


class Kind(StrEnum):
    """What a rule that clashes is about."""

    DEMAND = "demand"
    AT_MOST = "at_most"
    LEAVE = "leave"
    EMPLOYMENT = "employment"
    FIXED = "fixed"
    REST = "rest"
    HOURS = "hours"
    DAYS = "days"
    SEQUENCE = "sequence"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class Rule:
    """One rule in people's terms: an English msgid, its `%(name)s` parameters, and the clause that it rests on."""

    kind: Kind
    text: str
    params: Mapping[str, Plain]
    clause: str = ""


@dataclass(frozen=True)
class Clash:
    """No roster keeps all of `rules`, whatever the other rules; without any one of them there is one, if `minimal`.

    `minimal` is False if the time ran out while rules were being left out one by one.
    """

    rules: tuple[Rule, ...]
    minimal: bool
    explanation: Explanation


@dataclass(frozen=True)
class Roster:
    """Duties in order of start and person, what each person then has to serve, and the wishes that were refused.

    `best` says that no roster weighs less by the goals; otherwise the search was stopped. `cost` is that weight and
    `bound` the least that one may have.
    """

    assignments: tuple[Assignment, ...]
    tallies: Mapping[str, Tally]
    refused_wishes: tuple[str, ...]
    best: bool
    cost: int
    bound: int
    explanation: Explanation


_NAMED = {
    "Person": "people",
    "Shift type": "shifts",
    "Staffing": "staffings",
    "Demand": "demands",
    "Special period": "special",
    "Leave": "leave",
    "Fixed duty": "fixed",
    "Wish": "wishes",
}


def _once(what: str, codes: list[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise NamedTwice(what=what, code=code)
        seen.add(code)


def _known_shift(what: str, code: str, shift: str, shifts: set[str]) -> None:
    if shift not in shifts:
        raise NoSuchShift(what=what, code=code, shift=shift)


def _known_person(what: str, code: str, person: str, people: set[str]) -> None:
    if person not in people:
        raise UnknownPerson(what=what, code=code, person=person)


def _inside(what: str, code: str, named: frozenset[date] | set[date], days: set[date]) -> None:
    if outside := sorted(named - days):
        raise DayOutside(what=what, code=code, day_on=outside[0].isoformat())
