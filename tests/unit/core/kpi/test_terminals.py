"""Terminals: the worked table of `docs/why/indicators.md`, and a walk over every ten minutes."""

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.instants import DAY, HOUR, MINUTE
from opspact.core.kpi import Asked, Objective, Role
from opspact.core.kpi.errors import BadParameter, RecordTwice, RestoredTooEarly, UnknownReading, UnknownTerminal
from opspact.core.kpi.records import Inspection, Terminal, TerminalFault
from opspact.core.kpi.rules.terminal_availability import TerminalReading, terminal_availability, terminal_time

OFFICE_HOURS = [(9 * 60, 12 * 60), (13 * 60, 18 * 60)]
OFFICE = WorkCalendar("5x8", "UTC", dict.fromkeys(range(5), OFFICE_HOURS))
MONDAY = OFFICE.day_start(date(2022, 7, 11))
WEEK = (MONDAY, MONDAY + 7 * DAY)
ASKED = Asked(Objective.at_least("0.95"), WEEK, WEEK[1])
READING = TerminalReading(OFFICE)


def at(text: str) -> int:
    day, hour = text.split()
    return MONDAY + ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day) * DAY + int(hour) * HOUR


def faults(text: str) -> list[TerminalFault]:
    found = re.findall(r"(\w{3} \d+) -(?: (\w{3} \d+))?(?: spare (\w{3} \d+))?", text)
    return [
        TerminalFault(f"F{i}", "T0", at(start), at(end) if end else None, at(spare) if spare else None)
        for i, (start, end, spare) in enumerate(found)
    ]


def terminals(text: str) -> list[Terminal]:
    count = int(text.split()[0])
    later = WEEK[0] + 2 * DAY if "Wed" in text else WEEK[0]
    return [Terminal(f"T{i}", "pc", ((later if i == 1 else WEEK[0], WEEK[1]),)) for i in range(count)]


