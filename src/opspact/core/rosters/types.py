"""What rosters are made of: people, shifts, demands, duties, and what changes them. `docs/why/rosters.md`.

Instants and spans are µs since 1970-01-01T00:00:00Z, spans half-open. Minutes of the day are wall-clock minutes of the
zone that goes with them; an end above 1440 lies on the next day. Codes are unique within their kind. An empty set of
roles means "any role". Constructors check what one object can say about itself and raise errors of `rosters.errors`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from opspact.core.instants import HOUR, Instant
from opspact.core.intervals import Interval
from opspact.core.rosters.errors import BadNeed, BadRule, BadShift, BadSpan, PoolNotExclusive, SwapWithOneself

MINUTES_A_DAY = 24 * 60


class Layer(StrEnum):
    """What decided that a duty is this person's; the later one wins."""

    ROTATION = "rotation"
    SWAP = "swap"
    SUBSTITUTE = "substitute"
    OVERRIDE = "override"


class Action(StrEnum):
    """What an override does."""

    REPLACE = "replace"
    REDIRECT = "redirect"
    ADD = "add"


class Days(StrEnum):
    """Which local days a restriction admits, by the work calendar: make-up days work, public holidays rest."""

    ANY = "any"
    WORKING = "working"
    REST = "rest"


@dataclass(frozen=True)
class Person:
    """Someone who may be on duty: the roles held, and when employed, [from, until); None is open.

    `weekly_us` is the most working time a week agreed with this person; None: the common limit of the rules.
    """

    code: str
    roles: frozenset[str] = frozenset()
    employed_from: Instant | None = None
    employed_until: Instant | None = None
    weekly_us: int | None = None


@dataclass(frozen=True)
class Need:
    """At least so many people, each on duty in one of `roles` (empty: in any)."""

    at_least: int
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ShiftType:
    """A shift of every day: it starts at wall-clock minute `start_minute` and runs `minutes` of the wall clock.

    `needs`: who must be on one shift of this type. `standby`: on call, not at work. `night` says that it counts as a
    night shift; None lets the night window of the rules decide. Raises BadShift, BadNeed.
    """

    code: str
    start_minute: int
    minutes: int
    needs: tuple[Need, ...] = ()
    standby: bool = False
    night: bool | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start_minute < MINUTES_A_DAY:
            raise BadShift(code=self.code, field="start_minute", value=self.start_minute)
        if not 0 < self.minutes <= 2 * MINUTES_A_DAY:
            raise BadShift(code=self.code, field="minutes", value=self.minutes)
        _check_needs(self.code, self.needs)

    @property
    def end_minute(self) -> int:
        """Wall-clock minute at which it ends, counted from midnight of the day it starts on."""
        return self.start_minute + self.minutes


@dataclass(frozen=True)
class Demand:
    """Who must be on duty throughout `times` (a normal list of intervals).

    `exclusive`: one person counts for one need only. Demands with the same non-empty `pool` exclude each other too:
    whoever is counted for one is not counted for the other at that instant. `standby`: people on call count as well.
    Raises BadNeed, PoolNotExclusive.
    """

    code: str
    needs: tuple[Need, ...]
    times: Sequence[Interval]
    exclusive: bool = True
    pool: str = ""
    standby: bool = False
    clause: str = ""

    def __post_init__(self) -> None:
        _check_needs(self.code, self.needs)
        if self.pool and not self.exclusive:
            raise PoolNotExclusive(code=self.code, pool=self.pool)


@dataclass(frozen=True)
class Assignment:
    """A duty: `person` serves in `role` ("": in any role held) in [start, end).

    `shift` names the shift type, `level` 1 is primary and 2 and above backup. `layer` and `by` say what decided it and
    the code of that rotation, swap, leave or override, `instead_of` who would have served. Parts of one shift, such as
    before and after lunch, share `shift_at`, the instant it began; None: this part is the whole. Raises BadSpan.
    """

    person: str
    role: str
    start: Instant
    end: Instant
    shift: str = ""
    level: int = 1
    standby: bool = False
    layer: Layer = Layer.ROTATION
    by: str = ""
    instead_of: str = ""
    shift_at: Instant | None = None

    def __post_init__(self) -> None:
        _check_span("Assignment", self.person, self.start, self.end)

    @property
    def us(self) -> int:
        """Its length, µs."""
        return self.end - self.start


@dataclass(frozen=True)
class Leave:
    """`person` is away in [start, end); `substitute` serves instead, "" leaves a gap. Raises BadSpan."""

    code: str
    person: str
    start: Instant
    end: Instant
    substitute: str = ""

    def __post_init__(self) -> None:
        _check_span("Leave", self.code, self.start, self.end)


