"""Indicators with their rules. Where the contract leaves a choice, the reading stands beside its alternatives."""

from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import Field, model_validator

from opspact.contracts.terms.base import Agreed, Clause, Code, Count, Flag, Name, Number, Part, Percent, Text
from opspact.contracts.terms.durations import Duration
from opspact.core.inputs import Wrong
from opspact.core.words import N_

T = TypeVar("T")


class Choice(Part, Generic[T]):
    """The reading in force, and the other readings the client could have chosen."""

    value: T
    alternatives: tuple[T, ...] = ()
    agreed: Flag = False
    """True: the contract says so, or the client has signed it."""
    clause: Clause = ""

    @model_validator(mode="after")
    def _alternatives_differ(self) -> Self:
        if self.value in self.alternatives:
            raise Wrong(N_("the chosen value is listed among its alternatives"))
        return self


class Objective(Part):
    direction: Literal["at_least", "at_most"]
    value: Number
    """Percent points, or a number of cases, by the indicator's unit. Compared with unrounded figures."""


class _Indicator(Agreed):
    code: Code
    name: Name
    name_en: Name | None = None
    part_of: Code | None = None
    """The indicator of which this is a sub-row (其中)."""
    objective: Objective
    unit: Literal["percent", "count"]
    served_by: Literal[
        "monitoring", "servicedesk", "assets", "inspections", "backups", "preparedness", "people", "fulfilment"
    ]
    """The room of the platform that computes it."""
    clause: Clause = ""


class _Availability(_Indicator):
    systems: tuple[Code, ...] = ()
    categories: tuple[Code, ...] = ()
    """Systems measured, by code and by category; neither given: all systems of the contract."""


class MeanParameters(Part):
    weighting: Choice[Literal["equal", "time", "importance", "minimum"]]
    """`time` is the sum of up time over the sum of agreed time, `minimum` the worst system."""


class AvailabilityMean(_Availability):
    """Mean availability of several systems."""

    rule: Literal["availability_mean"]
    parameters: MeanParameters


class EachParameters(Part):
    judged: Choice[Literal["each", "group_mean"]]


class AvailabilityEach(_Availability):
    """Each system reaches the objective by itself."""

    rule: Literal["availability_each"]
    parameters: EachParameters


class SeriesParameters(Part):
    evidence: Choice[Literal["probes", "tickets"]]
    terminals_needed: Count | None = None
    """k of the n terminals that must be reachable; not given, terminals are left out until k is agreed."""


class AvailabilitySeries(_Availability):
    """Platform and link in series: up only while all of them are."""

    rule: Literal["availability_series"]
    parameters: SeriesParameters


class CountParameters(Part):
    source: Literal["incidents", "security_incidents"]
    levels: Choice[tuple[Code, ...]]
    """Levels that count: of `service_levels`, or of `security_gradings`."""
    counted_when: Choice[Literal["closed", "confirmed_by_client", "reported"]]
    penalised: Choice[Literal["attributable_to_vendor", "all"]]


class CountZero(_Indicator):
    """A number of cases that must not occur."""

    rule: Literal["count_zero"]
    parameters: CountParameters


class TerminalParameters(Part):
    method: Choice[Literal["fault_hours", "inspected_ok"]]
    """1 − fault terminal-hours ÷ (terminals × hours), or terminals inspected in order ÷ inspected."""
    calendar: Choice[Code]
    spare_stops_clock: Choice[Flag]
    kinds: tuple[Code, ...] = Field(min_length=1)
    """Kinds of terminals that count together."""
    separate_kinds: tuple[Code, ...] = ()
    """Kinds shown beside it, by themselves."""


class TerminalAvailability(_Indicator):
    rule: Literal["terminal_availability"]
    parameters: TerminalParameters


class SatisfactionParameters(Part):
    method: Choice[Literal["share_of_good", "mean_of_scale"]]
    scale: Count = Field(ge=2, le=100)
    good_from: Count
    """Lowest rating that is good."""
    minimum_sample: Choice[Count]
    """Below this number of valid ratings the figure is marked as resting on too few."""


class Satisfaction(_Indicator):
    rule: Literal["satisfaction"]
    parameters: SatisfactionParameters


class ComplaintParameters(Part):
    method: Choice[Literal["ratio_of_closed_tickets", "count"]]
    alert_above_count: Count
    without_tickets: Choice[Literal["pass_without_complaints", "adjudicate"]]


class ComplaintRatio(_Indicator):
    rule: Literal["complaint_ratio"]
    parameters: ComplaintParameters


Kpi = Annotated[
    AvailabilityMean
    | AvailabilityEach
    | AvailabilitySeries
    | CountZero
    | TerminalAvailability
    | Satisfaction
    | ComplaintRatio,
    Field(discriminator="rule"),
]


class KpiRules(Part):
    """How availability is read throughout the contract."""

    agreed_service_time: Choice[Code]
    """The calendar on which systems are owed."""
    decide_on_observed_fraction: Choice[Percent]
    """From this observed share on, the measured value decides though data is missing; below it only best and worst."""
    unknown_is: Choice[Literal["unknown", "down"]]
    degraded_is: Choice[Literal["up", "down"]]
    exclusions: Choice[tuple[Literal["maintenance_approved_before", "force_majeure_accepted"], ...]]
    third_party: Choice[Literal["counts_until_exempted", "excluded"]]
    outage_failures: Choice[Annotated[Count, Field(ge=1, le=20)]]
    """Consecutive failures that make an outage, backdated to the first."""
    merge_gaps_below: Choice[Duration]
    display_decimals: Count = Field(default=2, le=6)
    """Digits shown, cut off and never rounded up."""
    clause: Clause = ""


class Share(Part):
    code: Literal["self_assessment", "deliverable_assessment", "client_assessment"]
    name: Name
    weight: Choice[Percent]
    clause: Clause = ""


class Grade(Part):
    name: Name
    at_least: Percent


class Assessment(Agreed):
    """The periodic judgement on the indicators (绩效考核)."""

    period: Choice[Literal["month", "quarter", "half_year", "year", "contract"]]
    computed_every: Choice[Literal["month", "quarter"]]
    shares: tuple[Share, ...] = ()
    vetoes: tuple[Code, ...] = ()
    """Indicators whose failure fails the whole."""
    grades: tuple[Grade, ...] = ()
    review_within: Duration | None = None
    """Time the client has after receipt of the report."""
    silence_passes: Flag = False
    """No objection in that time counts as passed; measured values stay as they are."""
    text: Text | None = None
    clause: Clause = ""
