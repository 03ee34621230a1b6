"""A contract's dates as a chain: the example contract's, in any order, and what a chain refuses."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars.chains import After, Fixed, InterestFrom, NoticeBy, PaidUntil, Shifted, resolve
from opspact.core.calendars.term_errors import NameInACircle, NameTwice, UnknownName
from opspact.core.calendars.terms import Counting, Unit
from opspact.core.errors import OutOfReach

SIGNED = date(2022, 7, 6)


def contract(counting):
    months = {"unit": Unit.MONTHS, "counting": counting}
    price, cap = Decimal("2347000.00"), Decimal("234700.00")
    return [
        Fixed("signed", SIGNED),
        After("bond", "signed", 10, Unit.WORKING_DAYS, counting, clause="4.2"),
        InterestFrom("bond interest", "bond", 30, clause="5.2"),
        *(After(f"report {n}", "signed", 3 * n, **months) for n in range(1, 5)),
        *(After(f"review {n}", f"report {n}", 10, Unit.CALENDAR_DAYS) for n in range(1, 5)),
        After("eight months", "signed", 8, roll=False, **months),
        Shifted("apply", "eight months", 1),
        After("second payment", "apply", 30, Unit.WORKING_DAYS),
        InterestFrom("second interest", "second payment", 30),
        After("service end", "signed", 12, roll=False, **months),
        Shifted("acceptance", "service end", 1),
        After("third payment", "acceptance", 30, Unit.WORKING_DAYS),
        InterestFrom("third interest", "third payment", 30),
        Shifted("confirmed after silence", "review 4", 1),
        After("late third payment", "confirmed after silence", 30, Unit.WORKING_DAYS),
        InterestFrom("late third interest", "late third payment", 30),
        PaidUntil("paid until", "service end", cap, price, 365),
        NoticeBy("notice", "acceptance", 5, Unit.CALENDAR_DAYS),
    ]


DEFAULT = """signed 2022-07-06, bond 2022-07-20, bond interest 2022-09-01,
report 1 2022-10-08, report 2 2023-01-06, report 3 2023-04-06, report 4 2023-07-06,
review 1 2022-10-18, review 2 2023-01-16, review 3 2023-04-17, review 4 2023-07-17,
eight months 2023-03-06, apply 2023-03-07, second payment 2023-04-19, second interest 2023-06-02,
service end 2023-07-06, acceptance 2023-07-07, third payment 2023-08-18, third interest 2023-10-08,
confirmed after silence 2023-07-18, late third payment 2023-08-29, late third interest 2023-10-17,
paid until 2023-08-11, notice 2023-07-02"""


def dates(resolved):
    return {dated.name: str(dated.on) for dated in resolved}


def test_every_date_of_the_example_contract_follows_from_its_signature(china):
    expected = dict(item.strip().rsplit(" ", 1) for item in DEFAULT.split(","))
    assert dates(resolve(contract(Counting.EXCLUSIVE), china)) == expected


def test_the_inclusive_alternative(china):
    found = dates(resolve(contract(Counting.INCLUSIVE), china))
    assert [found[name] for name in ("bond", "report 1", "report 2", "report 3", "report 4")] == [
        "2022-07-19",
        "2022-10-08",
        "2023-01-05",
        "2023-04-06",
        "2023-07-05",
    ]
    assert [found[name] for name in ("apply", "service end", "acceptance", "paid until")] == [
        "2023-03-06",
        "2023-07-05",
        "2023-07-06",
        "2023-08-10",
    ]


def test_what_is_provisional_stays_so_down_the_chain(china_at_signing):
    found = {dated.name: dated for dated in resolve(contract(Counting.EXCLUSIVE), china_at_signing)}
    assert found["bond interest"].provisional_years == ()
    assert found["report 4"].provisional_years == found["review 4"].provisional_years == (2023,)
    assert found["confirmed after silence"].provisional_years == (2023,)
    assert found["paid until"].provisional_years == ()


def test_each_date_says_how_it_was_found_and_under_which_clause(china):
    found = {dated.name: dated.explanation for dated in resolve(contract(Counting.EXCLUSIVE), china)}
    assert (found["bond"].clause, found["bond interest"].clause) == ("4.2", "5.2")
    step = found["apply"].steps[0]
    assert step.text % step.params == "1 days after 2023-03-06 is 2023-03-07."
    assert all(explanation.steps for explanation in found.values())


@given(
    st.lists(st.integers(-40, 40), min_size=1, max_size=7).flatmap(lambda days: st.permutations(list(enumerate(days))))
)
def test_the_order_of_the_list_does_not_matter(china, steps):
    links = [Shifted(str(n), str(n - 1), days) if n else Fixed("0", SIGNED) for n, days in steps]
    days = [days for _, days in sorted(steps)]
    answer = resolve(links, china)
    assert [int(dated.name) for dated in answer] == [n for n, _ in steps]
    assert [dated.on for dated in answer] == [SIGNED + timedelta(days=sum(days[1 : n + 1])) for n, _ in steps]


def test_a_long_chain_backwards_is_no_matter(china):
    links = [Fixed("0", SIGNED), *(Shifted(str(n), str(n - 1), 1) for n in range(1, 3000))]
    random.Random(1).shuffle(links)
    assert dates(resolve(links[::-1], china))["2999"] == str(SIGNED + timedelta(days=2999))


@pytest.mark.parametrize(
    ("links", "error", "params"),
    [
        ([Fixed("a", SIGNED), Fixed("a", SIGNED)], NameTwice, {"position": 1, "other": 0, "name": "a"}),
        ([Shifted("a", "b", 1)], UnknownName, {"position": 0, "name": "a", "of": "b"}),
        ([Shifted("a", "a", 1)], NameInACircle, {"position": 0, "name": "a"}),
        (
            [Shifted("c", "a", 1), Shifted("a", "b", 1), Shifted("b", "a", 1)],
            NameInACircle,
            {"position": 1, "name": "a"},
        ),
        ([Fixed("a", SIGNED), Shifted("b", "a", 10**9)], OutOfReach, {"calendar": "cn", "years": 100}),
    ],
)
def test_a_chain_that_does_not_hold_is_refused(china, links, error, params):
    with pytest.raises(error) as caught:
        resolve(links, china)
    assert caught.value.params == params
