"""Availability against the worked table and against a walk over single minutes."""

import json
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core import shorthand
from tests.unit.core.availability.walking import DOWN, GRANTS, LIMIT, UNKNOWN, UP, timelines

from opspact.core.availability import Granted, Rules, measure, percent
from opspact.core.errors import BadObjective
from opspact.core.instants import DAY, HOUR, MINUTE
from opspact.core.states import State, Verdict

GOAL = Decimal("0.96")
KINDS = {"M": "maintenance", "E": "excused", "S": "unusable"}


def granted(text):
    found = re.findall(r"([MES]) (\d+)-(\d+) @(\d+|-)", text)
    return [
        Granted(KINDS[k], int(a) * MINUTE, int(b) * MINUTE, None if at == "-" else int(at) * MINUTE)
        for k, a, b, at in found
    ]


def minutes(observed, grants=(), *, now=1000, end=1000, rules=None, **more):
    return measure(
        observed,
        grants,
        period=(0, end * MINUTE),
        in_service=more.pop("in_service", [(0, end * MINUTE)]),
        now=now * MINUTE,
        rules=rules,
        **more,
    )


def shown(fraction):
    return "-" if fraction is None else str(percent(fraction))


def test_the_worked_table_holds(worked_table):
    for row in worked_table("availability.md", "Worked table"):
        made = minutes(shorthand.timeline(row["Observed"]), granted(row["Granted"]))
        durations = [made.ast_us, made.excluded_us, made.unknown_us, made.down_us]
        assert [us // MINUTE for us in durations] == [
            int(row[name]) for name in ("AST", "Excluded", "Unknown", "Down")
        ], row["Case"]
        figures = [made.availability, made.best, made.worst, made.raw]
        assert [shown(figure) for figure in figures] == [row[name] for name in ("A", "Best", "Worst", "Raw")], row
        assert made.judge(GOAL) == row["Verdict"], row["Case"]


@given(timelines(), st.lists(GRANTS, max_size=3), st.fractions(Fraction(1, 2), 1))
def test_no_verdict_depends_on_what_is_unknown(observed, grants, goal):
    whole = {"period": (0, LIMIT), "in_service": [(0, LIMIT)], "now": LIMIT}
    made = measure(observed, grants, **whole)
    known = [piece for piece in observed if piece[2] is not UNKNOWN]
    for state in (UP, DOWN):
        filled = [*known, *((start, end, state) for start, end in made.intervals(State.UNKNOWN))]
        extreme = measure(filled, grants, **whole)
        if made.judge(goal) in (Verdict.MET, Verdict.MISSED):
            assert extreme.judge(goal) is made.judge(goal), state


SETTINGS = {
    "": Rules(),
    "unknown is down": Rules(unknown_is_down=True),
    "degraded is down": Rules(degraded_is_down=True),
    "decide from 95%": Rules(decide_on_observed_fraction=Decimal("0.95")),
}


def test_the_table_of_alternatives_holds(worked_table):
    for row in worked_table("availability.md", "Alternatives"):
        hours = [(0, 300 * MINUTE), (500 * MINUTE, 800 * MINUTE)] if row["Service"] else None
        made = minutes(
            shorthand.timeline(row["Observed"]),
            granted(row["Granted"]),
            rules=SETTINGS[row["Setting"]],
            service_time=hours,
        )
        assert [made.ast_us // MINUTE, made.counted_down_us // MINUTE] == [int(row["AST"]), int(row["Counted down"])], (
            row
        )
        figures = [made.availability, made.best, made.worst, made.raw, made.raw_best, made.raw_worst]
        names = ("A", "Best", "Worst", "Raw", "Raw best", "Raw worst")
        assert [shown(figure) for figure in figures] == [row[name] for name in names], row["Case"]
        assert made.judge(GOAL) == row["Verdict"], row["Case"]
        assert str(made.outage_count) == row["Outages"], row["Case"]