def test_the_worked_table_of_terminals_holds(worked_table):
    for row in worked_table("indicators.md", "Terminals"):
        ledger, broken = terminals(row["Terminals"]), faults(row["Faults"])
        time = terminal_time(ledger, broken, ASKED, READING, ["pc"])
        answer = terminal_availability(ledger, broken, [], ASKED, READING)
        found = [time.owed_us // HOUR, time.faulty_us // HOUR, answer.figure.value]
        assert [str(each) for each in found] == [row["Owed (h)"], row["Faulty (h)"], row["Value"]], row["Case"]


def test_the_contract_year_leaves_100_hours_and_24_minutes_a_terminal(china, worked_table):
    """251 working days from 2022-07-06 to 2023-07-06 inclusive, of 8 hours each: 5% of 2,008 h."""
    hours = dict.fromkeys(range(5), OFFICE_HOURS)
    eight = WorkCalendar("5x8", china.zone, hours, china.holidays, china.workdays, china.published_years)
    year = (eight.day_start(date(2022, 7, 6)), eight.day_start(date(2023, 7, 7)))
    asked = Asked(Objective.at_least("0.95"), year, year[1])
    start = eight.day_start(date(2022, 7, 7)) + 9 * HOUR
    allowed = 100 * HOUR + 24 * MINUTE
    for extra, verdict in ((0, "met"), (1, "missed")):
        fault = TerminalFault("F", "T", start, eight.add_working(start, allowed + extra).at)
        answer = terminal_availability([Terminal("T", "pc", (year,))], [fault], [], asked, TerminalReading(eight))
        assert answer.verdict == verdict
    rows = {row["Service time (h)"]: row["Allowed (h)"] for row in worked_table("indicators.md", "Allowed downtime")}
    assert rows["2008"] == "100.4"


def test_the_table_of_allowed_downtime_is_arithmetic(worked_table):
    for row in worked_table("indicators.md", "Allowed downtime"):
        share = 1 - Fraction(row["Objective"].rstrip("%")) / 100
        assert share * int(row["Service time (h)"]) == Fraction(row["Allowed (h)"]), row


def test_mobile_terminals_are_shown_by_themselves():
    ledger = [Terminal("T0", "pc", (WEEK,)), Terminal("M", "mobile", (WEEK,))]
    broken = [TerminalFault("F", "M", at("Mon 9"), at("Mon 18"))]
    answer = terminal_availability(ledger, broken, [], ASKED, READING)
    assert (answer.figure.value, answer.beside["mobile"].value) == (1, Fraction(4, 5))
    assert answer.ids(Role.LEFT_OUT) == ("F",)


def test_without_the_spare_reading_the_clock_runs_on():
    broken = [TerminalFault("F", "T0", at("Mon 9"), at("Tue 9"), at("Mon 11"))]
    runs = TerminalReading(OFFICE, spare_stops_clock=False)
    assert terminal_availability(terminals("1"), broken, [], ASKED, runs).figure.value == Fraction(4, 5)


def test_in_order_among_the_inspected_is_the_other_method():
    looked = [Inspection(f"I{i}", "T0", MONDAY + i, i > 0) for i in range(20)]
    answer = terminal_availability(terminals("1"), [], looked, ASKED, TerminalReading(OFFICE, method="inspected_ok"))
    assert (answer.figure.value, answer.verdict) == (Fraction(19, 20), "met")
    assert answer.ids(Role.AGAINST) == ("I0",)


def test_nothing_in_service_is_not_100():
    answer = terminal_availability([], [], [], ASKED, READING)
    assert (answer.figure.value, answer.verdict) == (None, "not_applicable")


def test_years_not_yet_published_are_named():
    unpublished = WorkCalendar("5x8", "UTC", OFFICE.weekly, published_years=frozenset({2021}))
    answer = terminal_availability(terminals("1"), [], [], ASKED, TerminalReading(unpublished))
    assert any(step.params.get("year") == 2022 for step in answer.explanation.steps)


def test_bad_ledgers_are_refused_with_the_position():
    ledger = terminals("1")
    with pytest.raises(UnknownTerminal) as refused:
        terminal_availability(ledger, [*faults("Mon 9 - "), TerminalFault("X", "none", 0)], [], ASKED, READING)
    assert refused.value.params == {"position": 1, "terminal": "none"}
    looked = [Inspection("I", "none", 0, True)]
    with pytest.raises(UnknownTerminal):
        terminal_availability(ledger, [], looked, ASKED, TerminalReading(OFFICE, method="inspected_ok"))
    with pytest.raises(RestoredTooEarly):
        terminal_availability(ledger, [TerminalFault("X", "T0", 5, 4)], [], ASKED, READING)
    with pytest.raises(RecordTwice):
        terminal_availability([*ledger, *ledger], [], [], ASKED, READING)
    with pytest.raises(UnknownReading):
        TerminalReading(OFFICE, method="guess")
    for wrong in ({"kinds": ()}, {"kinds": ("mobile",)}):
        with pytest.raises(BadParameter):
            TerminalReading(OFFICE, **wrong)


TICK = 30 * MINUTE
TICKS = st.integers(0, 96)
SPAN = st.tuples(TICKS, TICKS).map(sorted)


@given(
    st.lists(st.lists(SPAN, min_size=1, max_size=2), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), SPAN, st.none() | st.integers(0, 20), st.booleans()), max_size=4),
    TICKS,
    st.booleans(),
)
def test_a_walk_over_every_half_hour_agrees(served, broken, now, spare_stops):
    """Friday and Saturday, in half hours; a tick counts when it is working time, in service, and some fault runs."""
    friday = MONDAY + 4 * DAY
    asked = Asked(ASKED.objective, (friday + 4 * TICK, friday + 90 * TICK), friday + now * TICK)
    ledger = [
        Terminal(str(i), "pc", tuple((friday + a * TICK, friday + b * TICK) for a, b in spans))
        for i, spans in enumerate(served)
    ]
    records = [
        TerminalFault(
            str(i),
            str(which % len(served)),
            friday + a * TICK,
            None if is_open else friday + b * TICK,
            None if spare is None else friday + (a + spare) * TICK,
        )
        for i, (which, (a, b), spare, is_open) in enumerate(broken)
    ]
    owed = faulty = 0
    for i, spans in enumerate(served):
        for tick in range(4, min(90, max(4, now))):
            hour = tick // 2
            if not (9 <= hour < 12 or 13 <= hour < 18) or not any(a <= tick < b for a, b in spans):
                continue
            owed += 1
            faulty += any(
                which % len(served) == i
                and a <= tick
                and (is_open or tick < b)
                and not (spare_stops and spare is not None and tick >= a + spare)
                for which, (a, b), spare, is_open in broken
            )
    time = terminal_time(ledger, records, asked, TerminalReading(OFFICE, spare_stops_clock=spare_stops), ["pc"])
    assert (time.owed_us, time.faulty_us) == (owed * TICK, faulty * TICK)
    answer = terminal_availability(ledger, records, [], asked, TerminalReading(OFFICE, spare_stops_clock=spare_stops))
    assert answer.figure.value == (1 - Fraction(faulty, owed) if owed else None)
    assert len(answer.used) == len(records)
