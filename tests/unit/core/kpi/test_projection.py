"""Projections: the worked table, and every rest of the term played through."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.availability import Rules, measure
from opspact.core.errors import BadObjective, BadWeights, IntervalReversed, NoSample
from opspact.core.instants import HOUR
from opspact.core.kpi import MeasuredTime, Member
from opspact.core.kpi.errors import BadExpectation, BadMeasure, UnknownReading
from opspact.core.kpi.projection import (
    Burn,
    Outlook,
    Standing,
    elapsed_fraction,
    project_at_least,
    project_complaints,
    project_count,
    project_systems,
    service_to_come,
    standings,
)
from opspact.core.states import Observed, Verdict

HALF = Fraction(1, 2)
GOAL = Fraction(96, 100)


def test_the_worked_table_of_projections_holds(worked_table):
    for row in worked_table("indicators.md", "What must hold from now on"):
        good, of, expected = (int(row[name]) for name in ("Good or counted", "Of", "Expected"))
        goal = Fraction(row["Objective"].rstrip("%")) / 100
        found = project_at_least(good, of, expected, goal, Fraction(row["Elapsed"]))
        answer = [str(each) for each in (found.needed, found.bad_left, found.outlook)]
        assert answer == [row["Needed"], row["May be bad"], row["Outlook"]], row["Case"]


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.sampled_from(["1/2", "19/20", "1", "0", "2/3"]))
def test_playing_every_rest_of_the_ratings_agrees(good, bad, expected, goal):
    objective, whole = Fraction(goal), good + bad
    found = project_at_least(good, whole, expected, objective, HALF)
    total = whole + expected
    meeting = [more for more in range(expected + 1) if good + more >= objective * total]
    assert (found.outlook is Outlook.LOST) == (not meeting)
    if meeting:
        assert (found.needed, found.bad_left) == (min(meeting), expected - min(meeting))
        if len(meeting) == expected + 1:
            assert found.outlook is Outlook.SAFE
    else:
        assert found.bad_left < 0


@given(st.integers(0, 8), st.integers(0, 3), st.integers(0, 60), st.integers(0, 60), st.sampled_from([1, 5, 20]))
def test_playing_every_further_complaint_agrees(complaints, pending, tickets, expected, percent):
    objective = Fraction(percent, 100)
    found = project_complaints(complaints, pending, tickets, expected, objective, HALF)
    meeting = [more for more in range(100) if complaints + more <= objective * (tickets + expected)]
    assert (found.outlook is Outlook.LOST) == (not meeting)
    if meeting:
        assert found.bad_left == max(meeting)
        assert (pending > max(meeting)) <= (found.outlook is Outlook.AT_RISK)
    enough = next(more for more in range(2000) if complaints <= objective * (tickets + more))
    assert found.needed == enough


@given(st.integers(0, 6), st.integers(0, 4), st.integers(0, 5))
def test_playing_every_further_case_agrees(counted, pending, most):
    found = project_count(counted, pending, most, HALF)
    assert found.left == most - counted
    assert (found.outlook is Outlook.LOST) == (counted > most)
    if counted <= most < counted + pending:
        assert found.outlook is Outlook.AT_RISK


def test_of_an_objective_of_zero_none_is_ever_left():
    found = project_count(0, 0, 0, HALF)
    assert (found.left, found.outlook, found.burn.used, found.burn.rate) == (0, Outlook.SAFE, None, None)


def test_no_number_of_tickets_mends_a_share_of_nothing():
    assert project_complaints(1, 0, 10, 10, Fraction(0), HALF).needed is None
    assert project_complaints(0, 0, 10, 10, Fraction(0), HALF).needed == 0


def test_too_few_ratings_in_the_end_are_a_risk():
    assert project_at_least(5, 5, 4, Fraction(19, 20), HALF, enough=10).outlook is Outlook.AT_RISK
    assert project_at_least(5, 5, 5, Fraction(19, 20), HALF, enough=10).outlook is Outlook.SAFE


def test_burn_is_the_budget_used_by_the_term_elapsed():
    """A year of 8,760 h at 96% has 350.4 h; 175.2 h gone after a quarter burns twice as fast as the term."""
    quarter, year = 2190 * HOUR, 8760 * HOUR
    down = 175 * HOUR + HOUR // 5
    found = project_systems("each", [Standing("OA", quarter, down, 0, year - quarter)], GOAL, Fraction(1, 4))
    assert found.burn == Burn(HALF, Fraction(1, 4))
    assert found.burn.rate == 2
    assert (found.outlook, found.left_us["OA"]) == (Outlook.AT_RISK, down)
    assert found.hold == 1 - Fraction(down, year - quarter)


def test_elapsed_is_within_the_term():
    assert [elapsed_fraction((10, 30), now) for now in (0, 10, 15, 30, 99)] == [0, 0, Fraction(1, 4), 1, 1]
    with pytest.raises(IntervalReversed):
        elapsed_fraction((1, 0), 0)


def test_an_hour_costs_the_mean_more_in_the_system_that_serves_less():
    group = [Standing("long", 500, 0, 0, 500), Standing("short", 50, 0, 0, 50)]
    left = project_systems("equal", group, GOAL, HALF).left_us
    assert left == {"long": 80, "short": 8}


@given(
    st.lists(st.tuples(st.text("UDX", max_size=5), st.integers(0, 5), st.integers(1, 3)), min_size=1, max_size=3),
    st.sampled_from(["each", "minimum", "equal", "time", "importance"]),
    st.sampled_from([Fraction(1, 2), Fraction(3, 4), Fraction(1)]),
)
def test_playing_every_downtime_to_come_agrees(systems, method, goal):
    """Unknown counts as down; of one system every possible downtime is tried while the others stay up."""
    group = [
        Standing(str(i), len(seen), seen.count("D"), seen.count("X"), to_come, weight)
        for i, (seen, to_come, weight) in enumerate(systems)
    ]
    found = project_systems(method, group, goal, HALF)

    def met(more_down, *, unknown_is_up=False):
        ends = []
        for i, (seen, to_come, weight) in enumerate(systems):
            whole = len(seen) + to_come
            up = seen.count("U") + to_come - more_down.get(i, 0) + (seen.count("X") if unknown_is_up else 0)
            ends += [(Fraction(up, whole), weight, whole)] if whole else []
        if method in ("each", "minimum"):
            return all(value >= goal for value, _, _ in ends)
        weights = [{"equal": 1, "importance": weight, "time": whole}[method] for _, weight, whole in ends]
        return sum(value * w for (value, _, _), w in zip(ends, weights, strict=True)) >= goal * sum(weights)

    assert (found.outlook is Outlook.LOST) == (not met({}, unknown_is_up=True))
    if not met({}) and found.outlook is not Outlook.LOST:
        assert found.outlook is Outlook.AT_RISK
    if met({i: to_come for i, (_, to_come, _) in enumerate(systems)}):
        assert found.outlook is Outlook.SAFE
    for i, (seen, to_come, _) in enumerate(systems):
        if not seen and not to_come:
            assert str(i) not in found.left_us
            continue
        possible = [down for down in range(to_come + 1) if met({i: down})]
        if method in ("each", "minimum"):
            up, whole = seen.count("U") + to_come, len(seen) + to_come
            possible = [down for down in range(to_come + 1) if up - down >= goal * whole]
        left = found.left_us[str(i)]
        assert left == max(possible) if possible else left < 0
    if found.hold is not None:
        lasting = {i: to_come * (1 - found.hold) for i, (_, to_come, _) in enumerate(systems)}
        assert met(lasting)
        assert not met({i: down + Fraction(1, 10**6) * systems[i][1] for i, down in lasting.items()})


@given(st.text("UDXG", max_size=6), st.integers(0, 6), st.sampled_from([None, Decimal("0.5"), Decimal("0.9")]))
def test_each_has_the_downtime_left_that_its_measurement_has(seen, to_come, threshold):
    """The same as `Availability.budget_left`, up to what can still happen."""
    letters = {"U": Observed.UP, "D": Observed.DOWN, "G": Observed.DEGRADED, "X": Observed.UNKNOWN}
    timeline = [(i, i + 1, letters[letter]) for i, letter in enumerate(seen)]
    end = len(seen) + to_come
    rules = Rules(threshold)
    one = measure(timeline, [], period=(0, end), in_service=[(0, end)], now=len(seen), rules=rules)
    assert service_to_come(one, end) == to_come
    group = standings("each", [Member(one, 1, "S")], {"S": to_come}, rules)
    found = project_systems("each", group, GOAL, HALF)
    assert found.left_us == ({"S": min(to_come, one.budget_left(GOAL, end))} if end else {})


def test_a_group_that_will_have_been_seen_well_enough_leaves_unknown_time_out():
    rules = Rules(Decimal("0.95"))
    group = [Member(MeasuredTime("A", 100, unknown_us=40, rules=rules), 1, "A")]
    assert standings("equal", group, {"A": 700}, rules)[0] == Standing("A", 60, 0, 0, 700)
    assert standings("equal", group, {"A": 600}, rules)[0] == Standing("A", 100, 0, 40, 600)


def test_unknown_read_as_down_is_spent():
    rules = Rules(unknown_is_down=True)
    group = [Member(MeasuredTime("A", 100, unknown_us=40, rules=rules), 1, "A")]
    assert standings("each", group, {"A": 60}, rules)[0] == Standing("A", 100, 40, 0, 60)
    assert group[0].availability.judge(GOAL) == Verdict.MISSED


def test_what_cannot_be_projected_is_refused():
    with pytest.raises(NoSample):
        project_at_least(3, 2, 1, GOAL, HALF)
    with pytest.raises(NoSample):
        project_complaints(-1, 0, 2, 1, GOAL, HALF)
    with pytest.raises(NoSample):
        project_count(-1, 0, 0, HALF)
    for wrong in (project_at_least, lambda *a: project_complaints(0, 0, *a[1:])):
        with pytest.raises(BadExpectation):
            wrong(1, 1, -1, GOAL, HALF)
    with pytest.raises(BadMeasure):
        Standing("A", 1, 1, 1, 0)
    with pytest.raises(BadWeights):
        Standing("A", 1, 1, 0, 0, -1)
    with pytest.raises(UnknownReading):
        project_systems("median", [], GOAL, HALF)
    with pytest.raises(BadObjective):
        project_systems("each", [], Fraction(0), HALF)
