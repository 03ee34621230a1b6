"""Rest and maximum hours against a walk over hours and days; labour law; fairness."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.instants import DAY, HOUR, MINUTE, to_us
from opspact.core.rosters import RULE_SETS, Assignment, Figure, HardRules, Person, ShiftType, check, fairness
from opspact.core.rosters.errors import BadRule, UnknownPerson

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = to_us(datetime(2022, 9, 26, tzinfo=SHANGHAI))  # a Monday; 2022-10-01 to 07 are holidays, 08 and 09 make-up days
END = START + 21 * DAY
FIRST = date(2022, 9, 26)
A = Person("A")


def at(day, hour=0):
    return START + day * DAY + hour * HOUR


HOURS = st.lists(st.tuples(st.integers(0, 20 * 24 - 1), st.integers(1, 14)), max_size=12)


def duties(spans):
    return [Assignment("A", "", START + hour * HOUR, START + (hour + n) * HOUR) for hour, n in spans]


def busy(spans):
    """The hours worked, as a set of numbers counted from START."""
    return {hour for first, n in spans for hour in range(first, first + n)}


def found(china, spans, **rules):
    return check(duties(spans), [A], HardRules(**rules), china, START, END)


@given(HOURS, st.integers(1, 14))
def test_hours_of_a_day_agree_with_a_count_of_hours(china, spans, limit):
    worked = busy(spans)
    expected = [
        (day, sum(hour // 24 == day for hour in worked))
        for day in range(22)
        if sum(h // 24 == day for h in worked) > limit
    ]
    assert [
        ((v.start - START) // DAY, v.found // HOUR) for v in found(china, spans, max_us_a_day=limit * HOUR)
    ] == expected


@given(HOURS, st.integers(1, 40))
def test_hours_of_a_week_agree_with_a_count_of_hours(china, spans, limit):
    worked = busy(spans)
    weeks = {week: sum(hour // 168 == week for hour in worked) for week in range(4)}
    expected = [(week, n) for week, n in weeks.items() if n > limit]
    assert [
        ((v.start - START) // DAY // 7, v.found // HOUR) for v in found(china, spans, max_us_a_week=limit * HOUR)
    ] == expected


@given(HOURS, st.integers(1, 40))
def test_hours_of_any_seven_days_agree_with_every_window(china, spans, limit):
    worked = busy(spans)
    windows = {day: sum(day <= hour // 24 < day + 7 for hour in worked) for day in range(-7, 22)}
    broken = found(china, spans, max_us_in_7_days=limit * HOUR)
    assert bool(broken) is any(n > limit for n in windows.values())
    assert all(windows[(v.start - START) // DAY] * HOUR == v.found for v in broken)
    clusters: list[list[int]] = []
    for day in (day for day, n in windows.items() if n > limit):
        if clusters and day < clusters[-1][-1] + 7:
            clusters[-1].append(day)
        else:
            clusters.append([day])
    for cluster in clusters:
        reported = [v.found for v in broken if cluster[0] <= (v.start - START) // DAY <= cluster[-1]]
        assert max(reported) == max(windows[day] for day in cluster) * HOUR


@given(HOURS, st.integers(1, 7))
def test_rest_days_agree_with_a_count_of_free_days(china, spans, limit):
    worked = {hour // 24 for hour in busy(spans)}
    free = [sum(7 * week + day not in worked for day in range(7)) for week in range(3)]
    broken = found(china, spans, weekly_rest_days=limit)
    assert [v.found for v in broken] == [n for n in free if n < limit]


@given(HOURS, st.integers(1, 16))
def test_rest_agrees_with_the_free_hours_before_each_shift(china, spans, limit):
    shifts = sorted(set(spans), key=lambda span: (span[0], span[0] + span[1]))
    expected = []
    for i, (first, _) in enumerate(shifts[1:], 1):
        rest = first - max(start + n for start, n in shifts[:i])
        if rest < limit:
            expected.append(max(rest, 0))
    broken = found(china, list(set(spans)), min_rest_us=limit * HOUR)
    starts = {first for first, _ in spans}
    if len(starts) == len(shifts):
        assert sorted(v.found // HOUR for v in broken) == sorted(expected)
        assert all(v.excess == v.limit - v.found for v in broken)


@given(HOURS, st.integers(1, 4))
def test_days_in_a_row_agree_with_a_walk_over_days(china, spans, limit):
    days = {hour // 24 for hour, _ in spans}
    runs, run = [], 0
    for day in range(23):
        if day in days:
            run += 1
        else:
            runs += [run] if run > limit else []
            run = 0
    assert [v.found for v in found(china, spans, max_consecutive_days=limit)] == runs


def test_a_day_after_a_night_is_too_little_rest_and_a_forbidden_sequence(china):
    worked = [Assignment("A", "", at(0, 20), at(1, 8), "night"), Assignment("A", "", at(1, 8), at(1, 20), "day")]
    rules = HardRules(
        min_rest_us=11 * HOUR, forbidden_sequences=frozenset({("night", "day")}), clauses={"min_rest_us": "§1"}
    )
    broken = check(worked, [A], rules, china, START, END)
    assert [(v.rule, v.limit, v.found, v.excess, v.clause) for v in broken] == [
        ("forbidden_sequences", 24 * HOUR, 0, 24 * HOUR, ""),
        ("min_rest_us", 11 * HOUR, 0, 11 * HOUR, "§1"),
    ]
    assert broken[0].duties == tuple(worked)


def test_a_day_that_starts_a_whole_day_after_the_night_may_follow_it(china):
    worked = [Assignment("A", "", at(0, 20), at(1, 8), "night"), Assignment("A", "", at(2, 8), at(2, 20), "day")]
    rules = HardRules(forbidden_sequences=frozenset({("night", "day")}))
    assert check(worked, [A], rules, china, START, END) == []


def test_lunch_is_no_rest(china):
    office = [
        Assignment("A", "", at(0, 9), at(0, 12), shift_at=at(0, 9)),
        Assignment("A", "", at(0, 13), at(0, 17), shift_at=at(0, 9)),
    ]
    assert check(office, [A], HardRules(min_rest_us=11 * HOUR), china, START, END) == []


def test_standby_is_no_work_unless_the_rules_count_it(china):
    call = [Assignment("A", "", at(0), at(1), standby=True)]
    assert check(call, [A], HardRules(max_us_a_day=8 * HOUR), china, START, END) == []
    assert (
        check(call, [A], HardRules(max_us_a_day=8 * HOUR, count_standby=True), china, START, END)[0].excess == 16 * HOUR
    )


def test_a_person_with_fewer_agreed_hours_has_a_lower_weekly_limit(china):
    worked = [Assignment("A", "", at(day, 9), at(day, 17)) for day in range(3)]
    part_time = Person("A", weekly_us=20 * HOUR)
    (broken,) = check(worked, [part_time], HardRules(max_us_a_week=40 * HOUR), china, START, END)
    assert (broken.rule, broken.limit, broken.excess) == ("max_us_a_week", 20 * HOUR, 4 * HOUR)


@pytest.mark.parametrize(("minutes", "night"), [(120, True), (119, False)])
def test_a_night_has_at_least_two_hours_between_ten_and_six(china, minutes, night):
    late = [Assignment("A", "", at(0, 16), at(0, 22) + minutes * MINUTE)]
    broken = check(late, [A], HardRules(max_consecutive_nights=0), china, START, END)
    assert bool(broken) is night


def test_a_shift_type_may_say_itself_whether_it_is_a_night(china):
    late = [Assignment("A", "", at(0, 16), at(0, 23), "late")]
    kinds = [ShiftType("late", 16 * 60, 7 * 60, night=True)]
    assert check(late, [A], HardRules(max_consecutive_nights=0), china, START, END, kinds)[0].found == 1


def test_overtime_of_a_month_is_what_exceeds_its_working_days(china):
    # September 2022 has 21 working days, so 168 hours; with 36 hours of overtime 204 are allowed.
    seventeen = [Assignment("A", "", at(day - 25, 8), at(day - 25, 20)) for day in range(1, 18)]
    rules = RULE_SETS["cn-comprehensive"]
    assert not [v for v in check(seventeen, [A], rules, china, START, END) if v.rule == "max_overtime_us_a_month"]
    one_more = [*seventeen, Assignment("A", "", at(-7, 8), at(-7, 9))]
    (broken,) = [v for v in check(one_more, [A], rules, china, START, END) if v.rule == "max_overtime_us_a_month"]
    assert (broken.limit, broken.found, broken.clause) == (
        36 * HOUR,
        37 * HOUR,
        "劳部发〔1994〕503号第五条、劳动法第四十一条",
    )


def test_the_labour_law_sets_have_a_clause_for_each_limit():
    for rules in RULE_SETS.values():
        limits = {
            name for name, value in vars(rules).items() if isinstance(value, int) and name.startswith(("max", "weekly"))
        }
        assert limits == set(rules.clauses)


def test_rules_that_cannot_be_are_refused():
    with pytest.raises(BadRule):
        HardRules(max_us_a_day=-1)
    with pytest.raises(BadRule):
        HardRules(weekly_rest_days=8)


def test_duties_of_an_unknown_person_are_refused(china):
    with pytest.raises(UnknownPerson):
        check([Assignment("X", "", 0, 1)], [A], HardRules(), china, START, END)


PEOPLE = [
    Person("A"),
    Person("B", weekly_us=20 * HOUR),
    Person("C", employed_from=at(14)),
    Person("D", employed_until=START),
]


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 20 * 24), st.integers(1, 14), st.booleans()), max_size=10)
)
def test_fairness_agrees_with_a_count_of_hours(china, spans):
    worked = [Assignment(p, "", START + h * HOUR, START + (h + n) * HOUR, standby=s) for p, h, n, s in spans]
    balances = {b.figure: b for b in fairness(worked, PEOPLE, china, START, END)}
    hours = {p: {False: set(), True: set()} for p in "ABC"}
    for person, first, n, standby in spans:
        hours[person][standby] |= set(range(first, min(first + n, 21 * 24)))
    days = {day: FIRST + timedelta(days=day) for day in range(21)}
    holiday = {day for day, on in days.items() if date(2022, 10, 1) <= on <= date(2022, 10, 7)}
    weekend = {day for day, on in days.items() if on.weekday() > 4 and day not in holiday} - {12, 13}
    for figure, count in {
        Figure.WORK_US: lambda p: len(hours[p][False]),
        Figure.STANDBY_US: lambda p: len(hours[p][True]),
        Figure.HOLIDAY_US: lambda p: sum(hour // 24 in holiday for hour in hours[p][False]),
        Figure.WEEKEND_US: lambda p: sum(hour // 24 in weekend for hour in hours[p][False]),
    }.items():
        assert [(part.person, part.value) for part in balances[figure].parts] == [(p, count(p) * HOUR) for p in "ABC"]
        assert sum(part.deviation for part in balances[figure].parts) == 0
        # A is full-time all three weeks, B half-time, C one week of three: 6 : 3 : 2.
        assert [part.share for part in balances[figure].parts] == [Fraction(6, 11), Fraction(3, 11), Fraction(2, 11)]


def test_fairness_counts_shifts_and_nights_and_their_spread(china):
    worked = [Assignment("A", "", at(day, 20), at(day, 32)) for day in range(4)] + [
        Assignment("C", "", at(15, 8), at(15, 20))
    ]
    balances = {b.figure: b for b in fairness(worked, [Person("A"), Person("C")], china, START, END)}
    nights = balances[Figure.NIGHTS]
    assert (nights.total, nights.mean, nights.spread, nights.greatest_deviation) == (4, 2, 4, 2)
    assert balances[Figure.SHIFTS].mean == Fraction(5, 2)
