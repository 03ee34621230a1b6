"""Parts of a roster document: rotations, duties, and what changes them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from opspact.calc.kinds.roster.people import Filled, SpanIn
from opspact.calc.values import Day, Instant, Name, Part


def _several(crew: Any) -> Any:
    return (crew,) if isinstance(crew, str) else crew


_NAME_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 200}
Crew: TypeAlias = Annotated[
    Filled[Name],
    BeforeValidator(_several),
    WithJsonSchema({"anyOf": [_NAME_SCHEMA, {"type": "array", "items": _NAME_SCHEMA, "minItems": 1}]}),
]
"""A person, or a list of people."""


class RestrictionIn(Part):
    """Duty only in these hours, on the days that both `weekdays` and `on` admit."""

    hours: Name = Field(default="00:00-24:00", examples=["09:00-18:00"])
    weekdays: Name | None = Field(default=None, examples=["mon-fri"])
    on: Literal["any", "working", "rest"] = "any"
    """By the calendar: make-up days work, public holidays rest."""


class LineupIn(Part):
    """Who takes turns from a day on; a crew is a person, or several."""

    from_on: Day
    crews: Filled[Crew]
    start_at: int = Field(default=0, ge=0)
    """The crew that begins, from 0; in a pattern, the step that the first crew begins with."""
    offsets: tuple[int, ...] | None = None
    """In a pattern, how many steps each crew is ahead; by default they are spread evenly."""


class RotationIn(Part):
    """Turns that are handed over every `turn_days` days at `handover`; or with `pattern` a step a day."""

    code: Name
    first_on: Day
    until_on: Day | None = None
    """The first day on which nothing starts any more."""
    lineups: Filled[LineupIn]
    role: str = ""
    """The role served in; empty: any that the person holds."""
    level: int = Field(default=1, ge=1)
    """1 is primary, 2 and above backup."""
    standby: bool = False
    turn_days: int = Field(default=1, ge=1)
    handover: Name = Field(default="00:00", examples=["09:00"])
    on: Literal["any", "working", "rest"] = "any"
    """Days that are no such days belong to no turn."""
    restrictions: tuple[RestrictionIn, ...] = ()
    office_hours: bool = False
    """Only in the working time of the calendar."""
    pattern: str | None = Field(default=None, examples=["白白夜夜休休"])
    symbols: dict[str, str] = Field(default={}, examples=[{"白": "day", "夜": "night", "休": ""}])
    """The shift of each symbol of the pattern; empty: rest."""


class DutyIn(Part):
    """A duty, planned or served."""

    person: Name
    start: Instant
    end: Instant
    role: str = ""
    shift: str = ""
    level: int = Field(default=1, ge=1)
    standby: bool = False
    shift_start: Instant | None = None
    """When the shift of which this is a part began."""


class LeaveIn(Part):
    """A person is away; without a substitute a duty stays unserved."""

    code: Name
    person: Name
    start: Instant
    end: Instant
    substitute: str = ""


class SwapIn(Part):
    """`one` gives the duty in `given` to `other`, who gives the one in `taken`, if any."""

    code: Name
    one: Name
    given: SpanIn
    other: Name
    taken: SpanIn | None = None


class OverrideIn(Part):
    """`person` serves instead of `replaces` (empty: of whoever serves), or in addition (`add`)."""

    code: Name
    person: Name
    start: Instant
    end: Instant
    action: Literal["replace", "redirect", "add"] = "replace"
    """`redirect` touches only those on call."""
    replaces: str = ""
    role: str = ""
    level: int | None = Field(default=None, ge=1)
    standby: bool = False
