"""The scorecard of a document over the verdicts of its indicators."""

from __future__ import annotations

from collections.abc import Sequence

from opspact.calc.kinds.kpi.answer import ReviewOut, RowOut, ScorecardOut, ScoreOut
from opspact.calc.kinds.kpi.document import Indicator, Input, MarkPart, ReviewPart, ScorecardPart
from opspact.calc.kinds.kpi.placing import placed
from opspact.calc.language import Words
from opspact.calc.running import Context, Finding, Refused, at
from opspact.core.explain import Explanation
from opspact.core.inputs import Wrong
from opspact.core.kpi import Answer
from opspact.core.kpi.scorecard import (
    GRADES,
    PARTS,
    Assessment,
    Deduction,
    Grade,
    Mark,
    Part,
    Row,
    RowScore,
    Scheme,
    Score,
    assess,
    review,
)
from opspact.core.kpi.scorecard.scoring import points_text
from opspact.core.states import Verdict
from opspact.core.words import N_


def scored(
    sheet: ScorecardPart, answers: Sequence[tuple[Indicator, Answer]], document: Input, context: Context
) -> tuple[ScorecardOut, list[tuple[str, Explanation]]]:
    """The assessment, and how it came about. Raises Refused."""
    codes = {part.code for part, _ in answers}
    for name, given in (("marks", sheet.marks), ("adjudicated", sheet.adjudicated)):
        for code in given:
            if code not in codes:
                raise Refused([Finding(f"scorecard.{name}.{code}", N_("no indicator of the document is named so"))])
    scheme = _scheme(sheet)
    rows = [_row(sheet, part, answer) for part, answer in answers]
    with placed("scorecard"):
        found = assess(rows, scheme, sheet.clause)
    words = context.in_zone(document.zone)
    explained = [("scorecard", found.explanation)]
    reviewed = None
    if sheet.review is not None:
        reviewed, explanation = _review(sheet.review, document, context)
        explained.append(("scorecard.review", explanation))
    return _shown(found, reviewed, words), explained


def _scheme(sheet: ScorecardPart) -> Scheme:
    parts: tuple[Part, ...] = PARTS
    grades: tuple[Grade, ...] = GRADES
    if sheet.parts is not None:
        parts = tuple(Part(each.code, each.name, each.weight) for each in sheet.parts)
    if sheet.grades is not None:
        grades = tuple(Grade(each.name, each.at_least) for each in sheet.grades)
    with placed("scorecard"):
        return Scheme(parts, grades, sheet.vetoes, sheet.missed_score, sheet.pass_mark, sheet.overall)


def _row(sheet: ScorecardPart, part: Indicator, answer: Answer) -> Row:
    settled = sheet.adjudicated.get(part.code)
    with placed(f"scorecard.marks.{part.code}"):
        return Row(
            code=part.code,
            verdict=answer.verdict,
            weight=part.weight,
            marks={code: _mark(mark) for code, mark in sheet.marks.get(part.code, {}).items()},
            adjudicated=None if settled is None else Verdict(settled),
            part_of=part.part_of,
            actual=answer.figure.value,
        )


def _mark(mark: MarkPart) -> Mark:
    return Mark(mark.points, tuple(Deduction(each.points, each.why, each.evidence) for each in mark.deductions))


def _review(asked: ReviewPart, document: Input, context: Context) -> tuple[ReviewOut, Explanation]:
    with at("scorecard.review.calendar"):
        calendar = context.calendars(document.calendars).get(asked.calendar)
        if calendar is None:
            raise Wrong(N_("no calendar is named %(found)s"), found=asked.calendar)
    with placed("scorecard.review"):
        found = review(asked.received_on, asked.today, calendar, objected_on=asked.objected_on, days=asked.days)
    return (
        ReviewOut(
            due_on=found.due.on.isoformat(),
            is_over=found.is_over,
            deemed_passed=found.deemed_passed,
            provisional_years=list(found.due.provisional_years),
        ),
        found.explanation,
    )


def _shown(found: Assessment, reviewed: ReviewOut | None, words: Words) -> ScorecardOut:
    return ScorecardOut(
        score=None if found.score is None else _score(found.score),
        grade=_grade(found.grade, words),
        best_grade=_grade(found.best_grade, words),
        worst_grade=_grade(found.worst_grade, words),
        passed=str(found.passed),
        vetoed=list(found.vetoed),
        veto_open=list(found.veto_open),
        overall_only=list(found.overall_only),
        parts={part.code: _score(part.score) for part in found.parts},
        rows=[_row_out(row, words) for row in found.rows],
        review=reviewed,
    )


def _row_out(row: RowScore, words: Words) -> RowOut:
    return RowOut(
        code=row.row.code,
        verdict=str(row.row.verdict),
        judged=str(row.row.judged),
        weight=str(row.row.weight),
        points=None if row.points is None else {code: _score(score) for code, score in row.points.items()},
        why_not_scored=words.text(row.why),
    )


def _grade(grade: Grade | None, words: Words) -> str | None:
    return None if grade is None else words.text(grade.name)


def _score(score: Score) -> ScoreOut:
    best, worst = points_text(score.best), points_text(score.worst)
    shown = best if score.is_decided else f"{worst} – {best}"
    return ScoreOut(best=str(score.best), worst=str(score.worst), shown=shown)
