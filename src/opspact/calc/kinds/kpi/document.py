"""What a document about indicators may hold: indicators with their records, a scorecard, a review."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from opspact.calc.calendars import SHANGHAI, CalendarRef
from opspact.calc.kinds.availability.document import Granted, Ledger, RulesPart, Span, System
from opspact.calc.kinds.kpi.records import (
    ComplaintPart,
    FaultPart,
    IncidentPart,
    InspectionPart,
    MeasuredPart,
    OutagePart,
    RatingPart,
    Terminals,
    TicketPart,
)
from opspact.calc.values import Day, Instant, Name, Part, Share, Zone
from opspact.core.inputs import Wrong
from opspact.core.words import N_


class ObjectivePart(Part):
    """One bound: a share such as 96%, or a number of cases."""

    at_least: Share | None = None
    at_most: Share | None = None

    @model_validator(mode="after")
    def _one(self) -> ObjectivePart:
        if (self.at_least is None) == (self.at_most is None):
            raise Wrong(N_("write either at_least or at_most"))
        return self


class _Indicator(Part):
    code: Name
    name: str = ""
    clause: str = ""
    objective: ObjectivePart
    part_of: str = ""
    """The indicator of which this is a sub-row."""
    weight: Share = Fraction(1)
    """In the scorecard."""
    expected: int | None = Field(default=None, ge=0)
    """How many more ratings or closed tickets are expected until the term's end, for the projection."""


class _Systems(_Indicator):
    measured: tuple[MeasuredPart, ...] = ()
    """Systems by their durations, or …"""
    systems: tuple[System, ...] = ()
    """… by their ledgers, as `opspact calc availability` takes them."""
    service_time: Name | None = None
    """The agreed hours of `systems`, by a calendar's name; absent, 7×24."""
    rules: RulesPart = RulesPart()

    @model_validator(mode="after")
    def _one_way(self) -> _Systems:
        if bool(self.measured) == bool(self.systems):
            raise Wrong(N_("write either measured or systems"))
        if self.objective.at_least is None or not 0 < self.objective.at_least <= 1:
            raise Wrong(N_("availability has an objective at_least, above 0 and at most 100%%"))
        return self


class MeanPart(_Systems):
    """Mean availability (系统稳定运行率)."""

    rule: Literal["availability_mean"]
    weighting: Literal["equal", "time", "importance", "minimum"] = "equal"


class EachPart(_Systems):
    """Each system by itself (OA、局网站、应急值守系统, 其他辅助系统)."""

    rule: Literal["availability_each"]
    judged: Literal["each", "group_mean"] = "each"


class SeriesPart(_Indicator):
    """Platform and link in series, k of n terminals (应急移动指挥通信系统)."""

    rule: Literal["availability_series"]
    evidence: Literal["probes", "tickets"] = "probes"
    links: tuple[Name, ...] = Field(min_length=1)
    """Platform and links: all must be up."""
    terminals: tuple[Name, ...] = ()
    terminals_needed: int | None = None
    """k of the terminals; absent, they are left out."""
    ledgers: dict[Name, Ledger] = {}
    """By component, when probes are the evidence."""
    tickets: tuple[OutagePart, ...] = ()
    """When tickets are."""
    in_service: tuple[Span, ...] | None = None
    granted: tuple[Granted, ...] = ()
    service_time: Name | None = None
    rules: RulesPart = RulesPart()

    @model_validator(mode="after")
    def _objective(self) -> SeriesPart:
        if self.objective.at_least is None or not 0 < self.objective.at_least <= 1:
            raise Wrong(N_("availability has an objective at_least, above 0 and at most 100%%"))
        return self


class CountPart(_Indicator):
    """A number of incidents (重大运行事故, 重大安全事件)."""

    rule: Literal["count_zero"]
    levels: tuple[Name, ...]
    counted_when: Literal["closed", "confirmed_by_client", "reported"] = "closed"
    penalised: Literal["attributable_to_vendor", "all"] = "attributable_to_vendor"
    incidents: tuple[IncidentPart, ...] = ()


