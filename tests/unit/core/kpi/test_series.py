"""Platform and link in series, k of n terminals, and tickets instead of probes; against a walk over every unit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.availability import Granted
from opspact.core.kpi import Asked, Objective, Role
from opspact.core.kpi.errors import BadChain, RecordTwice, RestoredTooEarly, UnknownComponent, UnknownReading
from opspact.core.kpi.records import OutageTicket
from opspact.core.kpi.rules.availability_series import Chain, ChainTime, availability_series
from opspact.core.states import Observed

ASKED = Asked(Objective.at_least("0.96"), (0, 1000), 1000)
TIME = ChainTime([(0, 1000)])
CHAIN = Chain(("platform", "link"))
UP, DOWN = Observed.UP, Observed.DOWN


def by_tickets(chain, *tickets, time=TIME, asked=ASKED):
    return availability_series(chain, {}, tickets, time, asked, "tickets")


def test_an_outage_of_either_is_one_of_the_chain_and_overlaps_count_once():
    ledgers = {
        "platform": [(0, 100, UP), (100, 120, DOWN), (120, 1000, UP)],
        "link": [(0, 110, UP), (110, 140, DOWN), (140, 1000, UP)],
    }
    answer = availability_series(CHAIN, ledgers, [], TIME, ASKED)
    assert (answer.figure.value, answer.verdict) == (Fraction(96, 100), "met")


def test_tickets_say_the_same_from_occurrence_to_restoration():
    answer = by_tickets(CHAIN, OutageTicket("a", "platform", 100, 120), OutageTicket("b", "link", 110, 140))
    assert (answer.figure.value, answer.ids(Role.AGAINST)) == (Fraction(96, 100), ("a", "b"))


def test_an_open_ticket_counts_up_to_now():
    asked = Asked(ASKED.objective, (0, 1000), 500)
    assert by_tickets(CHAIN, OutageTicket("a", "link", 490), asked=asked).figure.value == Fraction(49, 50)


def test_terminals_count_only_once_their_number_is_agreed():
    broken = [OutageTicket("1", "t1", 0, 300), OutageTicket("2", "t2", 200, 500)]
    unagreed = by_tickets(Chain(("platform",), ("t1", "t2", "t3")), *broken)
    assert (unagreed.figure.value, unagreed.ids(Role.LEFT_OUT)) == (1, ("1", "2"))
    for needed, down in ((1, 0), (2, 100), (3, 500)):
        answer = by_tickets(Chain(("platform",), ("t1", "t2", "t3"), needed), *broken)
        assert answer.figure.value == 1 - Fraction(down, 1000)


def test_granted_time_is_taken_out_of_tickets_too():
    time = ChainTime([(0, 1000)], granted=[Granted("maintenance", 0, 100, -1)])
    assert by_tickets(CHAIN, OutageTicket("a", "link", 0, 136), time=time).figure.value == Fraction(24, 25)


def test_a_chain_without_a_ledger_is_undecidable_and_never_up():
    answer = availability_series(CHAIN, {"platform": [(0, 1000, UP)]}, [], TIME, ASKED)
    assert (answer.figure.value, answer.verdict) == (None, "undecidable")


def test_what_makes_no_chain_is_refused():
    for wrong in (((),), (("a", "a"),), (("a",), ("t",), 2), (("a",), ("t",), 0)):
        with pytest.raises(BadChain):
            Chain(*wrong)
    with pytest.raises(UnknownComponent):
        by_tickets(CHAIN, OutageTicket("a", "other", 0))
    with pytest.raises(RestoredTooEarly):
        by_tickets(CHAIN, OutageTicket("a", "link", 5, 4))
    with pytest.raises(RecordTwice):
        by_tickets(CHAIN, OutageTicket("a", "link", 5), OutageTicket("a", "link", 5))
    with pytest.raises(UnknownReading):
        availability_series(CHAIN, {}, [], TIME, ASKED, "hearsay")


TICKET = st.tuples(st.integers(0, 4), st.integers(-2, 14), st.none() | st.integers(0, 8))


@given(st.lists(TICKET, max_size=4), st.integers(0, 12), st.none() | st.integers(1, 3))
def test_a_walk_over_every_unit_agrees(tickets, now, needed):
    names = ("platform", "link", "t1", "t2", "t3")
    records = [
        OutageTicket(str(i), names[which], start, None if length is None else start + length)
        for i, (which, start, length) in enumerate(tickets)
    ]
    asked = Asked(ASKED.objective, (0, 10), now)
    answer = by_tickets(Chain(names[:2], names[2:], needed), *records, time=ChainTime([(0, 10)]), asked=asked)
    up = 0
    units = range(min(10, now))
    for unit in units:
        broken = {w for w, start, length in tickets if start <= unit and (length is None or unit < start + length)}
        terminals = 3 - len(broken & {2, 3, 4})
        up += not broken & {0, 1} and (needed is None or terminals >= needed)
    assert answer.figure.value == (Fraction(up, len(units)) if units else None)
