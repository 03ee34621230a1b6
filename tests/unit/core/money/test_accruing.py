"""Interest for late payment against the contract, the worked table and a simulation in whole numbers, day by day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.deadlines import interest_from
from opspact.core.errors import AmountTooFine, BadTerm, NotAnAmount
from opspact.core.money import (
    CapBase,
    LateTerms,
    Mode,
    Paid,
    Pause,
    PauseReason,
    PaymentDay,
    Rounding,
    accrue,
    due_day,
    other_readings,
)
from opspact.core.money.errors import BadPercent, NegativeAmount, PaidTooMuch, PauseReversed

TERMS = LateTerms(Decimal("0.05"), Decimal(5), clause="5.2")
FIRST = date(2022, 1, 3)
DAY = timedelta(1)
WEEKDAYS = WorkCalendar("plain", "Asia/Shanghai", {day: [(540, 1020)] for day in range(5)})


def read_paid(text):
    entries = [entry.split(" on ") for entry in text.split("; ") if entry != "—"]
    return [Paid(date.fromisoformat(on), Decimal(amount)) for amount, on in entries]


def read_pauses(text):
    pauses = []
    for entry in [entry for entry in text.split("; ") if entry != "—"]:
        reason, first, last = entry.split(" ")
        pauses.append(Pause(PauseReason(reason), date.fromisoformat(first), date.fromisoformat(last)))
    return pauses


def read_terms(text):
    readings = {f"{name}: {value}": terms for name, value, terms in other_readings(TERMS)}
    return readings[text] if text != "—" else TERMS


def test_the_worked_table_holds(worked_table, china):
    for row in worked_table("penalties.md", "Late payment"):
        accrual = accrue(
            Decimal(row["Sum"]),
            date.fromisoformat(row["Due"]),
            read_paid(row["Paid"]),
            date.fromisoformat(row["Through"]),
            read_terms(row["Other reading"]),
            china,
            read_pauses(row["Stands still"]),
        )
        found = (str(accrual.interest_on), str(accrual.days), str(accrual.total), str(accrual.capped_on or "—"))
        assert found == (row["Begins"], row["Days"], row["Interest"], row["Cap reached"]), row["Case"]


def simulated(cents, due_on, paid, through_on, terms, pauses):
    """Each day by itself. Rates are hundredths of a per cent, so a day's interest is in 1/10,000 of a cent."""
    rate = int(terms.percent_per_day * 100)

    def still(day):
        return any(
            pause.reason in terms.pausing and pause.first_on <= day <= (pause.last_on or date.max) for pause in pauses
        )

    def unpaid(day):
        return cents - sum(int(amount * 100) for on, amount in paid if on <= day)

    day, passed = due_on, 0
    while passed < terms.overdue_working_days:
        day += DAY
        if day > through_on + 400 * DAY:
            return None, 0, []
        passed += day.weekday() < 5 and not still(day)
    begins = day if terms.on_the_day else day + DAY
    late = unpaid(due_on if terms.cap_base is CapBase.OVERDUE else begins - DAY)
    cap = late * int(terms.cap_percent * 100) // 10_000 * 10_000
    total, day, sheet = 0, begins, []
    while day <= through_on and total < cap:
        left = unpaid(day - DAY if terms.payment_day is PaymentDay.COUNTS else day)
        if left == 0:
            break
        added = 0 if still(day) else left * rate
        if terms.rounding is Rounding.PER_DAY:
            added = (added + 5_000) // 10_000 * 10_000
        total = min(cap, total + added)
        sheet.append((day, total))
        day += DAY
    return begins, (total + 5_000) // 10_000, sheet


DAYS = st.integers(0, 90).map(lambda n: FIRST + n * DAY)
TERMS_OF_ALL_KINDS = st.builds(
    LateTerms,
    percent_per_day=st.integers(0, 200).map(lambda n: Decimal(n).scaleb(-2)),
    cap_percent=st.integers(0, 1000).map(lambda n: Decimal(n).scaleb(-2)),
    overdue_working_days=st.integers(0, 12),
    on_the_day=st.booleans(),
    payment_day=st.sampled_from(PaymentDay),
    cap_base=st.sampled_from(CapBase),
    rounding=st.sampled_from(Rounding),
    pausing=st.sampled_from([frozenset(PauseReason), frozenset(PauseReason) - {PauseReason.FISCAL_FUNDS}]),
)
PAUSES = st.lists(
    st.tuples(
        st.sampled_from([PauseReason.FISCAL_FUNDS, PauseReason.INVOICE_MISSING]), DAYS, st.integers(0, 20) | st.none()
    ).map(lambda p: Pause(p[0], p[1], None if p[2] is None else p[1] + p[2] * DAY)),
    max_size=2,
)


