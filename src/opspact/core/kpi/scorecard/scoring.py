"""The score: marks to rows, rows to parts, parts to the whole; each with its bounds, and the arithmetic in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from opspact.core.errors import BadWeights
from opspact.core.explain import Explanation, Step
from opspact.core.kpi.errors import RecordTwice, UnknownPart, UnknownRow
from opspact.core.kpi.scorecard.scheme import FULL, Grade, Scheme
from opspact.core.kpi.scorecard.sheet import Mark, Row, Score
from opspact.core.states import Verdict
from opspact.core.words import N_

RULE = N_("Points of each part by row weight, parts by their weight; a vetoed row fails the whole")


@dataclass(frozen=True)
class RowScore:
    """One row in each part, by the part's code; None: the row is not scored (`why` says so)."""

    row: Row
    points: Mapping[str, Score] | None
    why: str = ""


@dataclass(frozen=True)
class PartScore:
    """One part over all rows that are scored, out of 100."""

    code: str
    weight: Fraction
    score: Score


@dataclass(frozen=True)
class Assessment:
    """The whole. `score` None: no row could be scored. `vetoed`: the rows that missed, `veto_open`: those that may yet.

    `grade` is set once best and worst agree; a veto makes it the lowest, the score stays what it is.
    `overall_only`: rows that missed although each of their sub-rows met (ambiguity 22).
    """

    rows: tuple[RowScore, ...]
    parts: tuple[PartScore, ...]
    score: Score | None
    vetoed: tuple[str, ...]
    veto_open: tuple[str, ...]
    best_grade: Grade | None
    worst_grade: Grade | None
    passed: Verdict
    overall_only: tuple[str, ...]
    explanation: Explanation

    @property
    def grade(self) -> Grade | None:
        """None while the bounds lie in different grades."""
        return self.best_grade if self.best_grade == self.worst_grade else None


NOT_APPLICABLE = N_("There was nothing to measure; its weight falls to the other rows.")
ONLY_SHOWN = N_("It is shown; its sub-rows are scored.")


def assess(rows: Sequence[Row], scheme: Scheme, clause: str = "") -> Assessment:
    """The sheet under the scheme, exact. Raises RecordTwice, UnknownPart, UnknownRow, BadWeights."""
    _check(rows, scheme)
    above = {row.part_of for row in rows if row.part_of}
    scored = [_row(row, scheme, above) for row in rows]
    parts = tuple(
        PartScore(part.code, part.weight, score)
        for part in scheme.parts
        if (score := _over_rows(part.code, scored)) is not None
    )
    whole = _weighted([(part.score, part.weight) for part in parts])
    vetoed = _of(rows, scheme, Verdict.MISSED)
    veto_open = _of(rows, scheme, Verdict.UNDECIDABLE)
    best = None if whole is None else scheme.failing if vetoed else scheme.grade(whole.best)
    worst = None if whole is None else scheme.failing if vetoed or veto_open else scheme.grade(whole.worst)
    return Assessment(
        rows=tuple(scored),
        parts=parts,
        score=whole,
        vetoed=vetoed,
        veto_open=veto_open,
        best_grade=best,
        worst_grade=worst,
        passed=_passed(whole, scheme, vetoed, veto_open),
        overall_only=_overall_only(rows),
        explanation=Explanation(RULE, clause, _inputs(scheme), tuple(_steps(parts, whole, vetoed, veto_open, scheme))),
    )


def _row(row: Row, scheme: Scheme, above: set[str]) -> RowScore:
    if row.judged is Verdict.NOT_APPLICABLE:
        return RowScore(row, None, NOT_APPLICABLE)
    if scheme.overall == "rows_only" and row.code in above:
        return RowScore(row, None, ONLY_SHOWN)
    return RowScore(row, {part.code: _mark(row, row.marks.get(part.code, Mark()), scheme) for part in scheme.parts})


def _mark(row: Row, mark: Mark, scheme: Scheme) -> Score:
    """An undecidable row lies between what it would be met and missed, whatever was marked."""
    off = sum((deduction.points for deduction in mark.deductions), Fraction(0))
    full = FULL if mark.points is None else mark.points
    missed = scheme.missed_score if mark.points is None else mark.points
    best = missed if row.judged is Verdict.MISSED else full
    worst = full if row.judged is Verdict.MET else missed
    if row.judged is Verdict.UNDECIDABLE:
        worst = min(worst, scheme.missed_score)
    return Score(max(Fraction(0), best - off), max(Fraction(0), worst - off))


