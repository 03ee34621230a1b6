"""Which record fulfils which occurrence: the worked table, and a search through every way to credit them."""

import re
from datetime import date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars.matching import Fulfilment, Record, match
from opspact.core.calendars.periods import Period
from opspact.core.calendars.recurring import EveryMonths, Obligation, Occurrence, PerYear, Term, occurrences
from opspact.core.calendars.term_errors import RecordOfNothing, RecordTwice
from opspact.core.instants import to_us

SIGNED = date(2022, 7, 6)
YEAR = Term(SIGNED, date(2023, 7, 6))


def noon(day):
    return to_us(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo("Asia/Shanghai")))


def records_of(text):
    found = re.findall(r"(\d{4}-\d\d-\d\d)(?: \((\d)\))?", text)
    return [Record(f"r{i}", noon(day), int(number) if number else None) for i, (day, number) in enumerate(found)]


def stands(matching):
    return [str(each.fulfilment) for each in matching.matched]


def test_the_table_of_records_holds(worked_table, china):
    quarters = occurrences(Obligation(EveryMonths(3)), YEAR, china)
    for row in worked_table("deadlines.md", "Which record fulfils what"):
        matching = match(quarters, records_of(row["Records"]), noon("2023-07-01"))
        assert stands(matching) == [row[str(n)] for n in range(1, 5)], row["Records"]
        assert (str(len(matching.unused)) if matching.unused else "-") == row["Unused"], row["Records"]


def test_what_has_not_begun_is_not_owed_yet(china):
    quarters = occurrences(Obligation(EveryMonths(3)), YEAR, china)
    assert stands(match(quarters, [], noon("2022-08-01"))) == ["due", "not_yet", "not_yet", "not_yet"]


def test_the_end_itself_is_late_and_the_start_itself_is_early_enough(china):
    first = occurrences(Obligation(EveryMonths(3)), YEAR, china)[:1]
    for at, expected in ((first[0].ends_at - 1, "done"), (first[0].ends_at, "late"), (first[0].opens_at, "done")):
        assert stands(match(first, [Record("a", at)], at)) == [expected]
    early = match(first, [Record("a", first[0].opens_at - 1)], first[0].ends_at)
    assert (stands(early), [record.id for record in early.unused]) == (["missing"], ["a"])


def test_what_cannot_come_late_stays_missing(china):
    quarters = occurrences(Obligation(EveryMonths(3)), YEAR, china)[:1]
    for record in (Record("a", noon("2022-10-20")), Record("a", noon("2022-10-20"), 1)):
        matching = match(quarters, [record], noon("2022-11-01"), late_counts=False)
        assert (stands(matching), matching.unused) == (["missing"], (record,))


def test_four_trainings_a_year_are_four_different_records_and_missed_only_with_the_year(china):
    trainings = occurrences(Obligation(PerYear(4)), YEAR, china)
    held = records_of("2022-07-10 2022-07-11 2022-07-12")
    assert stands(match(trainings, held, noon("2023-07-06"))) == ["done", "done", "done", "due"]
    assert stands(match(trainings, held, noon("2023-07-07"))) == ["done", "done", "done", "missing"]
    five = records_of("2022-07-10 2022-07-11 2022-07-12 2022-07-13 2022-07-14")
    matching = match(trainings, five, noon("2023-07-07"))
    assert (stands(matching), len(matching.unused)) == (["done"] * 4, 1)


def test_a_report_that_came_late_is_the_missed_quarters_as_soon_as_the_next_has_its_own(china):
    quarters = occurrences(Obligation(EveryMonths(3)), YEAR, china)
    found = match(quarters, records_of("2022-10-09 2023-01-05"), noon("2023-02-01")).matched
    assert [each.record and each.record.done_at for each in found[:2]] == [noon("2022-10-09"), noon("2023-01-05")]
    named = match(quarters, records_of("2022-10-09 (2) 2023-01-05"), noon("2023-02-01")).matched
    assert [each.record and each.record.done_at for each in named[:2]] == [noon("2023-01-05"), noon("2022-10-09")]


def test_each_outcome_is_explained(china):
    quarters = occurrences(Obligation(EveryMonths(3)), YEAR, china)
    found = match(quarters, records_of("2022-10-08 (1) 2023-01-08 (2)"), noon("2023-04-08")).matched
    assert [each.explain("6.3").steps[-1].text for each in found] == [
        "Record %(record)s of %(done_at)s fulfils it in time.",
        "Record %(record)s of %(done_at)s fulfils it late; it was due by %(due_at)s.",
        "No record fulfils it; it was due by %(due_at)s.",
        "It is open until %(due_at)s.",
    ]
    later = match(quarters, [], noon("2022-07-08")).matched[1]
    assert later.explain().steps[-1].text == "Its time begins at %(opens_at)s."
    for each in (*found, later):
        assert all(step.text % step.params for step in each.explain().steps)


def window(number, opens, lasts):
    day = SIGNED + timedelta(days=number)
    return Occurrence(number, Period(day, day, day, False, False, 1), day, day, opens, opens + lasts, (), ())


SMALL = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 8)), min_size=1, max_size=4).map(
    lambda windows: [window(n, *each) for n, each in enumerate(sorted(windows), start=1)]
)
TIMES = st.lists(st.integers(0, 24), max_size=5).map(lambda times: [Record(str(i), at) for i, at in enumerate(times)])


def most_in_time(owed, records):
    """Tries every way to give each occurrence one record or none."""
    choices = [*records, *[None] * len(owed)]
    return max(
        sum(r is not None and o.opens_at <= r.done_at < o.ends_at for o, r in zip(owed, way, strict=True))
        for way in set(permutations(choices, len(owed)))
    )


@given(SMALL, TIMES, st.integers(0, 24))
def test_as_many_as_possible_are_in_time_and_no_record_counts_twice(owed, records, now):
    matching = match(owed, records, now)
    known = [record for record in records if record.done_at <= now]
    done = [each for each in matching.matched if each.fulfilment is Fulfilment.DONE]
    assert len(done) == most_in_time(owed, known)
    used = [each.record.id for each in matching.matched if each.record]
    assert len(set(used)) == len(used)
    assert sorted(used + [record.id for record in matching.unused]) == [record.id for record in records]
    for occurrence, fulfilment, record in matching.matched:
        match fulfilment:
            case Fulfilment.DONE:
                assert occurrence.opens_at <= record.done_at < occurrence.ends_at
            case Fulfilment.LATE:
                assert occurrence.ends_at <= record.done_at <= now
            case Fulfilment.MISSING:
                assert record is None
                assert occurrence.ends_at <= now
                assert not any(r.done_at >= occurrence.ends_at for r in matching.unused if r.done_at <= now)
            case _:
                assert record is None
                assert (now >= occurrence.opens_at) == (fulfilment is Fulfilment.DUE)


def test_records_that_repeat_or_name_nothing_are_refused(china):
    quarters = occurrences(Obligation(EveryMonths(3)), YEAR, china)
    with pytest.raises(RecordTwice) as twice:
        match(quarters, [Record("a", 0), Record("b", 0), Record("a", 1)], 5)
    assert twice.value.params == {"position": 2, "other": 0, "id": "a"}
    with pytest.raises(RecordOfNothing) as nothing:
        match(quarters, [Record("a", 0, 5)], 5)
    assert nothing.value.params == {"position": 0, "number": 5}