@given(
    st.integers(0, 10**7),
    st.lists(st.tuples(DAYS, st.integers(0, 10**6)), max_size=3),
    DAYS,
    TERMS_OF_ALL_KINDS,
    PAUSES,
)
def test_it_agrees_with_a_simulation_day_by_day_in_whole_numbers(cents, payments, through_on, terms, pauses):
    cents += sum(amount for _, amount in payments)
    paid = [Paid(on, Decimal(amount).scaleb(-2)) for on, amount in payments]
    accrual = accrue(Decimal(cents).scaleb(-2), FIRST, paid, through_on, terms, WEEKDAYS, pauses)
    begins, total, days = simulated(cents, FIRST, paid, through_on, terms, pauses)
    assert accrual.interest_on == begins
    assert accrual.total * 100 == total
    sheet = list(accrual.sheet())
    assert sum((line.amount for line in sheet), Decimal(0)) == accrual.total
    if terms.percent_per_day and accrual.cap:
        assert [(line.on, line.total * 100) for line in sheet] == [
            (on, (sofar + 5_000) // 10_000) for on, sofar in days
        ]
    assert accrual.total <= accrual.cap


@given(DAYS, st.integers(0, 60), st.booleans())
def test_without_pauses_it_begins_where_the_deadlines_say(due_on, days, on_the_day):
    terms = LateTerms(Decimal("0.05"), Decimal(5), overdue_working_days=days, on_the_day=on_the_day)
    accrual = accrue(Decimal(100), due_on, [], due_on + 100 * DAY, terms, WEEKDAYS)
    assert accrual.interest_on == interest_from(due_on, days, WEEKDAYS, on_the_day=on_the_day)


def test_the_contracts_daily_sums_and_caps(china):
    cases = [
        ("1408200.00", "2022-07-20", "2022-09-01", "704.10", "70410.00", "2022-12-09"),
        ("704100.00", "2023-04-19", "2023-06-02", "352.05", "35205.00", "2023-09-09"),
        ("234700.00", "2023-08-18", "2023-10-08", "117.35", "11735.00", "2024-01-15"),
    ]
    for amount, due, begins, daily, cap, capped in cases:
        accrual = accrue(Decimal(amount), date.fromisoformat(due), [], date(2024, 12, 31), TERMS, china)
        lines = list(accrual.sheet())
        assert str(accrual.interest_on) == begins
        assert {str(line.amount) for line in lines} == {daily}
        assert (len(lines), str(accrual.total), str(accrual.capped_on)) == (100, cap, capped)


def test_a_pause_that_lasts_keeps_interest_from_beginning(china):
    pause = Pause(PauseReason.FISCAL_FUNDS, date(2022, 8, 1))
    accrual = accrue(Decimal(1408200), date(2022, 7, 20), [], date(2030, 1, 1), TERMS, china, [pause])
    assert accrual.interest_on is None
    assert accrual.total == 0
    assert "still lasts" in accrual.explain().steps[0].text


def test_a_missing_invoice_moves_the_day_a_payment_is_due(china):
    pause = Pause(PauseReason.INVOICE_MISSING, date(2022, 7, 11), date(2022, 7, 15))
    assert due_day(date(2022, 7, 6), 10, china) == date(2022, 7, 20)
    assert due_day(date(2022, 7, 6), 10, china, [pause]) == date(2022, 7, 27)
    assert due_day(date(2022, 7, 6), 10, china, [pause._replace(last_on=None)]) is None


def test_cents_of_a_day_add_up_however_they_are_rounded(china):
    through = date(2022, 9, 3)
    totals = {}
    for rounding in Rounding:
        terms = LateTerms(Decimal("0.05"), Decimal(5), rounding=rounding)
        accrual = accrue(Decimal("333.33"), date(2022, 7, 20), [], through, terms, china)
        totals[rounding] = [str(line.amount) for line in accrual.sheet()]
    # 0.166665 a day: 0.166665, 0.33333, 0.499995 in all.
    assert totals == {Rounding.AT_END: ["0.17", "0.16", "0.17"], Rounding.PER_DAY: ["0.17", "0.17", "0.17"]}


def test_the_named_mode_rounds(china):
    terms = LateTerms(Decimal("0.05"), Decimal(5), mode=Mode.DOWN)
    assert str(accrue(Decimal("333.33"), date(2022, 7, 20), [], date(2022, 9, 3), terms, china).total) == "0.49"


def test_the_explanation_says_each_run_and_the_cap(china):
    accrual = accrue(Decimal(1408200), date(2022, 7, 20), [], date(2023, 1, 1), TERMS, china)
    explanation = accrual.explain()
    sentences = [step.text % step.params for step in explanation.steps]
    assert explanation.clause == "5.2"
    assert sentences == [
        "Due on 2022-07-20; interest from the day after working day 30 overdue, 2022-09-01.",
        "From 2022-09-01 to 2022-12-09, 100 days at 704.10 a day on 1408200.00 unpaid.",
        "The cap of 70410.00 is reached on 2022-12-09.",
        "Interest up to 2023-01-01: 70410.00.",
    ]


def test_what_makes_no_sense_is_refused_with_its_position(china):
    day = date(2022, 7, 20)

    def run(due=Decimal(100), paid=(), terms=TERMS, pauses=()):
        return accrue(due, day, paid, day, terms, china, pauses)

    with pytest.raises(PaidTooMuch) as caught:
        run(paid=[Paid(day, Decimal(60)), Paid(day, Decimal(41))])
    assert caught.value.params["position"] == 1
    with pytest.raises(PauseReversed) as caught:
        run(pauses=[Pause(PauseReason.AGREED, day), Pause(PauseReason.AGREED, day, day - DAY)])
    assert caught.value.params["position"] == 1
    with pytest.raises(NegativeAmount):
        run(due=Decimal(-1))
    with pytest.raises(AmountTooFine):
        run(due=Decimal("1.001"))
    with pytest.raises(NotAnAmount):
        run(due=1.5)
    with pytest.raises(BadPercent):
        run(terms=LateTerms(Decimal(101), Decimal(5)))
    with pytest.raises(BadTerm):
        run(terms=LateTerms(Decimal(1), Decimal(5), overdue_working_days=-1))
