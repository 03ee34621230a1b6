"""One indicator of a document: its answer, its projection, and both in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TypeAlias

from opspact.calc.kinds.kpi import counting, systems
from opspact.calc.kinds.kpi.answer import CutOut, FigureOut, IndicatorOut, ProjectionOut, RecordOut, RecordsOut
from opspact.calc.kinds.kpi.document import (
    ComplaintsPart,
    CountPart,
    EachPart,
    Indicator,
    Input,
    MeanPart,
    SatisfactionPart,
    SeriesPart,
    TerminalsPart,
)
from opspact.calc.language import Words
from opspact.calc.running import Context
from opspact.calc.values import duration_text, share_text
from opspact.core.availability import percent
from opspact.core.calendars import WorkCalendar
from opspact.core.intervals import Interval
from opspact.core.kpi import Answer, Asked, Direction, Figure, Objective, Role, Used
from opspact.core.kpi.periods import cut_term
from opspact.core.kpi.projection import CountOutlook, RatioOutlook, SystemsOutlook, elapsed_fraction

Projected: TypeAlias = SystemsOutlook | RatioOutlook | CountOutlook | None
COUNTS = ("count", "penalised")


def objective_of(part: Indicator) -> Objective:
    """From the document's one bound."""
    if part.objective.at_least is not None:
        return Objective.at_least(part.objective.at_least)
    return Objective.at_most(part.objective.at_most or Fraction(0))


def answered(part: Indicator, path: str, document: Input, asked: Asked, context: Context) -> Answer:
    """By its rule. Raises Refused."""
    if isinstance(part, MeanPart | EachPart):
        return systems.of_group(part, path, document, asked, context)
    if isinstance(part, SeriesPart):
        return systems.of_chain(part, path, document, asked, context)
    if isinstance(part, TerminalsPart):
        return counting.of_terminals(part, path, document, asked, context)
    if isinstance(part, CountPart):
        return counting.of_incidents(part, path, asked)
    if isinstance(part, SatisfactionPart):
        return counting.of_ratings(part, path, asked)
    return counting.of_complaints(part, path, asked)


def projected(part: Indicator, path: str, document: Input, term: Interval, asked: Asked, context: Context) -> Projected:
    """From everything since the term's start to its end. None: the number to come is not given. Raises Refused."""
    whole = Asked(asked.objective, term, asked.now, asked.clause)
    elapsed = elapsed_fraction(term, asked.now)
    if isinstance(part, MeanPart | EachPart):
        return systems.project_group(part, path, document, term, whole, context)
    if isinstance(part, SeriesPart):
        return systems.project_chain(part, path, document, whole, context)
    if isinstance(part, TerminalsPart):
        return counting.project_terminals(part, path, document, whole, context)
    answer = answered(part, path, document, whole, context)
    if isinstance(part, CountPart):
        return counting.project_incidents(answer, elapsed)
    if isinstance(part, SatisfactionPart):
        return counting.project_ratings(part, answer, elapsed)
    return counting.project_of_complaints(part, answer, elapsed)


def series(part: Indicator, path: str, document: Input, asked: Asked, context: Context) -> list[CutOut]:
    """Each contract month or quarter that has begun, and the term up to its end. Raises Refused."""
    if document.every is None or document.term is None:
        return []
    if isinstance(part, MeanPart | EachPart) and part.measured:
        return []
    clock = WorkCalendar.always(document.zone)
    first, last = clock.local_date(document.term.start), clock.local_date(document.term.end - 1)
    found = []
    for cut in cut_term(first, last, 3 if document.every == "quarter" else 1, clock):
        if cut.span[0] >= asked.now:
            break
        alone, so_far = (
            answered(part, path, document, Asked(asked.objective, span, asked.now, asked.clause), context)
            for span in (cut.span, cut.cumulative)
        )
        found.append(
            CutOut(
                number=cut.number,
                first_on=cut.first_on.isoformat(),
                last_on=cut.last_on.isoformat(),
                figure=_figure(alone.figure, is_count=counts(part)),
                verdict=str(alone.verdict),
                cumulative=_figure(so_far.figure, is_count=counts(part)),
                cumulative_verdict=str(so_far.verdict),
            )
        )
    return found


def shown(part: Indicator, answer: Answer, projection: Projected, cuts: list[CutOut], words: Words) -> IndicatorOut:
    """The answer as the document's reader gets it."""
    is_count = counts(part)
    sign = "≥" if answer.objective.direction is Direction.AT_LEAST else "≤"
    return IndicatorOut(
        code=part.code,
        name=part.name,
        rule=answer.rule,
        objective=f"{sign} {_shown(answer.objective.value, is_count=is_count)}",
        figure=_figure(answer.figure, is_count=is_count),
        verdict=str(answer.verdict),
        reason=words.text(answer.reason),
        beside={name: _figure(figure, is_count=name in COUNTS) for name, figure in answer.beside.items()},
        alerts=[words.sentence(alert.text, alert.params) for alert in answer.alerts],
        records=RecordsOut(
            counted_for=_records(answer.used, Role.FOR, words),
            counted_against=_records(answer.used, Role.AGAINST, words),
            pending=_records(answer.used, Role.PENDING, words),
            left_out=_records(answer.used, Role.LEFT_OUT, words),
        ),
        projection=None if projection is None else _projection(projection, words),
        series=cuts,
    )


def counts(part: Indicator) -> bool:
    """Whether the figure is a number of cases."""
    return isinstance(part, CountPart) or (isinstance(part, ComplaintsPart) and part.method == "count")


def _projection(found: SystemsOutlook | RatioOutlook | CountOutlook, words: Words) -> ProjectionOut:
    hold = found.hold if isinstance(found, SystemsOutlook) else None
    left = found.left_us if isinstance(found, SystemsOutlook) else {}
    bad = found.left if isinstance(found, CountOutlook) else None
    return ProjectionOut(
        outlook=str(found.outlook),
        reason=words.sentence(found.reason.text, found.reason.params),
        budget_used=share_text(found.burn.used),
        term_elapsed=str(found.burn.elapsed),
        burn_rate=share_text(found.burn.rate),
        needed=found.needed if isinstance(found, RatioOutlook) else None,
        may_be_bad=found.bad_left if isinstance(found, RatioOutlook) else bad,
        hold=share_text(hold),
        hold_shown=None if hold is None else f"{_percent_up(hold)}%",
        downtime_left={code: duration_text(us) for code, us in left.items()},
    )


def _records(used: Sequence[Used], role: Role, words: Words) -> list[RecordOut]:
    return [RecordOut(id=each.id, why=words.text(each.why)) for each in used if each.role is role]


def _figure(figure: Figure, *, is_count: bool) -> FigureOut:
    return FigureOut(
        value=share_text(figure.value),
        best=share_text(figure.best),
        worst=share_text(figure.worst),
        shown=None if figure.value is None else _shown(figure.value, is_count=is_count),
    )


def _shown(value: Fraction, *, is_count: bool) -> str:
    return str(value) if is_count else f"{percent(value)}%"


def _percent_up(hold: Fraction) -> Decimal:
    """Rounded up: what must be reached is never shown as less."""
    return Decimal(ceil(hold * 10_000)).scaleb(-2)