def _over_rows(part: str, rows: Sequence[RowScore]) -> Score | None:
    return _weighted([(row.points[part], row.row.weight) for row in rows if row.points is not None])


def _weighted(scores: Sequence[tuple[Score, Fraction]]) -> Score | None:
    whole = sum((weight for _, weight in scores), Fraction(0))
    if not whole:
        return None
    best = sum((score.best * weight for score, weight in scores), Fraction(0)) / whole
    worst = sum((score.worst * weight for score, weight in scores), Fraction(0)) / whole
    return Score(best, worst)


def _passed(score: Score | None, scheme: Scheme, vetoed: Sequence[str], veto_open: Sequence[str]) -> Verdict:
    if vetoed:
        return Verdict.MISSED
    if score is None:
        return Verdict.UNDECIDABLE if veto_open else Verdict.NOT_APPLICABLE
    if score.best < scheme.passing:
        return Verdict.MISSED
    return Verdict.UNDECIDABLE if veto_open or score.worst < scheme.passing else Verdict.MET


def _of(rows: Sequence[Row], scheme: Scheme, verdict: Verdict) -> tuple[str, ...]:
    return tuple(row.code for row in rows if row.code in scheme.vetoes and row.judged is verdict)


def _overall_only(rows: Sequence[Row]) -> tuple[str, ...]:
    below: dict[str, list[Verdict]] = {}
    for row in rows:
        if row.part_of:
            below.setdefault(row.part_of, []).append(row.judged)
    return tuple(
        row.code
        for row in rows
        if row.judged is Verdict.MISSED and below.get(row.code) and set(below[row.code]) <= {Verdict.MET}
    )


def _check(rows: Sequence[Row], scheme: Scheme) -> None:
    codes = Counter(row.code for row in rows)
    parts = {part.code for part in scheme.parts}
    seen: set[str] = set()
    for position, row in enumerate(rows):
        if row.code in seen:
            raise RecordTwice(position=position, id=row.code)
        seen.add(row.code)
        if row.weight < 0:
            raise BadWeights(position=position, value=str(row.weight))
        if row.part_of and row.part_of not in codes:
            raise UnknownRow(row=row.part_of, named_by=row.code)
        for part in row.marks:
            if part not in parts:
                raise UnknownPart(row=row.code, part=part)
    for veto in scheme.vetoes:
        if veto not in codes:
            raise UnknownRow(row=veto, named_by="vetoes")


def _inputs(scheme: Scheme) -> dict[str, str | int | bool | None]:
    return {
        "parts": ", ".join(f"{part.code} {part.weight}" for part in scheme.parts),
        "vetoes": ", ".join(scheme.vetoes),
        "missed_score": str(scheme.missed_score),
        "pass_mark": str(scheme.passing),
        "overall": scheme.overall,
    }


def _steps(
    parts: Sequence[PartScore],
    score: Score | None,
    vetoed: Sequence[str],
    veto_open: Sequence[str],
    scheme: Scheme,
) -> list[Step]:
    names = {part.code: part.name for part in scheme.parts}
    steps = [
        Step(
            N_("%(part)s, weight %(weight)s: %(worst)s to %(best)s of 100."),
            {
                "part": names[part.code],
                "weight": str(part.weight),
                "worst": points_text(part.score.worst),
                "best": points_text(part.score.best),
            },
        )
        for part in parts
    ]
    if score is not None:
        bounds: dict[str, str | int | bool | None] = {
            "worst": points_text(score.worst),
            "best": points_text(score.best),
        }
        steps.append(Step(N_("Together: %(worst)s to %(best)s of 100."), bounds))
    steps += [Step(N_("%(row)s missed its objective: the whole fails."), {"row": row}) for row in vetoed]
    steps += [Step(N_("%(row)s is undecided: it may fail the whole."), {"row": row}) for row in veto_open]
    return steps


def points_text(points: Fraction) -> str:
    """For display only: two decimals, cut off and not rounded, so that 89.996 shows as 89.99 and not as 90."""
    whole, rest = divmod(int(points * 100), 100)
    return f"{whole}.{rest:02}"