def test_outages_less_than_five_minutes_apart_are_one():
    down = shorthand.timeline("U 0-100, D 100-110, U 110-114, D 114-120, U 120-200, D 200-210, U 210-215, D 215-220")
    made = minutes([*down, *shorthand.timeline("U 220-1000")])
    assert [(o.start // MINUTE, o.end // MINUTE, o.down_us // MINUTE) for o in made.outages] == [
        (100, 120, 16),
        (200, 210, 10),
        (215, 220, 5),
    ]
    assert made.down_us == 31 * MINUTE
    assert (made.outage_count, made.longest_us) == (3, 16 * MINUTE)
    assert made.mttr_us == 31 * MINUTE // 3
    assert made.mtbf_us == 969 * MINUTE // 3


def test_an_outage_through_a_closed_night_is_one_outage_of_its_working_time():
    hours = [(day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(3)]
    observed = [(0, 16 * HOUR, UP), (16 * HOUR, DAY + 10 * HOUR, DOWN), (DAY + 10 * HOUR, 3 * DAY, UP)]
    made = measure(observed, [], period=(0, 3 * DAY), in_service=[(0, 3 * DAY)], service_time=hours, now=3 * DAY)
    assert [tuple(outage) for outage in made.outages] == [(16 * HOUR, DAY + 10 * HOUR, False, 2 * HOUR)]


def test_an_open_outage_counts_up_to_now():
    made = minutes(shorthand.timeline("U 0-400, D 400-1000"), now=500)
    assert made.horizon == 500 * MINUTE
    assert [tuple(outage) for outage in made.outages] == [(400 * MINUTE, 500 * MINUTE, True, 100 * MINUTE)]


def test_a_period_may_begin_before_the_system_did():
    made = minutes(shorthand.timeline("U 600-1000"), in_service=[(600 * MINUTE, 2000 * MINUTE)])
    assert (made.ast_us, made.unknown_us) == (400 * MINUTE, 0)


def test_a_system_out_of_service_all_along_is_not_applicable():
    made = minutes(shorthand.timeline("U 0-1000"), in_service=[])
    assert made.judge(GOAL) is Verdict.NOT_APPLICABLE
    assert made.availability is None


def test_a_verdict_may_rest_on_what_was_observed_when_that_is_enough():
    observed = shorthand.timeline("U 0-920, D 920-950")
    assert minutes(observed).judge(GOAL) is Verdict.UNDECIDABLE
    decisive = minutes(observed, rules=Rules(decide_on_observed_fraction=Decimal("0.95")))
    assert decisive.judge(GOAL) is Verdict.MET
    assert minutes(observed, rules=Rules(decide_on_observed_fraction=Decimal("0.951"))).judge(GOAL) is (
        Verdict.UNDECIDABLE
    )


def test_the_budget_of_the_contract_year_is_that_of_the_notes():
    year = 365 * DAY
    made = measure([], [], period=(0, year), in_service=[(0, year)], now=0)
    assert made.budget_left(Decimal("0.96"), year) == round(350.4 * HOUR)
    assert made.budget_left(Decimal("0.93"), year) == round(613.2 * HOUR)
    month = measure([], [], period=(0, 30 * DAY), in_service=[(0, 30 * DAY)], now=0)
    assert month.budget_left(Decimal("0.96"), 30 * DAY) == round(28.8 * HOUR)


@pytest.mark.parametrize("wrong", [Decimal(96), Decimal(0), Decimal("-0.1")])
def test_an_objective_in_per_cent_is_refused(wrong):
    with pytest.raises(BadObjective):
        minutes([]).judge(wrong)


def test_display_cuts_and_never_rounds():
    assert percent(Fraction(95996, 100000)) == Decimal("95.99")
    assert str(percent(Fraction(1))) == "100.00"
    assert percent(Fraction(999999, 1000000), places=3) == Decimal("99.999")


def test_the_explanation_is_plain_json_and_ends_with_the_verdict():
    explanation = minutes(shorthand.timeline("U 0-900, D 900-1000")).explain(GOAL, clause="annex 2").to_json()
    assert json.loads(json.dumps(explanation)) == explanation
    assert explanation["clause"] == "annex 2"
    assert explanation["steps"][-1]["params"] == {"objective_fraction": "24/25", "verdict": "missed"}
    for step in explanation["steps"]:
        assert step["text"] % step["params"]
