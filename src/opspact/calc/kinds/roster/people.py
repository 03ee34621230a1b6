"""Parts of a roster document: people, needs, shifts, demands, rules."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, Field

from opspact.calc.values import Day, Duration, Instant, Name, Part
from opspact.core.inputs import MESSAGES, Wrong

T = TypeVar("T")


def _filled(items: tuple[T, ...]) -> tuple[T, ...]:
    if not items:
        raise Wrong(MESSAGES["too_short"])
    return items


# Not Field(min_length=1): pydantic then also calls a list empty of which an element is wrong.
Filled: TypeAlias = Annotated[tuple[T, ...], AfterValidator(_filled), Field(json_schema_extra={"minItems": 1})]


class SpanIn(Part):
    """A half-open span of time."""

    start: Instant
    end: Instant


class PersonIn(Part):
    """Someone who may be on duty."""

    code: Name
    roles: tuple[Name, ...] = ()
    employed_from: Instant | None = None
    employed_until: Instant | None = None
    weekly: Duration | None = None
    """The most working time a week agreed with this person."""


class NeedIn(Part):
    """At least so many people in one of the roles; without roles, anyone."""

    at_least: int = Field(default=1, ge=1)
    roles: tuple[Name, ...] = ()


class ShiftIn(Part):
    """A shift of every day."""

    code: Name
    hours: Name = Field(examples=["08:00-20:00", "20:00-08:00"])
    """From and until, on the wall clock; an end not after its start lies on the next day."""
    needs: tuple[NeedIn, ...] = ()
    """Who a generated roster puts on each such shift."""
    standby: bool = False
    """On call, not at work."""
    night: bool | None = None
    """Whether it counts as a night; without it, two hours between 22:00 and 06:00 make one."""


class DemandIn(Part):
    """Who must be on duty, throughout `times`, or the working time of `calendar`, or else the whole period."""

    code: Name
    needs: Filled[NeedIn]
    calendar: Name | None = None
    times: tuple[SpanIn, ...] | None = None
    exclusive: bool = True
    """One person counts for one need only."""
    pool: str = ""
    """Demands of one pool never count the same person at the same time."""
    standby: bool = False
    """People on call count as well."""
    clause: str = ""


class SpecialIn(Part):
    """A holiday, event or incident: needs hold throughout, and everyone in one of the roles takes part."""

    code: Name
    start: Instant
    end: Instant
    needs: tuple[NeedIn, ...] = (NeedIn(),)
    everyone_of: tuple[Name, ...] = ()
    """Roles whose people all take part; empty: all people."""
    at_least: Duration = 1
    """How much each must serve in it."""
    standby: bool = False
    clause: str = ""


class RulesIn(Part):
    """Rules by name, and limits of one's own, which replace those of the name."""

    base: Literal["none", "cn-no-overtime", "cn-standard", "cn-comprehensive"] = "none"
    """Sets that follow the PRC Labour Law; the last is for shift work computed over the month."""
    min_rest: Duration | None = None
    max_a_day: Duration | None = None
    max_a_week: Duration | None = None
    max_in_7_days: Duration | None = None
    max_a_month: Duration | None = None
    standard_a_day: Duration | None = None
    """Normal working time of a working day, from which the overtime of a month counts."""
    max_overtime_a_month: Duration | None = None
    weekly_rest_days: int | None = Field(default=None, ge=0, le=7)
    max_consecutive_days: int | None = Field(default=None, ge=0)
    max_consecutive_nights: int | None = Field(default=None, ge=0)
    forbidden_sequences: tuple[tuple[Name, Name], ...] = ()
    """Pairs of shifts; the second must not follow the first in less than 24 hours."""
    count_standby: bool = False
    clauses: dict[Name, str] = {}
    """The clause that a limit rests on, such as {"min_rest": "§12.3"}."""


class StaffingIn(Part):
    """Days on which a shift is to be held in a generated roster."""

    code: Name
    shift: Name
    on: Literal["any", "working", "rest"] = "any"
    days: tuple[Day, ...] | None = None
    """The days themselves, instead of `on`."""
    needs: tuple[NeedIn, ...] | None = None
    at_most: int | None = Field(default=None, ge=1)
    clause: str = ""


class FixedIn(Part):
    """Something decided: a person serves a shift on a day, or does not."""

    code: Name
    person: Name
    day: Day
    shift: str = ""
    serves: bool = True


class WishIn(FixedIn):
    """Something wished for, which may be refused."""

    serves: bool = False
    weight: int = Field(default=1, ge=1)


class GenerateIn(Part):
    """What a generated roster needs beside the rest of the document."""

    staffings: Filled[StaffingIn]
    fixed: tuple[FixedIn, ...] = ()
    wishes: tuple[WishIn, ...] = ()
    seconds: int = Field(default=10, ge=1, le=600)
    """How long to search, in steps of about a second of one core."""
    seed: int = Field(default=1, ge=0)
