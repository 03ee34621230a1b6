"""From a document to an extract that core measures. What core refuses is said of the element in the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from pydantic import TypeAdapter, ValidationError

from opspact.calc.kinds.availability import tables
from opspact.calc.kinds.availability.document import Entry, Grant, Input, Ledger, System
from opspact.calc.running import Context, Finding, Refused, at
from opspact.calc.values import instant_text
from opspact.core.availability import Columns, Granted, Rules
from opspact.core.availability.errors import (
    ChangesOutOfOrder,
    PieceReversed,
    PiecesOverlap,
    PieceUnknownState,
)
from opspact.core.availability.expressions import Expression
from opspact.core.availability.extracts import Extract
from opspact.core.availability.intake import from_changes
from opspact.core.availability.ledgers import DatedRule, SystemLedger
from opspact.core.calendars import WorkCalendar
from opspact.core.errors import BadExpression, CoreError
from opspact.core.inputs import OTHERWISE, Wrong, path_of, shown
from opspact.core.instants import MINUTE
from opspact.core.intervals import Interval, normalise
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline
from opspact.core.words import N_

WHOLE = "ledger"
REVERSED = N_("ends (%(end)s) before it starts (%(start)s)")
OVERLAP = N_("starts (%(start)s) before element %(other)s ends (%(end)s)")
OUT_OF_ORDER = N_("%(at)s is not later than the change ahead of it, %(before)s")
UNKNOWN_STATE = N_("%(value)s is none of up, down, degraded, unknown")
FIRST, LAST = -62_000_000_000_000_000, 253_000_000_000_000_000
"""About the years 5 to 9987: what a calendar can write down."""


@dataclass(frozen=True)
class Asked:
    """The document made ready: the extract, the period, the further ones, and years whose holidays were unpublished."""

    extract: Extract
    period: Interval
    series: tuple[Interval, ...]
    term_end: int
    provisional_years: tuple[int, ...]


def asked(document: Input, context: Context) -> Asked:
    """Raises Refused or CoreError."""
    systems = tuple(_with_files(system, i, context) for i, system in enumerate(document.systems))
    period = _period(document, systems)
    now = document.now if document.now is not None else period[1]
    term_end = max(period[1], document.term_end or period[1])
    further = _series(document, period)
    start, end = _window(document, [period, *further, (period[0], term_end)])
    service_time, provisional = _service_time(document, context, (start, end))
    extract = Extract(
        contract=document.contract,
        simulated=document.simulated,
        start=start,
        end=end,
        now=now,
        rules=_rules(document),
        service_time=service_time,
        systems=tuple(
            _Reader(f"systems[{i}]", document, (start, end), min(now, end)).system(each)
            for i, each in enumerate(systems)
        ),
    )
    return Asked(extract, period, further, term_end, provisional)


def _with_files(system: System, position: int, context: Context) -> System:
    """The system with the tables it names read in."""
    path = f"systems[{position}]"
    if system.ledger is not None:
        return system.model_copy(update={"ledger": _read(system.ledger, f"{path}.ledger", system.code, context)})
    checks = {key: _read(pieces, f"{path}.checks.{key}", key, context) for key, pieces in system.checks.items()}
    return system.model_copy(update={"checks": checks})


def _read(pieces: Ledger, path: str, code: str, context: Context) -> Ledger:
    if not any(piece.file for piece in pieces):
        return pieces
    with at(path):
        if len(pieces) > 1 or context.read is None or pieces[0].file is None:
            raise Wrong(N_("a table cannot be read here"))
        rows = tables.of_system(tables.rows_of(context.read(pieces[0].file)), code)
        try:
            return TypeAdapter(tuple[Entry, ...]).validate_python(tables.ledger(rows))
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            wrong = found.get("ctx", {}).get("error")
            row = f"{pieces[0].file}{path_of(found['loc'])}"
            if isinstance(wrong, Wrong):
                raise Refused([Finding(f"{path}: {row}", wrong.msgid, wrong.params)]) from error
            raise Refused(
                [Finding(f"{path}: {row}", OTHERWISE, {"found": shown(found["input"]), "reason": found["msg"]})]
            ) from error


def _period(document: Input, systems: Sequence[System]) -> Interval:
    if document.period is not None:
        return _span(document.period.start, document.period.end, "period")
    entries = [
        entry for system in systems for ledger in (system.ledger or (), *system.checks.values()) for entry in ledger
    ]
    points = [point for entry in entries for point in (entry.start, entry.end, entry.at) if point is not None]
    if document.now is not None:
        points.append(document.now)
    if not points:
        raise Refused([Finding("period", N_("this key is missing"))])
    return min(points), max(points)


def _series(document: Input, period: Interval) -> tuple[Interval, ...]:
    if document.series is None:
        return ()
    if document.series != "month":
        return tuple(_span(each.start, each.end, f"series[{i}]") for i, each in enumerate(document.series))
    clock = WorkCalendar.always(document.zone)
    first = clock.local_date(period[0]).replace(day=1)
    starts = [clock.day_start(first)]
    while starts[-1] < period[1]:
        first = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        starts.append(clock.day_start(first))
    months = [(max(start, period[0]), min(end, period[1])) for start, end in pairwise(starts)]
    return tuple(month for month in months if month[0] < month[1])


def _window(document: Input, spans: Sequence[Interval]) -> Interval:
    if document.window is not None:
        spans = [*spans, _span(document.window.start, document.window.end, "window")]
    return min(span[0] for span in spans), max(span[1] for span in spans)


def _span(start: int, end: int, path: str) -> Interval:
    with at(path):
        if not FIRST < start <= LAST or not FIRST < end <= LAST:
            raise Wrong(N_("lies outside of what a calendar can write down"))
        if end < start:
            raise Wrong(N_("ends before it starts"))
    return start, end


def _service_time(
    document: Input, context: Context, window: Interval
) -> tuple[tuple[Interval, ...] | None, tuple[int, ...]]:
    wanted = document.service_time
    with at("calendars"):
        calendars = context.calendars(document.calendars) if document.calendars or isinstance(wanted, str) else {}
    if wanted is None:
        return None, ()
    if not isinstance(wanted, str):
        return tuple(_span(each.start, each.end, f"service_time[{i}]") for i, each in enumerate(wanted)), ()
    with at("service_time"):
        calendar = calendars.get(wanted) or (context.calendar(wanted) if context.calendar else None)
        if calendar is None:
            raise Wrong(N_("no calendar is named %(found)s"), found=wanted)
        hours = tuple(calendar.working_intervals(*window))
    return None if hours == (window,) else hours, calendar.provisional_us(*window)


def _rules(document: Input) -> Rules:
    given = document.rules
    gap = given.merge_gap if given.merge_gap is not None else given.merge_gap_us
    with at("rules"):
        return Rules(
            decide_on_observed_fraction=given.decide_on_observed_fraction,
            unknown_is_down=given.unknown_is_down,
            degraded_is_down=given.degraded_is_down,
            merge_gap_us=5 * MINUTE if gap is None else gap,
        )


@dataclass(frozen=True)
class _Reader:
    """Reads one system, whose place in the document is `path`."""

    path: str
    document: Input
    window: Interval
    until: int

    def system(self, system: System) -> SystemLedger:
        checks = {WHOLE: self._ledger(system.ledger, "ledger")} if system.ledger is not None else {}
        for key, ledger in system.checks.items():
            checks[key] = self._ledger(ledger, f"checks.{key}")
        return SystemLedger(
            code=system.code,
            name=system.name or system.code,
            weight=system.weight,
            in_service=self._in_service(system),
            rules=self._rules(system, checks),
            checks=checks,
            granted=self._grants(system.granted, "granted"),
            check_grants={
                key: self._grants(grants, f"check_grants.{key}") for key, grants in system.check_grants.items()
            },
        )

    def _ledger(self, entries: Ledger, name: str) -> ObservedTimeline:
        path = f"{self.path}.{name}"
        with self._said_of(path):
            changes = [(entry.at, entry.state or "") for entry in entries if entry.at is not None]
            if len(changes) not in (0, len(entries)):
                raise Refused([Finding(path, N_("write all as intervals, or all as changes"))])
            if changes:
                return from_changes(changes, self.until)
            pieces = [(entry.start or 0, self._end(entry), entry.state or "") for entry in entries]
            Columns.of(pieces)
            return [(start, end, Observed(state)) for start, end, state in pieces]

    def _end(self, entry: Entry) -> int:
        return entry.end if entry.end is not None else max(entry.start or 0, self.until)

    def _in_service(self, system: System) -> tuple[Interval, ...]:
        if system.in_service is None:
            return (self.window,)
        with self._said_of(f"{self.path}.in_service"):
            for position, span in enumerate(system.in_service):
                if span.end < span.start:
                    raise PieceReversed(element="in_service", position=position, start=span.start, end=span.end)
            return tuple(normalise((span.start, span.end) for span in system.in_service))

    def _rules(self, system: System, checks: dict[str, ObservedTimeline]) -> tuple[DatedRule, ...]:
        if system.rules is not None:
            return tuple(
                (dated.start, dated.end, self._expression(dated.rule, f"rules[{i}].rule"))
                for i, dated in enumerate(system.rules)
            )
        if system.rule is not None:
            expression = self._expression(system.rule, "rule")
            for code in sorted(expression.codes() - set(checks)):
                raise Refused(
                    [Finding(f"{self.path}.rule", N_("no ledger is given of the check %(code)s"), {"code": code})]
                )
            return ((None, None, expression),)
        members = [{"check": key} for key in checks]
        return ((None, None, Expression.parse({"all": members})),) if members else ()

    def _expression(self, data: object, name: str) -> Expression:
        try:
            return Expression.parse(data)
        except BadExpression as error:
            path = f"{self.path}.{name}{str(error.params['path'])[1:]}"
            raise Refused([Finding(path, N_("the rule is wrong: %(reason)s"), error.params)]) from error

    def _grants(self, grants: Sequence[Grant], name: str) -> tuple[Granted, ...]:
        kept = [grant for grant in grants if grant.kind == "unusable" or grant.kind in self.document.rules.exclusions]
        with self._said_of(f"{self.path}.{name}"):
            for position, grant in enumerate(grants):
                if grant.end < grant.start:
                    raise PieceReversed(element="granted", position=position, start=grant.start, end=grant.end)
                if grant.kind == "unusable" and name != "granted":
                    raise Refused(
                        [Finding(f"{self.path}.{name}[{position}]", N_("unusable is said of a whole system"))]
                    )
        return tuple(_granted(grant) for grant in kept)

    @contextmanager
    def _said_of(self, path: str) -> Iterator[None]:
        """Core names the position in the list; the document names the list."""
        try:
            yield
        except (PieceReversed, PiecesOverlap, ChangesOutOfOrder, PieceUnknownState) as error:
            text = {
                PieceReversed: REVERSED,
                PiecesOverlap: OVERLAP,
                ChangesOutOfOrder: OUT_OF_ORDER,
                PieceUnknownState: UNKNOWN_STATE,
            }[type(error)]
            params = {name: self._shown(name, value) for name, value in error.params.items()}
            raise Refused([Finding(f"{path}[{error.params['position']}]", text, params)]) from error
        except CoreError as error:
            raise Refused([Finding(path, error.message, error.params)]) from error

    def _shown(self, name: str, value: str | int) -> str | int:
        if name in ("start", "end", "at", "before") and isinstance(value, int) and FIRST < value < LAST:
            return instant_text(value, self.document.zone)
        return value


def _granted(grant: Grant) -> Granted:
    kind = grant.kind if grant.kind in ("maintenance", "unusable") else "excused"
    return Granted(kind, grant.start, grant.end, grant.approved_at)