class TerminalsPart(_Indicator):
    """Availability of terminals (计算机终端可用性)."""

    rule: Literal["terminal_availability"]
    method: Literal["fault_hours", "inspected_ok"] = "fault_hours"
    calendar: Name = "cn"
    """The service time: a calendar of the document, `cn` or `24x7`."""
    kinds: tuple[Name, ...] = ("pc",)
    separate_kinds: tuple[Name, ...] = ("mobile",)
    spare_stops_clock: bool = True
    terminals: Terminals
    faults: tuple[FaultPart, ...] = ()
    inspections: tuple[InspectionPart, ...] = ()


class SatisfactionPart(_Indicator):
    """Client satisfaction (客户满意度)."""

    rule: Literal["satisfaction"]
    method: Literal["share_of_good", "mean_of_scale"] = "share_of_good"
    scale: int = 5
    good_from: int = 4
    minimum_sample: int = 10
    ratings: tuple[RatingPart, ...] = ()


class ComplaintsPart(_Indicator):
    """Complaints (投诉)."""

    rule: Literal["complaint_ratio"]
    method: Literal["ratio_of_closed_tickets", "count"] = "ratio_of_closed_tickets"
    alert_above_count: int = 5
    without_tickets: Literal["pass_without_complaints", "adjudicate"] = "pass_without_complaints"
    complaints: tuple[ComplaintPart, ...] = ()
    tickets: tuple[TicketPart, ...] = ()


Indicator: TypeAlias = Annotated[
    MeanPart | EachPart | SeriesPart | CountPart | TerminalsPart | SatisfactionPart | ComplaintsPart,
    Field(discriminator="rule"),
]


class DeductionPart(Part):
    """Points taken off, with the records that show why."""

    points: Share
    why: Name
    evidence: tuple[Name, ...]


class MarkPart(Part):
    """One part's view of one indicator."""

    points: Share | None = None
    """0 to 100; absent, by the verdict."""
    deductions: tuple[DeductionPart, ...] = ()


class PartPart(Part):
    """Who assesses, and with what weight."""

    code: Name
    name: Name
    weight: Share


class GradePart(Part):
    """A grade from so many points on."""

    name: Name
    at_least: Share


class ReviewPart(Part):
    """The client's review of the report (§6.3): silence passes the period."""

    received_on: Day
    objected_on: Day | None = None
    today: Day
    days: int = Field(default=10, ge=1)
    calendar: Name = "cn"


class ScorecardPart(Part):
    """The three-part assessment over the indicators of the document."""

    parts: tuple[PartPart, ...] | None = None
    """Absent: self 20, deliverables 30, client 50."""
    grades: tuple[GradePart, ...] | None = None
    """From the best to the one that reaches 0; absent, from 90, 75, 60 and 0."""
    vetoes: tuple[Name, ...] = ()
    missed_score: Share = Fraction(0)
    pass_mark: Share | None = None
    overall: Literal["own_row", "rows_only"] = "own_row"
    marks: dict[Name, dict[Name, MarkPart]] = {}
    """By indicator, then by part."""
    adjudicated: dict[Name, Literal["met", "missed"]] = {}
    """What the client decided of undecidable indicators."""
    clause: str = "§6.1"
    review: ReviewPart | None = None


class Input(Part):
    """Indicators of one contract in one period."""

    contract: str = ""
    zone: Zone = SHANGHAI
    period: Span
    now: Instant | None = None
    """Nothing later counts; absent, the period's end."""
    term: Span | None = None
    """The contract's term: then each indicator is projected to its end, from everything since its start."""
    every: Literal["month", "quarter"] | None = None
    """Also each contract month or quarter of the term that has begun, and the term up to its end."""
    calendars: dict[Name, CalendarRef] = {}
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    scorecard: ScorecardPart | None = None

    @model_validator(mode="after")
    def _spans(self) -> Input:
        for name, span in (("period", self.period), ("term", self.term)):
            if span is not None and span.end < span.start:
                raise Wrong(N_("%(name)s ends before it starts"), name=name)
        if self.every is not None and (self.term is None or self.term.start == self.term.end):
            raise Wrong(N_("every needs the term that it cuts"))
        return self
