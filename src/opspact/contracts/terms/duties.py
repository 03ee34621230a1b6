"""What each side owes: obligations with deadlines as data, deliverables, acceptance, and how the contract is read."""

from typing import Literal, Self

from pydantic import Field, model_validator

from opspact.contracts.terms.base import Agreed, Clause, Code, Count, Day, Flag, Name, Part, Text
from opspact.contracts.terms.durations import Duration
from opspact.core.inputs import Wrong
from opspact.core.words import N_

_NEEDS = {
    "within": ("duration", "event"),
    "before": ("duration", "event"),
    "after": ("duration", "event"),
    "every": ("duration",),
    "times": ("times", "duration"),
    "on": ("day",),
    "at_once": ("event",),
    "set_by_client": (),
    "continuous": (),
    "undated": (),
}


class Deadline(Agreed):
    """When something is due.

    `within` a duration of an event, `before` an event by at least a duration, not until a duration `after` an event,
    `every` so often, a number of `times` in each duration, `on` a day, `at_once` upon an event, a time `set_by_client`,
    `continuous` throughout the term, or `undated`, which only reminds and is never a breach by itself.
    """

    kind: Literal[
        "within", "before", "after", "every", "times", "on", "at_once", "set_by_client", "continuous", "undated"
    ]
    duration: Duration | None = None
    event: Text | None = None
    times: Count | None = None
    day: Day | None = None
    remind_after: Duration | None = None
    """For what has no date: when to remind."""

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        lacking = [name for name in _NEEDS[self.kind] if getattr(self, name) is None]
        if lacking:
            raise Wrong(N_("a deadline of kind %(kind)s also needs %(keys)s"), kind=self.kind, keys=", ".join(lacking))
        return self


class Obligation(Part):
    """Something a party must do, what happens otherwise, and what proves that it was done."""

    number: Count
    party: Literal["client", "vendor", "either", "both"]
    text: Text
    deadlines: tuple[Deadline, ...] = Field(min_length=1)
    consequence: Text | None = None
    penalties: tuple[Code, ...] = ()
    """Penalties that a breach can lead to."""
    evidence: tuple[Name, ...] = ()
    clause: Clause


class Reading(Part):
    value: Code
    text: Text


class Setting(Part):
    """A point that the contract leaves open: the reading in force, the others, and why."""

    number: Count
    code: Code
    question: Text
    value: Code
    readings: tuple[Reading, ...] = Field(min_length=1)
    """All possible readings, the one in force among them."""
    why: Text
    agreed: Flag = False
    """True once the client has signed the reading."""
    clause: Clause = ""

    @model_validator(mode="after")
    def _value_is_a_reading(self) -> Self:
        values = [reading.value for reading in self.readings]
        if self.value not in values:
            raise Wrong(
                N_("%(found)s is none of the readings: %(choices)s"), found=self.value, choices=", ".join(values)
            )
        return self


class Deliverable(Part):
    """A report or record that the vendor hands in."""

    code: Code
    name: Name
    name_en: Name | None = None
    cycle: Literal["day", "week", "month", "quarter", "half_year", "year", "once", "on_demand"]
    period: Literal["calendar", "contract"]
    """Whether weeks and months are those of the calendar or count from the start of the term."""
    due: Deadline
    for_payments: tuple[Code, ...] = ()
    for_acceptance: Flag = False
    clause: Clause = ""


class Criterion(Part):
    code: Code
    text: Text
    clause: Clause = ""


class Acceptance(Agreed):
    """Acceptance of the whole (验收)."""

    after: Duration
    """Time of service before it."""
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    clause: Clause = ""
