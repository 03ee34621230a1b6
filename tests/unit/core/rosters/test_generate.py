"""The generator on a month of the contract: rosters proved as any roster is, clashes, and refusals."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.unit.core.rosters.generated import (
    ENGINEERS,
    MONDAY,
    PEOPLE,
    clash,
    keeps_every_rule,
    made,
    month,
    need,
    small,
)

from opspact.core.calendars import WorkCalendar
from opspact.core.instants import DAY as A_DAY
from opspact.core.instants import HOUR
from opspact.core.rosters import (
    Assignment,
    HardRules,
    Leave,
)
from opspact.core.rosters.errors import NamedTwice, UnknownPerson
from opspact.core.rosters.generate import Clash, Fixed, Problem, Roster, Staffing, Wish, generate
from opspact.core.rosters.generate_errors import BadSearch, DayOutside, EmptyPeriod, NoSuchShift, SolverMissing

FIRST, UNTIL = date(2022, 10, 1), date(2022, 11, 1)


# The contract's people


@pytest.fixture(scope="module")
def october(china: WorkCalendar) -> Problem:
    return month(china, FIRST, UNTIL)


@pytest.fixture(scope="module")
def roster(october: Problem) -> Roster:
    return made(october)


def test_a_month_of_the_contract_keeps_every_rule(october: Problem, roster: Roster) -> None:
    assert keeps_every_rule(october, roster.assignments)


def test_it_is_the_fairest_there_is(roster: Roster) -> None:
    """31 nights that only 4 people may serve are 8, 8, 8 and 7 at the evenest; so are their hours."""
    assert roster.best
    assert roster.cost == roster.bound
    networkers = [roster.tallies[f"net{i}"] for i in range(1, 5)]
    assert sorted(tally.nights for tally in networkers) == [7, 8, 8, 8]
    assert max(t.worked_us for t in networkers) - min(t.worked_us for t in networkers) <= 12 * HOUR


def test_in_the_national_holiday_every_engineer_takes_part(october: Problem, roster: Roster) -> None:
    span = october.special[0]
    there = {duty.person for duty in roster.assignments if duty.start < span.end}
    assert {person.code for person in PEOPLE if person.roles & ENGINEERS} <= there


def test_tallies_say_what_the_duties_say(roster: Roster) -> None:
    for person, tally in roster.tallies.items():
        own = [duty for duty in roster.assignments if duty.person == person]
        assert tally.worked_us == sum(duty.us for duty in own)
        assert tally.nights == sum(duty.shift == "night" for duty in own)


def test_the_same_question_has_the_same_answer(october: Problem, roster: Roster) -> None:
    assert generate(october, seconds=20, seed=1) == roster


def test_two_weeks_of_leave_halve_the_nights(october: Problem) -> None:
    start = october.calendar.day_start(date(2022, 10, 16))
    away = replace(october, leave=(Leave("annual", "net4", start, start + 9 * A_DAY),))
    answer = made(away, seconds=4)
    assert keeps_every_rule(away, answer.assignments)
    assert answer.tallies["net4"].nights < min(answer.tallies[f"net{i}"].nights for i in range(1, 4))


def test_the_month_before_binds_the_first_days(october: Problem) -> None:
    start = october.calendar.day_start(FIRST)
    nights = tuple(
        Assignment("net1", "", start - i * A_DAY - 4 * HOUR, start - i * A_DAY + 8 * HOUR, shift="night")
        for i in range(3)
    )
    answer = made(replace(october, before=nights), seconds=4)
    assert keeps_every_rule(replace(october, before=nights), answer.assignments)
    own = [duty.start for duty in answer.assignments if duty.person == "net1"]
    assert min(own) >= start + 19 * HOUR, "eleven hours of rest after 08:00"
    assert start + 20 * HOUR not in own, "a fourth night in a row"


# Clashes


def test_seven_working_days_in_a_row_clash_with_six_at_most(october: Problem) -> None:
    """8 and 9 October 2022 were worked in exchange for the holiday: one manager, seven days on end."""
    found = clash(replace(october, rules=replace(october.rules, max_consecutive_days=6)))
    assert len(found) == 8
    person = found[-1].split()[0]
    assert found[-1] == f"{person} serves at most 6 days in a row."
    assert found[:-1] == [
        f"office on {date(2022, 10, day)}: at least 1 of {person} (held by 1 people)." for day in range(8, 15)
    ]


def test_a_role_that_nobody_holds_clashes_with_nothing_else(october: Problem) -> None:
    guard = Staffing("guard", "night", frozenset({date(2022, 10, 5)}), (need("guard"),))
    found = clash(replace(october, staffings=(*october.staffings, guard)))
    assert found == ["guard on 2022-10-05: at least 1 of guard (held by 0 people)."]


def test_leave_clashes_with_the_only_holder_of_a_role(october: Problem) -> None:
    start = october.calendar.day_start(date(2022, 10, 20))
    found = clash(replace(october, leave=(Leave("wedding", "dba", start, start + A_DAY),)))
    assert found == [
        "office on 2022-10-20: at least 1 of dba (held by 1 people).",
        f"dba is on leave from {start} to {start + A_DAY} (wedding).",
    ]


def test_a_fixed_duty_clashes_with_rest_after_the_month_before(october: Problem) -> None:
    found = clash(replace(october, fixed=(Fixed("asked", "net1", FIRST, "day"),)))
    assert found[0] == "net1 serves day on 2022-10-01 (asked)."
    assert len(found) == 2
    assert found[1] in (
        f"net1 rests at least {11 * HOUR} between two duties.",
        f"net1 does not serve day less than {24 * HOUR} after night.",
    )


def test_an_employment_that_ends_clashes(october: Problem) -> None:
    until = october.calendar.day_start(date(2022, 10, 31))
    people = tuple(replace(p, employed_until=until) if p.code == "desk" else p for p in PEOPLE)
    assert clash(replace(october, people=people)) == [
        "office on 2022-10-31: at least 1 of desk (held by 1 people).",
        f"desk is employed until {until}.",
    ]


def test_the_clause_of_a_rule_comes_with_it(october: Problem) -> None:
    answer = generate(
        replace(
            october,
            fixed=(Fixed("a", "net1", FIRST, "night"), Fixed("b", "net1", FIRST + timedelta(1), "day")),
            rules=HardRules(min_rest_us=11 * HOUR, clauses={"min_rest_us": "annex 1"}),
            before=(),
            demands=(),
            special=(),
        ),
        seconds=20,
        seed=1,
    )
    assert isinstance(answer, Clash)
    assert [rule.clause for rule in answer.rules] == ["", "", "annex 1"]


# Refusals


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"until": MONDAY}, EmptyPeriod),
        ({"people": (PEOPLE[0], PEOPLE[0])}, NamedTwice),
        ({"staffings": (Staffing("x", "late", frozenset({MONDAY})),)}, NoSuchShift),
        ({"staffings": (Staffing("x", "day", frozenset({date(2022, 12, 1)})),)}, DayOutside),
        ({"fixed": (Fixed("x", "nobody", MONDAY, "day"),)}, UnknownPerson),
        ({"fixed": (Fixed("x", "a", MONDAY),)}, NoSuchShift),
        ({"wishes": (Wish("x", "a", date(2022, 12, 1)),)}, DayOutside),
        ({"leave": (Leave("x", "nobody", 0, 1),)}, UnknownPerson),
    ],
)
def test_it_refuses_a_problem_that_contradicts_itself(change: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        small(2, 2, **change)


@pytest.mark.parametrize(("seconds", "seed", "workers"), [(0, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_it_refuses_a_search_that_is_none(seconds: int, seed: int, workers: int) -> None:
    with pytest.raises(BadSearch):
        generate(small(1, 1), seconds=seconds, seed=seed, workers=workers)


def test_without_the_extra_it_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("ortools")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)
    with pytest.raises(SolverMissing, match="roster"):
        generate(small(2, 2), seconds=1, seed=1)