@dataclass(frozen=True)
class Swap:
    """`one` gives the duty in `given` to `other`, who gives the duty in `taken` back; None: gives nothing back.

    Raises BadSpan, SwapWithOneself.
    """

    code: str
    one: str
    given: Interval
    other: str
    taken: Interval | None = None

    def __post_init__(self) -> None:
        _check_span("Swap", self.code, *self.given)
        if self.taken is not None:
            _check_span("Swap", self.code, *self.taken)
        if self.one == self.other:
            raise SwapWithOneself(code=self.code, person=self.one)


@dataclass(frozen=True)
class Override:
    """In [start, end) `person` serves instead of `replaces` ("": of whoever serves), or in addition.

    `role` "" and `level` None match every role and level. REDIRECT touches only standby: calls go to `person`. ADD
    makes a new duty in `role` at `level` (None: 1), on standby if `standby`. Later overrides win. Raises BadSpan.
    """

    code: str
    person: str
    start: Instant
    end: Instant
    action: Action = Action.REPLACE
    replaces: str = ""
    role: str = ""
    level: int | None = None
    standby: bool = False

    def __post_init__(self) -> None:
        _check_span("Override", self.code, self.start, self.end)


@dataclass(frozen=True)
class Restriction:
    """Duty only between two wall-clock minutes (an end above 1440: into the next day) of the days it admits.

    `weekdays` Monday = 0 … Sunday = 6; `days` by the work calendar, so that WORKING follows make-up days. Both must
    admit the day on which the span starts. Raises BadRule.
    """

    start_minute: int = 0
    end_minute: int = MINUTES_A_DAY
    weekdays: frozenset[int] = frozenset(range(7))
    days: Days = Days.ANY

    def __post_init__(self) -> None:
        if not 0 <= self.start_minute < self.end_minute <= 2 * MINUTES_A_DAY:
            raise BadRule(field="end_minute", value=self.end_minute)
        if not self.weekdays <= frozenset(range(7)):
            raise BadRule(field="weekdays", value=str(sorted(self.weekdays)))


@dataclass(frozen=True)
class NightWindow:
    """A duty is a night duty if at least `at_least_us` of it lies between two wall-clock minutes (22:00 to 06:00)."""

    start_minute: int = 22 * 60
    end_minute: int = 30 * 60
    at_least_us: int = 2 * HOUR

    def __post_init__(self) -> None:
        if not 0 <= self.start_minute < self.end_minute <= self.start_minute + MINUTES_A_DAY:
            raise BadRule(field="end_minute", value=self.end_minute)


@dataclass(frozen=True)
class HardRules:
    """Limits on each person's duties at work, µs; None: not limited. Standby does not count unless `count_standby`.

    A week is Monday to Sunday and a day or a month a calendar one, in the zone of the roster; a duty counts on the day
    it starts for days and nights in a row, and where it lies for hours. `max_us_in_7_days` holds for any seven local
    days in a row. Overtime of a month is what exceeds `standard_us_a_day` for each of its working days.
    `weekly_rest_days` are local days of a week in which no duty lies. `forbidden_sequences` are pairs of shift codes
    that must not follow each other with less than `sequence_within_us` between them. `clauses` maps a field's name to
    the clause it rests on. Raises BadRule.
    """

    min_rest_us: int | None = None
    max_us_a_day: int | None = None
    max_us_a_week: int | None = None
    max_us_in_7_days: int | None = None
    max_us_a_month: int | None = None
    standard_us_a_day: int | None = None
    max_overtime_us_a_month: int | None = None
    weekly_rest_days: int | None = None
    max_consecutive_days: int | None = None
    max_consecutive_nights: int | None = None
    forbidden_sequences: frozenset[tuple[str, str]] = frozenset()
    sequence_within_us: int = 24 * HOUR
    night: NightWindow = NightWindow()
    count_standby: bool = False
    clauses: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, int) and value < 0:
                raise BadRule(field=name, value=value)
        if self.weekly_rest_days is not None and self.weekly_rest_days > 7:
            raise BadRule(field="weekly_rest_days", value=self.weekly_rest_days)


@dataclass(frozen=True)
class SpecialPeriod:
    """A holiday, event or incident in [start, end): `needs` hold throughout, and everyone of `everyone_of` takes part.

    Everyone employed in the period whose roles meet `everyone_of` (empty: all people) serves at least `at_least_us` in
    it. Raises BadSpan, BadNeed.
    """

    code: str
    start: Instant
    end: Instant
    needs: tuple[Need, ...] = (Need(1),)
    everyone_of: frozenset[str] = frozenset()
    at_least_us: int = 1
    standby: bool = False
    clause: str = ""

    def __post_init__(self) -> None:
        _check_span("Special period", self.code, self.start, self.end)
        _check_needs(self.code, self.needs)


def _check_span(what: str, code: str, start: int, end: int) -> None:
    if end <= start:
        raise BadSpan(what=what, code=code, start=start, end=end)


def _check_needs(code: str, needs: Sequence[Need]) -> None:
    for position, need in enumerate(needs):
        if need.at_least < 1:
            raise BadNeed(code=code, position=position, value=need.at_least)
