"""Availability against the worked table and against a walk over single minutes."""

import json
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core import shorthand

from opspact.core.availability import Granted, Rules, measure, percent
from opspact.core.errors import BadObjective
from opspact.core.instants import DAY, HOUR, MINUTE
from opspact.core.states import Observed, State, Verdict

UP, DEGRADED, DOWN, UNKNOWN = Observed.UP, Observed.DEGRADED, Observed.DOWN, Observed.UNKNOWN
GOAL = Decimal("0.96")
KINDS = {"M": "maintenance", "E": "excused"}


def granted(text):
    found = re.findall(r"([ME]) (\d+)-(\d+) @(\d+|-)", text)
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


LIMIT = 40


@st.composite
def observed_timeline(draw):
    pieces, at = [], 0
    while at < LIMIT:
        end = at + draw(st.integers(1, 12))
        if draw(st.integers(0, 5)):
            pieces.append((at * MINUTE, end * MINUTE, draw(st.sampled_from(list(Observed)))))
        at = end
    return pieces


SPANS = st.tuples(st.integers(0, LIMIT), st.integers(0, 15)).map(lambda p: (p[0] * MINUTE, (p[0] + p[1]) * MINUTE))
GRANTS = st.builds(
    lambda kind, span, at: Granted(kind, *span, at if at is None else at * MINUTE),
    st.sampled_from(["maintenance", "excused"]),
    SPANS,
    st.none() | st.integers(0, LIMIT),
)
RULES = st.builds(Rules, unknown_is_down=st.booleans(), degraded_is_down=st.booleans())


def inside(intervals, at):
    return any(start <= at < end for start, end in intervals)


def walk(observed, grants, in_service, service_time, now, rules):
    """What counts in each minute, by the words of the rules."""
    minute_states = {}
    for at in range(0, min(LIMIT, now) * MINUTE, MINUTE):
        if not inside(in_service, at) or (service_time is not None and not inside(service_time, at)):
            continue
        seen = next((seen for start, end, seen in observed if start <= at < end), UNKNOWN)
        state = State(seen)
        for grant in grants:
            approved = grant.approved_at is not None and grant.approved_at <= now * MINUTE
            if approved and grant.start <= at < grant.end:
                if grant.kind == "excused" and state is not State.MAINTENANCE:
                    state = State.EXCUSED
                if grant.kind == "maintenance" and grant.approved_at <= grant.start:
                    state = State.MAINTENANCE
        minute_states[at] = (state, seen)
    return minute_states


@given(
    observed_timeline(),
    st.lists(GRANTS, max_size=4),
    st.lists(SPANS, min_size=1, max_size=3),
    st.none() | st.lists(SPANS, max_size=3),
    st.integers(0, LIMIT + 5),
    RULES,
)
def test_it_agrees_with_a_walk_over_every_minute(observed, grants, in_service, service_time, now, rules):
    made = minutes(observed, grants, now=now, end=LIMIT, rules=rules, in_service=in_service, service_time=service_time)
    walked = walk(observed, grants, in_service, service_time, now, rules)
    states = [state for state, _ in walked.values()]
    timeline = {at: state for a, b, state in made.timeline for at in range(a, b, MINUTE)}
    assert timeline == {at: state for at, (state, _) in walked.items()}
    excluded = states.count(State.MAINTENANCE) + states.count(State.EXCUSED)
    unknown = states.count(State.UNKNOWN)
    down = states.count(State.DOWN) + (states.count(State.DEGRADED) if rules.degraded_is_down else 0)
    n = len(states) - excluded - unknown
    assert made.ast_us == len(states) * MINUTE
    assert made.excluded_us == excluded * MINUTE
    assert made.unknown_us == unknown * MINUTE
    assert made.up_us == states.count(State.UP) * MINUTE
    worst = Fraction(n - down, n + unknown) if n + unknown else None
    if rules.unknown_is_down:
        assert made.availability == made.best == made.worst == worst
        assert made.counted_down_us == (down + unknown) * MINUTE
    else:
        assert made.availability == (Fraction(n - down, n) if n else None)
        assert made.best == (Fraction(n + unknown - down, n + unknown) if n + unknown else None)
        assert made.worst == worst
        assert made.counted_down_us == down * MINUTE
    assert sum(outage.down_us for outage in made.outages) == made.counted_down_us
    raw = [seen for _, seen in walked.values()]
    faulty = [DOWN, *([DEGRADED] if rules.degraded_is_down else [])]
    seen_us = len(raw) - (0 if rules.unknown_is_down else raw.count(UNKNOWN))
    failed = sum(seen in faulty or (rules.unknown_is_down and seen is UNKNOWN) for seen in raw)
    assert made.raw == (Fraction(seen_us - failed, seen_us) if seen_us else None)


@given(observed_timeline(), st.lists(GRANTS, max_size=3), st.fractions(Fraction(1, 2), 1))
def test_no_verdict_depends_on_what_is_unknown(observed, grants, goal):
    made = minutes(observed, grants, now=LIMIT, end=LIMIT)
    verdict = made.judge(goal)
    filled = {
        state: [*observed, *((a, b, state) for a, b, s in made.timeline if s is State.UNKNOWN)] for state in (UP, DOWN)
    }
    known = [piece for piece in observed if piece[2] is not UNKNOWN]
    for state, pieces in filled.items():
        extreme = minutes([*known, *pieces[len(observed) :]], grants, now=LIMIT, end=LIMIT)
        if verdict in (Verdict.MET, Verdict.MISSED):
            assert extreme.judge(goal) is verdict, state


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


@given(observed_timeline(), st.fractions(Fraction(1, 2), 1), st.booleans())
def test_spending_the_budget_is_still_met_and_a_microsecond_more_is_not(observed, goal, unknown_is_down):
    rules = Rules(unknown_is_down=unknown_is_down)
    service = [(0, 3 * LIMIT * MINUTE)]
    so_far = minutes(observed, now=LIMIT, end=LIMIT, rules=rules, in_service=service)
    left = so_far.budget_left(goal, 3 * LIMIT * MINUTE)
    start, end = so_far.horizon, 3 * LIMIT * MINUTE

    def with_downtime(us):
        past = [(a, min(b, start), seen) for a, b, seen in observed]
        future = [(start, start + us, DOWN), (start + us, end, UP)]
        made = measure([*past, *future], [], period=(0, end), in_service=service, now=end, rules=rules)
        return made.judge(goal)

    if 0 <= left <= end - start:
        assert with_downtime(left) is Verdict.MET
    if 0 <= left + 1 <= end - start:
        assert with_downtime(left + 1) is not Verdict.MET
    if left < 0:
        assert with_downtime(0) is not Verdict.MET


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
