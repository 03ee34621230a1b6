"""The scorecard: the worked tables of `docs/why/scorecard.md`, and every way the undecided rows may turn out."""

import re
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.errors import BadWeights
from opspact.core.kpi.errors import (
    BadDeduction,
    BadGrades,
    BadParameter,
    BadScore,
    DeductionWithoutEvidence,
    NotToAdjudicate,
    RecordTwice,
    UnknownPart,
    UnknownReading,
    UnknownRow,
)
from opspact.core.kpi.scorecard import Deduction, Grade, Mark, Part, Row, Scheme, assess, review
from opspact.core.kpi.scorecard.scoring import points_text
from opspact.core.states import Verdict

MET, MISSED, OPEN, NOTHING = Verdict.MET, Verdict.MISSED, Verdict.UNDECIDABLE, Verdict.NOT_APPLICABLE
CLIENT = "client_assessment"


def sheet(text: str) -> tuple[list[Row], Scheme]:
    rows, vetoes = [], []
    for i, words in enumerate(text.split(", ")):
        veto, verdict, sign, points = re.fullmatch(r"(veto )?(\w+)(?: ([-=])(\d+))?", words).groups()
        marks = {}
        if sign == "-":
            marks = {CLIENT: Mark(deductions=(Deduction(Fraction(points), "late", ("INC-1",)),))}
        elif sign:
            marks = {CLIENT: Mark(Fraction(points))}
        rows.append(Row(f"R{i}", Verdict(verdict), marks=marks))
        vetoes += [f"R{i}"] if veto else []
    return rows, Scheme(vetoes=tuple(vetoes))


def test_the_worked_table_of_scores_holds(worked_table):
    for row in worked_table("scorecard.md", "Worked table"):
        found = assess(*sheet(row["Rows"]))
        grade = found.grade.name if found.grade else "-"
        shown = [points_text(found.score.worst), points_text(found.score.best), grade, str(found.passed)]
        assert shown == [row["Worst"], row["Best"], row["Grade"], row["Passed"]], row["Case"]


def test_the_worked_table_of_silence_holds(worked_table, china):
    for row in worked_table("scorecard.md", "Silence"):
        objected = date.fromisoformat(row["Objected"]) if row["Objected"] else None
        found = review(
            date.fromisoformat(row["Received"]), date.fromisoformat(row["Today"]), china, objected_on=objected
        )
        answer = [found.due.on.isoformat(), "yes" if found.deemed_passed else "no"]
        assert answer == [row["Due"], row["Deemed passed"]], row


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        (100, "excellent"),
        (90, "excellent"),
        ("89.9999", "good"),
        (75, "good"),
        ("74.99", "qualified"),
        (60, "qualified"),
    ],
)
def test_a_grade_includes_its_bound_and_nothing_is_rounded_up(points, grade):
    assert Scheme().grade(Fraction(points)).name == grade


def test_a_score_is_cut_off_for_display():
    assert points_text(Fraction("89.996")) == "89.99"


def test_the_client_settles_what_measurement_leaves_open():
    rows = [Row("a", OPEN, adjudicated=MET), Row("b", MET)]
    assert assess(rows, Scheme()).score.worst == 100


def test_overall_fails_alone_though_every_row_below_it_holds():
    rows = [Row("all", MISSED), Row("key", MET, part_of="all"), Row("aux", MET, part_of="all")]
    assert assess(rows, Scheme()).overall_only == ("all",)
    assert assess(rows, Scheme()).score.best == Fraction(200, 3)
    shown = assess(rows, Scheme(overall="rows_only"))
    assert (shown.score.best, shown.rows[0].points) == (100, None)


def test_weights_of_rows_and_parts_are_data():
    halves = (Part("one", "one", Fraction(1)), Part("two", "two", Fraction(3)))
    rows = [Row("a", MET, Fraction(3), {"two": Mark(Fraction(80))}), Row("b", MISSED, Fraction(1))]
    assert assess(rows, Scheme(parts=halves)).score.best == Fraction(75 * 1 + 60 * 3, 4)


