"""What a rule is asked, and what it answers: the figure, the verdict, and every record with the part it played."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeVar

from opspact.core.errors import IntervalReversed
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.instants import Instant
from opspact.core.intervals import Interval
from opspact.core.kpi.errors import RecordTwice, UnknownReading
from opspact.core.kpi.figures import Figure
from opspact.core.kpi.objectives import Objective
from opspact.core.states import Verdict
from opspact.core.words import N_

OUTSIDE = N_("It lies outside the period.")
LATER = N_("It is later than now.")


class Role(StrEnum):
    """What a record did to the figure: spoke for it, against it, may yet do so, or was left out."""

    FOR = "for"
    AGAINST = "against"
    PENDING = "pending"
    LEFT_OUT = "left_out"


class Used(NamedTuple):
    """One record by its number, its role, and why it has that role (msgid)."""

    id: str
    role: Role
    why: str


@dataclass(frozen=True)
class Asked:
    """The objective, the period [start, end) in µs UTC, and now; nothing later than now counts.

    Raises IntervalReversed.
    """

    objective: Objective
    period: Interval
    now: Instant
    clause: str = ""

    def __post_init__(self) -> None:
        if self.period[1] < self.period[0]:
            raise IntervalReversed(position=0, start=self.period[0], end=self.period[1])

    @property
    def horizon(self) -> Instant:
        """Where counting stops: the period's end, or now, never before the period begins."""
        return max(self.period[0], min(self.period[1], self.now))


@dataclass(frozen=True)
class Answer:
    """An indicator in one period.

    `reason` (msgid) says why there is no clear verdict. `beside` holds figures shown with it, by a key of the rule;
    they change no verdict. `alerts` are sentences that somebody should read.
    """

    rule: str
    figure: Figure
    objective: Objective
    verdict: Verdict
    explanation: Explanation
    used: tuple[Used, ...] = ()
    reason: str = ""
    beside: Mapping[str, Figure] = field(default_factory=dict)
    alerts: tuple[Step, ...] = ()

    def ids(self, role: Role) -> tuple[str, ...]:
        """The numbers of the records in that role, in their order."""
        return tuple(used.id for used in self.used if used.role is role)


class Numbered(Protocol):
    """Any record with a number."""

    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=Numbered)


def sift(records: Sequence[N], at: Callable[[N], Instant], asked: Asked) -> tuple[list[N], list[Used]]:
    """Those within the period and not later than now; and the rest, with why they are left out. Raises RecordTwice."""
    refuse_twins(records)
    inside: list[N] = []
    out: list[Used] = []
    for record in records:
        when = at(record)
        if not asked.period[0] <= when < asked.period[1]:
            out.append(Used(record.id, Role.LEFT_OUT, OUTSIDE))
        elif when > asked.now:
            out.append(Used(record.id, Role.LEFT_OUT, LATER))
        else:
            inside.append(record)
    return inside, out


def refuse_twins(records: Sequence[Numbered]) -> None:
    """Raises RecordTwice with the position of the second."""
    seen: set[str] = set()
    for position, record in enumerate(records):
        if record.id in seen:
            raise RecordTwice(position=position, id=record.id)
        seen.add(record.id)


def check_reading(name: str, value: str, known: Sequence[str]) -> None:
    """Raises UnknownReading for a value that is none of the readings."""
    if value not in known:
        raise UnknownReading(name=name, value=value, known=", ".join(known))


def text(fraction: Fraction | None) -> str | None:
    """As an explanation carries it."""
    return None if fraction is None else str(fraction)


def inputs(asked: Asked, **readings: Plain) -> dict[str, Plain]:
    """What went in, for the explanation: the period, now, and the readings in force."""
    return {"start_at": asked.period[0], "end_at": asked.period[1], "now_at": asked.now, **readings}


def closing_steps(figure: Figure, asked: Asked, verdict: Verdict, *, ratio: bool) -> tuple[Step, ...]:
    """The last two sentences of every ratio or count: what it comes to, and how that compares."""
    if not ratio:
        return (
            Step(
                N_("%(value)s, at most %(worst)s once all are settled."),
                {"value": text(figure.value), "worst": text(figure.worst)},
            ),
            Step(
                N_("Allowed %(objective)s: %(verdict)s."),
                {"objective": str(asked.objective.value), "verdict": str(verdict)},
            ),
        )
    return (
        Step(
            N_("Together: %(value_fraction)s (worst %(worst_fraction)s, best %(best_fraction)s)."),
            {
                "value_fraction": text(figure.value),
                "worst_fraction": text(figure.worst),
                "best_fraction": text(figure.best),
            },
        ),
        Step(
            N_("Objective %(objective_fraction)s: %(verdict)s."),
            {"objective_fraction": str(asked.objective.value), "verdict": str(verdict)},
        ),
    )
