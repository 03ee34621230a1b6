"""What a document about availability may hold: an indicator page's export as it is, or the same written by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, JsonValue, model_validator
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

from opspact.calc.calendars import SHANGHAI, CalendarRef
from opspact.calc.values import Duration, Instant, Name, Part, Share, Zone
from opspact.core.inputs import Wrong
from opspact.core.words import N_

GrantKind: TypeAlias = Literal["maintenance", "excused", "force_majeure", "third_party", "unusable"]


class _named:  # noqa: N801 - stands in annotations like a function
    """An object with these keys may also be written as the list of their values: `[start, end]`."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        count = len(self.names)
        written = {"type": "array", "minItems": count, "maxItems": count, "description": f"[{', '.join(self.names)}]"}
        return {"anyOf": [handler(schema), written]}

    def _read(self, value: Any) -> Any:
        if isinstance(value, list) and len(value) == len(self.names):
            return dict(zip(self.names, value, strict=True))
        return value


class SpanPart(Part):
    """Time from `start` up to, not including, `end`."""

    start: Instant
    end: Instant


class Entry(Part):
    """An interval (`start`, `end`, `state`) or a change (`at`, `state`), which holds until the next change."""

    start: Instant | None = None
    end: Instant | None = None
    """Absent: not over yet, so it lasts until now."""
    at: Instant | None = None
    state: Name | None = None
    """up, down, degraded or unknown. What no interval covers is unknown."""
    file: Name | None = None
    """Instead of all others: a CSV file beside the document."""

    @model_validator(mode="after")
    def _one_way(self) -> Entry:
        if self.file is None and (self.state is None or (self.start is None) == (self.at is None)):
            raise Wrong(N_("write start, end and state, or at and state"))
        if self.at is not None and self.end is not None:
            raise Wrong(N_("a change (at, state) has no end"))
        return self


class Grant(Part):
    """Time the client decided about. `maintenance` counts if approved before it starts, all others once approved."""

    kind: GrantKind
    """`unusable` makes degraded time down (实质不可用); the others take their time out."""
    start: Instant
    end: Instant
    approved_at: Instant | None = None
    """Absent: asked for and not approved, so it counts for nothing."""


class DatedRule(Part):
    """A rule and the time it holds in; an absent end is open."""

    start: Instant | None = None
    end: Instant | None = None
    rule: JsonValue


def _file(value: Any) -> Any:
    return [{"file": value}] if isinstance(value, str) else value


def _or_file(schema: dict[str, Any]) -> None:
    listed = {"type": "array", "items": schema.pop("items")}
    schema.pop("type", None)
    schema["anyOf"] = [{"type": "string", "description": "a CSV file beside the document"}, listed]


Span: TypeAlias = Annotated[SpanPart, _named("start", "end")]
Ledger: TypeAlias = Annotated[
    tuple[Annotated[Entry, _named("start", "end", "state")], ...],
    BeforeValidator(_file),
    Field(json_schema_extra=_or_file),
]
Granted: TypeAlias = Annotated[Grant, _named("kind", "start", "end", "approved_at")]


class RulesPart(Part):
    """The readings of the contract."""

    decide_on_observed_fraction: Share | None = None
    """From this observed share on (such as 95%) the value itself decides, not best and worst."""
    unknown_is_down: bool = False
    degraded_is_down: bool = False
    merge_gap: Duration | None = None
    """Outages less than this apart are one; 5 min unless said otherwise. Joining adds no downtime."""
    merge_gap_us: int | None = Field(default=None, ge=0)
    """The same in µs, as exports write it."""
    exclusions: tuple[GrantKind, ...] = ("maintenance", "excused", "force_majeure", "third_party")
    """The kinds of granted time that are taken out at all."""


class System(Part):
    """One business system, observed as a whole (`ledger`) or through checks (`checks` with a `rule`)."""

    code: Name
    name: str = ""
    weight: int = Field(default=1, ge=0)
    """Its importance, where the mean is weighted by it."""
    in_service: tuple[Span, ...] | None = None
    """When it was in service; absent, all the time."""
    ledger: Ledger | None = None
    checks: dict[Name, Ledger] = {}
    rule: JsonValue = None
    """By what it is up: {"check": code}, {"all": […]}, {"any": […]} or {"k": 2, "of": […]}, nested.
    Absent: all checks."""
    rules: tuple[Annotated[DatedRule, _named("start", "end", "rule")], ...] | None = None
    """Instead of `rule`: rules that change over time. Where none holds the system is unknown."""
    granted: tuple[Granted, ...] = ()
    check_grants: dict[Name, tuple[Granted, ...]] = {}
    """By check: excuses the system only while it would have been up had the check been."""

    @model_validator(mode="after")
    def _one_way(self) -> System:
        if self.ledger is not None and (self.checks or self.rule or self.rules is not None):
            raise Wrong(N_("write either ledger, or checks with their rule"))
        if self.rule and self.rules is not None:
            raise Wrong(N_("write either rule or rules"))
        return self


class Input(Part):
    """Systems with their ledgers, the time that counts, and the contract's readings."""

    format: Literal["opspact-availability/1"] = "opspact-availability/1"
    contract: str = ""
    simulated: bool = False
    kpi: str | None = None
    clause: str = ""
    zone: Zone = SHANGHAI
    """The zone of the months and of the answer's instants."""
    period: Span | None = None
    """Absent: from the first to the last instant of the ledgers."""
    series: Literal["month"] | tuple[Span, ...] | None = None
    """More periods to measure beside it: the calendar months that the period touches, or any."""
    window: Span | None = None
    """The time the ledgers cover, where it is more than the periods."""
    now: Instant | None = None
    """Nothing later counts; absent, the period's end."""
    term_end: Instant | None = None
    """Until when downtime may be left; absent, the period's end."""
    rules: RulesPart = RulesPart()
    calendars: dict[Name, CalendarRef] = {}
    service_time: Name | tuple[Span, ...] | None = None
    """The agreed hours: a calendar's name or the spans themselves; absent, 7×24."""
    systems: tuple[System, ...]
    method: Literal["each", "series", "equal", "time", "importance", "minimum"] = "each"
    """How several systems make one figure: each by itself, all in series, or a mean."""
    objective: Share | None = None
    """Absent: no verdict."""
    figures: JsonValue = None
    """What somebody claims came out; the answer says whether it agrees."""
    intervals: bool = True
    """Whether the answer lists the intervals behind each figure."""

    @model_validator(mode="after")
    def _codes_once(self) -> Input:
        if not self.systems:
            raise Wrong(N_("there is no system in it"))
        codes = [system.code for system in self.systems]
        for position, code in enumerate(codes):
            if code in codes[:position]:
                raise Wrong(
                    N_("systems[%(position)s]: the code %(code)s is taken already"), position=position, code=code
                )
        if self.objective is not None and not 0 < self.objective <= 1:
            raise Wrong(N_("an objective lies above 0 and is at most 100%%"))
        return self
