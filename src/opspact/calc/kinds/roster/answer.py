"""What the answer of `opspact calc roster` holds. Instants are ISO 8601, durations h:mm:ss, fractions "a/b"."""

from __future__ import annotations

from opspact.calc.language import Explained
from opspact.calc.values import Part


class DutyOut(Part):
    """A duty, and what decided that it is this person's."""

    person: str
    role: str
    start: str
    end: str
    shift: str
    level: int
    standby: bool
    layer: str
    """rotation, swap, substitute or override."""
    by: str
    """The code of the rotation, swap, leave or override."""
    instead_of: str


class ConflictOut(Part):
    """Something that does not fit together; nothing was filled in silently."""

    kind: str
    code: str
    person: str
    start: str
    end: str


class GapOut(Part):
    """Time in which people are missing: in all, and of each need in the order of the demand."""

    start: str
    end: str
    lasts: str
    missing: int
    by_need: list[int]


class PieceOut(Part):
    """Time in which nothing changes: who could serve, who counts for each need, and how many more there are."""

    start: str
    end: str
    on_duty: list[str]
    counted: list[list[str]]
    missing: list[int]
    surplus: int
    short_needs: list[int]
    """Needs that together ask for more people than `short_people`, all there are for them."""
    short_people: list[str]


class CoverageOut(Part):
    """The proof of one demand."""

    demand: str
    clause: str
    of: str
    """`planned`, or `attendance`."""
    holds: bool
    demanded: str
    covered: str
    missing_person_time: str
    least_surplus: int | None
    """The fewest people to spare at any instant; null without any demanded time."""
    gaps: list[GapOut]
    pieces: list[PieceOut]


class SpecialOut(Part):
    """The proof of one special period."""

    period: str
    clause: str
    of: str
    holds: bool
    covered: bool
    absent: list[str]
    served: dict[str, str]
    gaps: list[GapOut]


class OnDutyOut(Part):
    """Who serves at an instant, those at work first, primary before backup."""

    at: str
    duties: list[DutyOut]


class ViolationOut(Part):
    """A rule that is broken. Hours are h:mm:ss, else a count."""

    person: str
    rule: str
    clause: str
    start: str
    end: str
    limit: str | int
    found: str | int
    excess: str | int
    duties: list[DutyOut]


class ShareOut(Part):
    """One person's value beside the fair one, in the unit of the figure: µs or a count."""

    person: str
    value: int
    lasts: str | None
    share: str
    fair: str
    deviation: str


class BalanceOut(Part):
    """One figure over everyone employed in the period."""

    figure: str
    total: int
    mean: str
    spread: int
    greatest_deviation: str
    people: list[ShareOut]


class GeneratedOut(Part):
    """What the generator said: a roster, or the rules that clash."""

    found: bool
    best: bool
    cost: int | None
    bound: int | None
    refused_wishes: list[str]
    clash: list[str]
    clash_is_minimal: bool | None


class Output(Part):
    """What was asked for; the rest is null."""

    period: tuple[str, str]
    holds: bool
    """Whether every demand and special period is met and no rule is broken, as far as asked for."""
    generated: GeneratedOut | None
    schedule: list[DutyOut] | None
    conflicts: list[ConflictOut]
    coverage: list[CoverageOut] | None
    special_periods: list[SpecialOut] | None
    on_duty: list[OnDutyOut] | None
    violations: list[ViolationOut] | None
    fairness: list[BalanceOut] | None
    provisional_years: list[int]
    """Years touched whose holidays were not published when the calendar was made."""
    explain: list[Explained]
