"""Each rule of the generator on its own, against every roster there is; and the worked table of fairness."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from tests.unit.core.rosters.generated import MONDAY, SHANGHAI, clash, keeps_every_rule, made, need, small, starts

from opspact.core.instants import DAY as A_DAY
from opspact.core.instants import HOUR
from opspact.core.rosters import Assignment, Demand, HardRules, Leave, Need, Person, ShiftType
from opspact.core.rosters.generate import Clash, Fixed, Goals, Problem, Staffing, Tally, Wish, generate


def every_place(problem: Problem) -> list[Assignment]:
    """Everyone on every shift of which a need may be met; so nobody is where there is no need for them."""
    return [
        Assignment(person.code, "", at, at + 12 * HOUR, shift=staffing.shift)
        for person in problem.people
        for staffing in problem.staffings
        if any(not need.roles or need.roles & person.roles for need in staffing.needs or ())
        for day in sorted(staffing.days)
        for at in [starts(problem, staffing.shift, day)]
    ]


def every_roster(problem: Problem) -> list[tuple[Assignment, ...]]:
    """All rosters that keep the rules."""
    places = every_place(problem)
    masks = product((0, 1), repeat=len(places))
    chosen = (tuple(place for place, on in zip(places, mask, strict=True) if on) for mask in masks)
    return [duties for duties in chosen if keeps_every_rule(problem, duties)]


def weight(problem: Problem, duties: tuple[Assignment, ...]) -> int:
    """The sum of squares, written down once more; there are no weekends or holidays in these problems.

    Nights carried weigh nothing with who can serve none; who is away weighs in proportion more.
    """
    cost = 0
    period = (problem.until - problem.first).days * A_DAY
    open_nights = {place.person for place in every_place(problem) if place.shift == "night"}
    for person in problem.people:
        own = [duty for duty in duties if duty.person == person.code]
        away = sum(leave.end - leave.start for leave in problem.leave if leave.person == person.code)
        nights = sum(duty.shift == "night" for duty in own)
        if person.code in open_nights:
            nights += problem.carried.get(person.code, Tally()).nights
        cost += 100 * period // (period - away) * ((12 * len(own)) ** 2 + 100 * nights**2)
    for wish in problem.wishes:
        at = [starts(problem, code, wish.day) for code in ("day", "night")]
        served = any(duty.person == wish.person and duty.start in at for duty in duties)
        cost += 30000 * wish.weight * (served != wish.serves)
    return cost


def _any_problem(chance: random.Random) -> Problem:
    people, days = chance.choice([(2, 2), (3, 1), (1, 3), (2, 2)])
    start = SHANGHAI.day_start(MONDAY)
    codes = "abc"[:people]
    roles = [frozenset(role for role in ("net", "dba") if chance.random() < 0.7) for _ in codes]
    dates = frozenset(MONDAY + timedelta(days=i) for i in range(days))
    needs = [(), (Need(1),), (need("net"),), (need("net"), need("dba")), (Need(2),)]
    rules = HardRules(
        min_rest_us=chance.choice([None, None, 11 * HOUR, 24 * HOUR]),
        max_us_a_day=chance.choice([None, None, 12 * HOUR, 15 * HOUR]),
        max_us_in_7_days=chance.choice([None, None, 24 * HOUR, 36 * HOUR]),
        max_us_a_month=chance.choice([None, None, 24 * HOUR, 36 * HOUR]),
        max_consecutive_days=chance.choice([None, None, 1, 2]),
        max_consecutive_nights=chance.choice([None, None, 1]),
        forbidden_sequences=chance.choice([frozenset(), frozenset({("night", "day")})]),
    )
    before = Assignment(chance.choice(codes), "", start - 4 * HOUR, start + 8 * HOUR, shift="night")
    wishes = [Wish(f"w{code}", code, MONDAY, serves=chance.random() < 0.5) for code in codes]
    away = Leave("l", chance.choice(codes), start + 10 * HOUR, start + 21 * HOUR)
    fixed = Fixed("f", chance.choice(codes), MONDAY, chance.choice(["day", "night"]), serves=False)
    return small(
        people,
        days,
        people=tuple(Person(code, held) for code, held in zip(codes, roles, strict=True)),
        staffings=(
            Staffing("d", "day", dates, chance.choice(needs[:2])),
            Staffing("n", "night", dates, chance.choice(needs)),
        ),
        demands=chance.choice(
            [(), (Demand("watch", chance.choice(needs[1:4]), [(start + 9 * HOUR, start + 18 * HOUR)]),)]
        ),
        rules=rules,
        before=chance.choice([(), (before,)]),
        wishes=tuple(wish for wish in wishes if chance.random() < 0.3),
        leave=chance.choice([(), (), (away,)]),
        fixed=chance.choice([(), (), (fixed,)]),
        carried={codes[0]: Tally(nights=chance.randrange(3))},
    )


@pytest.mark.parametrize("seed", range(60))
def test_it_finds_the_best_of_all_rosters_or_there_is_none(seed: int) -> None:
    problem = _any_problem(random.Random(seed))
    if problem.demands and not problem.staffings[0].needs:
        # A shift that only a demand asks for is open to whoever the demand asks for; the list of all rosters is not.
        problem = replace(problem, demands=())
    answer = generate(problem, seconds=5, seed=seed)
    rosters = every_roster(problem)
    if isinstance(answer, Clash):
        assert rosters == []
        assert answer.minimal
    else:
        assert keeps_every_rule(problem, answer.assignments)
        assert answer.best
        assert answer.cost == weight(problem, answer.assignments) == min(weight(problem, each) for each in rosters)


def test_nights_already_served_are_made_up_for() -> None:
    answer = made(small(2, 2, carried={"a": Tally(nights=2)}, rules=HardRules(min_rest_us=11 * HOUR)))
    assert answer.tallies["a"].nights == 0
    assert answer.tallies["b"].nights == 2


def test_a_wish_gives_way_to_a_rule_and_is_named() -> None:
    wishes = (Wish("off", "a", MONDAY), Wish("on", "b", MONDAY, "night", serves=True))
    alone = made(small(1, 1, staffings=(Staffing("d", "day", frozenset({MONDAY}), (Need(1),)),), wishes=wishes[:1]))
    assert alone.refused_wishes == ("off",)
    assert made(small(3, 1, wishes=wishes)).refused_wishes == ()


def test_a_week_has_its_rest_day_across_the_end_of_a_month() -> None:
    """Monday to Wednesday served, two days of rest asked for: four more days leave two."""
    start = SHANGHAI.day_start(MONDAY)
    before = tuple(
        Assignment("a", "", start + i * A_DAY + 8 * HOUR, start + i * A_DAY + 20 * HOUR, shift="day") for i in range(3)
    )
    days = frozenset(MONDAY + timedelta(days=i) for i in range(3, 7))
    problem = small(
        1,
        7,
        first=min(days),
        before=before,
        rules=HardRules(weekly_rest_days=2),
        staffings=(Staffing("d", "day", frozenset(sorted(days)[:2]), (Need(1),)),),
    )
    assert len(made(problem).assignments) == 2
    full = replace(problem, staffings=(Staffing("d", "day", days, (Need(1),)),))
    assert clash(full)[-1] == "a has at least 2 days without duty in every week."
    assert len(clash(full)) == 4, "any three of the four days and the rule"


def test_someone_on_call_does_not_meet_a_demand_for_presence() -> None:
    start = SHANGHAI.day_start(MONDAY)
    call = ShiftType("call", 8 * 60, 12 * 60, standby=True)
    staffings = (Staffing("c", "call", frozenset({MONDAY}), (Need(1),)),)
    demand = Demand("watch", (Need(1),), [(start + 9 * HOUR, start + 10 * HOUR)])
    problem = small(1, 1, shifts=(call,), staffings=staffings, demands=(demand,))
    assert clash(problem) == ["watch on 2022-10-10: at least 1 people."]
    assert made(replace(problem, demands=(replace(demand, standby=True),))).assignments[0].standby


def test_the_worked_table_holds(worked_table: Callable[[str, str], list[dict[str, str]]]) -> None:
    start = SHANGHAI.day_start(MONDAY)
    for row in worked_table("roster-generator.md", "Worked table"):
        nights = frozenset(MONDAY + timedelta(days=i) for i in range(int(row["Nights"])))
        days = 0 if row["a is away"] == "-" else int(row["a is away"])
        answer = made(
            small(
                2,
                10,
                staffings=(Staffing("n", "night", nights, (Need(1),)),),
                carried={code: Tally(nights=int(row[f"{code} carries"])) for code in "ab"},
                leave=(Leave("away", "a", start + (10 - days) * A_DAY, start + 10 * A_DAY),) if days else (),
                goals=Goals(hours=0, weekends=0),
            )
        )
        assert answer.best
        served = [str(answer.tallies[code].nights) for code in "ab"]
        assert served == [row["a serves"], row["b serves"]], row["Case"]
