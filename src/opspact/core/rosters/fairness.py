"""Hours and fairness: what each person served, and how far that is from a fair share. Exact fractions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from opspact.core.calendars import WorkCalendar
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.instants import HOUR, Instant
from opspact.core.intervals import clip, normalise, total
from opspact.core.rosters.errors import UnknownPerson
from opspact.core.rosters.people import by_code, employment
from opspact.core.rosters.types import Assignment, NightWindow, Person, ShiftType
from opspact.core.rosters.walls import Wall, wall_of
from opspact.core.rosters.worked import shifts_by_person, us_by_day
from opspact.core.words import N_


class Figure(StrEnum):
    """What is compared. Durations are µs, shifts and nights are counted."""

    WORK_US = "work_us"
    STANDBY_US = "standby_us"
    WEEKEND_US = "weekend_us"
    HOLIDAY_US = "holiday_us"
    SHIFTS = "shifts"
    NIGHTS = "nights"


@dataclass(frozen=True)
class Part:
    """One person's value beside the fair one: `share` of the total."""

    person: str
    value: int
    share: Fraction
    fair: Fraction

    @property
    def deviation(self) -> Fraction:
        """How much more (less if negative) than fair."""
        return self.value - self.fair


@dataclass(frozen=True)
class Balance:
    """One figure over everyone: greatest minus least value, greatest deviation from the fair share either way."""

    figure: Figure
    total: int
    mean: Fraction
    spread: int
    greatest_deviation: Fraction
    parts: tuple[Part, ...]

    def explain(self) -> Explanation:
        """Each person's value, share and deviation."""
        return Explanation(
            rule=N_("A fair share follows the time employed in the period and the agreed weekly hours"),
            clause="",
            inputs={"figure": str(self.figure), "total": self.total, "spread": self.spread},
            steps=tuple(self._step(part) for part in self.parts),
        )

    def _step(self, part: Part) -> Step:
        share: dict[str, Plain] = {"person": part.person, "share_fraction": str(part.share)}
        if self.figure.endswith("_us"):
            text = N_("%(person)s: %(value_us)s, share %(share_fraction)s, fair %(fair_us)s.")
            return Step(text, share | {"value_us": part.value, "fair_us": int(part.fair)})
        text = N_("%(person)s: %(value)s, share %(share_fraction)s, fair %(fair)s.")
        return Step(text, share | {"value": part.value, "fair": str(part.fair)})


def fairness(
    duties: Iterable[Assignment],
    people: Iterable[Person],
    calendar: WorkCalendar,
    start: Instant,
    end: Instant,
    *,
    night: NightWindow = NightWindow(),  # noqa: B008 - frozen
    shift_types: Iterable[ShiftType] = (),
    full_week_us: int = 40 * HOUR,
) -> list[Balance]:
    """One balance a figure over [start, end), for everyone employed in it.

    Time is cut to the period; a shift counts when it starts in it. A day is a holiday or a weekend day by the calendar:
    make-up working days are neither. Without `weekly_us` a person's weight is `full_week_us`. Raises UnknownPerson,
    NamedTwice.
    """
    known, wall = by_code(people), wall_of(calendar.zone)
    own: dict[str, list[Assignment]] = {code: [] for code in known}
    for duty in duties:
        if duty.person not in known:
            raise UnknownPerson(what="Assignment", code=duty.by or duty.shift, person=duty.person)
        own[duty.person].append(duty)
    types = {shift.code: shift for shift in shift_types}
    shares = fair_shares(known.values(), start, end, full_week_us)
    values: dict[str, dict[Figure, int]] = {}
    for code in shares:
        shifts = shifts_by_person(own[code], wall, night, types, standby=False).get(code, [])
        started = [shift for shift in shifts if start <= shift.start < end]
        values[code] = _times(own[code], calendar, wall, start, end) | {
            Figure.SHIFTS: len(started),
            Figure.NIGHTS: sum(shift.at_night for shift in started),
        }
    return [balance(figure, {code: found[figure] for code, found in values.items()}, shares) for figure in Figure]


def fair_shares(
    people: Iterable[Person], start: Instant, end: Instant, full_week_us: int = 40 * HOUR
) -> dict[str, Fraction]:
    """Each person's share: time employed in the period times weekly hours; those without any have none."""
    weights = {
        person.code: total(employment(person, start, end))
        * (full_week_us if person.weekly_us is None else person.weekly_us)
        for person in people
    }
    whole = sum(weights.values())
    return {code: Fraction(weight, whole) for code, weight in sorted(weights.items()) if weight}


def balance(figure: Figure, values: Mapping[str, int], shares: Mapping[str, Fraction]) -> Balance:
    """The values of one figure against the shares of their total."""
    whole = sum(values.values())
    parts = tuple(Part(code, value, shares[code], shares[code] * whole) for code, value in values.items())
    return Balance(
        figure,
        whole,
        Fraction(whole, len(parts)) if parts else Fraction(0),
        max(values.values(), default=0) - min(values.values(), default=0),
        max((abs(part.deviation) for part in parts), default=Fraction(0)),
        parts,
    )


def _times(
    duties: Sequence[Assignment], calendar: WorkCalendar, wall: Wall, start: Instant, end: Instant
) -> dict[Figure, int]:
    work = normalise(clip(((d.start, d.end) for d in duties if not d.standby), start, end))
    standby = normalise(clip(((d.start, d.end) for d in duties if d.standby), start, end))
    weekend = holiday = 0
    for day, us in us_by_day(work, wall).items():
        if day in calendar.holidays:
            holiday += us
        elif day.weekday() >= 5 and day not in calendar.workdays:
            weekend += us
    return {
        Figure.WORK_US: total(work),
        Figure.STANDBY_US: total(standby),
        Figure.WEEKEND_US: weekend,
        Figure.HOLIDAY_US: holiday,
    }
