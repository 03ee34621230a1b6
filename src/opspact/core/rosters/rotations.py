"""Rotations: turns that are handed on, and shift patterns such as 白白夜夜休休; `laying` makes duties of them.

A turn lasts a number of days and is handed over at a wall-clock minute; a pattern gives each crew one step a day. Both
work on local days, so that a handover at nine is at nine whatever the clocks do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from opspact.core.rosters.errors import BadRotation, UnknownShift
from opspact.core.rosters.types import MINUTES_A_DAY, Days, Restriction, ShiftType

REST = ""


@dataclass(frozen=True)
class Lineup:
    """The crews that take turns from local date `from_on` on, `crews[start_at]` first; a crew is one or more people.

    In a pattern crew i is `offsets[i]` steps ahead of the pattern's start; by default crews are spread evenly.
    """

    from_on: date
    crews: tuple[tuple[str, ...], ...]
    start_at: int = 0
    offsets: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Rotation:
    """Turns of `turn_days` days from `first_on`, handed over at wall-clock minute `handover_minute`.

    A turn covers its days from handover to handover, cut to `restrictions` (any of them; none: always) and, with
    `office_hours`, to the working time of the calendar. Days that `counted` does not admit belong to no turn. When a
    lineup changes, the turn under way is handed over on its first day; handover days stay as they were. From local date
    `until_on` on nothing starts any more.
    Raises BadRotation.
    """

    code: str
    first_on: date
    lineups: tuple[Lineup, ...]
    turn_days: int = 1
    handover_minute: int = 0
    counted: Days = Days.ANY
    restrictions: tuple[Restriction, ...] = ()
    office_hours: bool = False
    role: str = ""
    level: int = 1
    standby: bool = False
    until_on: date | None = None

    def __post_init__(self) -> None:
        _check(self.code, "turn_days", self.turn_days, self.turn_days >= 1)
        _check(self.code, "handover_minute", self.handover_minute, 0 <= self.handover_minute < MINUTES_A_DAY)
        _check_lineups(self.code, self.lineups)


@dataclass(frozen=True)
class PatternRotation:
    """Each day every crew takes its step of `pattern`: a shift code, or "" for rest. The pattern then repeats.

    From local date `until_on` on no shift starts any more.
    Raises BadRotation, UnknownShift.
    """

    code: str
    first_on: date
    lineups: tuple[Lineup, ...]
    pattern: tuple[str, ...]
    shifts: tuple[ShiftType, ...]
    role: str = ""
    level: int = 1
    until_on: date | None = None

    def __post_init__(self) -> None:
        _check(self.code, "pattern", "", bool(self.pattern))
        codes = {shift.code for shift in self.shifts}
        for position, step in enumerate(self.pattern):
            if step != REST and step not in codes:
                raise UnknownShift(code=self.code, position=position, value=step)
        _check_lineups(self.code, self.lineups)
        for lineup in self.lineups:
            given = len(lineup.crews) if lineup.offsets is None else len(lineup.offsets)
            _check(self.code, "offsets", given, given == len(lineup.crews))


def parse_pattern(text: str, symbols: Mapping[str, str], code: str = "") -> tuple[str, ...]:
    """`parse_pattern("白白夜夜休休", {"白": "day", "夜": "night", "休": ""})`; white space is ignored.

    Raises UnknownShift with the position of a symbol that is not among `symbols`.
    """
    steps: list[str] = []
    for position, symbol in enumerate("".join(text.split())):
        if symbol not in symbols:
            raise UnknownShift(code=code, position=position, value=symbol)
        steps.append(symbols[symbol])
    return tuple(steps)


def _check(code: str, field: str, value: str | int, good: bool) -> None:
    if not good:
        raise BadRotation(code=code, field=field, value=value)


def _check_lineups(code: str, lineups: Sequence[Lineup]) -> None:
    days = [lineup.from_on for lineup in lineups]
    _check(code, "lineups", ", ".join(map(str, days)), bool(days) and days == sorted(set(days)))
    for position, lineup in enumerate(lineups):
        _check(code, f"lineups[{position}].crews", "", bool(lineup.crews) and all(lineup.crews))