def test_nothing_to_score_has_no_score():
    found = assess([Row("a", NOTHING)], Scheme())
    assert (found.score, found.grade, found.passed) == (None, None, NOTHING)


def test_bad_sheets_and_schemes_are_refused():
    mark = {CLIENT: Mark(deductions=(Deduction(Fraction(1), "late", ()),))}
    for error, make in (
        (DeductionWithoutEvidence, lambda: Row("a", MET, marks=mark)),
        (BadDeduction, lambda: Row("a", MET, marks={CLIENT: Mark(deductions=(Deduction(Fraction(0), "x", ("e",)),))})),
        (BadScore, lambda: Row("a", MET, marks={CLIENT: Mark(Fraction(101))})),
        (NotToAdjudicate, lambda: Row("a", MISSED, adjudicated=MET)),
        (NotToAdjudicate, lambda: Row("a", OPEN, adjudicated=NOTHING)),
        (RecordTwice, lambda: assess([Row("a", MET), Row("a", MET)], Scheme())),
        (UnknownPart, lambda: assess([Row("a", MET, marks={"other": Mark()})], Scheme())),
        (UnknownRow, lambda: assess([Row("a", MET, part_of="b")], Scheme())),
        (UnknownRow, lambda: assess([Row("a", MET)], Scheme(vetoes=("b",)))),
        (BadWeights, lambda: assess([Row("a", MET, Fraction(-1))], Scheme())),
        (BadWeights, lambda: Scheme(parts=(Part("p", "p", Fraction(-1)),))),
        (BadWeights, lambda: Scheme(parts=())),
        (BadGrades, lambda: Scheme(grades=(Grade("a", Fraction(60)),))),
        (BadGrades, lambda: Scheme(grades=())),
        (BadGrades, lambda: Scheme(grades=(Grade("a", Fraction(0)), Grade("b", Fraction(0))))),
        (BadParameter, lambda: Scheme(pass_mark=Fraction(101))),
        (UnknownReading, lambda: Scheme(overall="both")),
    ):
        with pytest.raises(error):
            make()


ROW = st.tuples(
    st.sampled_from([MET, MISSED, OPEN, OPEN, NOTHING]),
    st.integers(0, 3),
    st.sampled_from([None, 0, 30, 85, 100]),
    st.sampled_from([0, 5, 40]),
    st.booleans(),
)


@given(st.lists(ROW, min_size=1, max_size=4), st.integers(0, 50))
def test_every_way_the_undecided_rows_may_turn_out_lies_within_the_bounds(rows, missed_score):
    made, vetoes = [], []
    for i, (verdict, weight, points, off, veto) in enumerate(rows):
        deductions = (Deduction(Fraction(off), "x", ("e",)),) if off else ()
        mark = Mark(None if points is None else Fraction(points), deductions)
        made.append(Row(str(i), verdict, Fraction(weight), {CLIENT: mark}))
        vetoes += [str(i)] if veto else []
    found = assess(made, Scheme(vetoes=tuple(vetoes), missed_score=Fraction(missed_score)))
    scores, passes = [], set()
    for settled in product(*([MET, MISSED] if row[0] is OPEN else [row[0]] for row in rows)):
        whole, total, failed = 0, Fraction(0), False
        for verdict, (measured, weight, points, off, veto) in zip(settled, rows, strict=True):
            failed = failed or (veto and verdict is MISSED)
            if verdict is NOTHING:
                continue
            unmarked = 100 if verdict is MET else missed_score
            marked = unmarked if points is None else points
            if points is not None and verdict is MISSED and measured is OPEN:
                marked = min(points, missed_score)
            whole += weight
            total += weight * (Fraction(unmarked + max(0, marked - off), 2))
        if whole:
            scores.append(total / whole)
            passes.add(not failed and total / whole >= 60)
    if not scores:
        assert found.score is None
        return
    assert found.score == (max(scores), min(scores))
    assert found.passed == (OPEN if len(passes) == 2 else MET if passes == {True} else MISSED)
