"""Rotations against a walk over days and minutes; the patterns of Chinese shift work; daylight saving."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.errors import UnknownZone
from opspact.core.instants import DAY, HOUR, MINUTE, to_us
from opspact.core.rosters import (
    Days,
    Demand,
    Lineup,
    Need,
    PatternRotation,
    Person,
    Restriction,
    Rotation,
    ShiftType,
    lay_out,
    parse_pattern,
    prove,
)
from opspact.core.rosters.errors import BadRotation, UnknownShift
from opspact.core.rosters.walls import Wall

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
FIRST = date(2023, 3, 22)  # Berlin's clocks go forward on the 26th
ONE_DAY = timedelta(days=1)
HOURS = {weekday: [(9 * 60, 12 * 60), (13 * 60, 17 * 60)] for weekday in range(5)}
OFFICE = WorkCalendar("office", "Europe/Berlin", HOURS, frozenset({date(2023, 3, 24)}), frozenset({date(2023, 3, 25)}))
QUARTER = 15 * MINUTE


def us(*moment, zone=BERLIN):
    return to_us(datetime(*moment, tzinfo=zone))


def wall(at):
    return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(BERLIN).replace(tzinfo=None)


CREWS = st.lists(st.sampled_from("ABC").map(lambda code: (code,)), min_size=1, max_size=3).map(tuple)
DATES = st.integers(-1, 5).map(lambda n: FIRST + n * ONE_DAY)


@st.composite
def lineups(draw):
    days = sorted(draw(st.sets(DATES, min_size=1, max_size=2)))
    return tuple(Lineup(day, draw(CREWS), draw(st.integers(0, 2))) for day in days)


RESTRICTIONS = st.lists(
    st.builds(
        lambda start, length, weekdays, days: Restriction(start * 60, (start + length) * 60, weekdays, days),
        st.integers(0, 23),
        st.integers(1, 20),
        st.sampled_from([frozenset(range(7)), frozenset(range(5)), frozenset({5, 6})]),
        st.sampled_from(list(Days)),
    ),
    max_size=2,
).map(tuple)
ROTATIONS = st.builds(
    Rotation,
    st.just("R"),
    st.just(FIRST),
    lineups(),
    st.integers(1, 3),
    st.sampled_from([0, 150, 540, 1200]),
    st.sampled_from(list(Days)),
    RESTRICTIONS,
    st.booleans(),
    until_on=st.none() | st.integers(0, 6).map(lambda n: FIRST + n * ONE_DAY),
)


def working(day):
    return OFFICE.is_working_day(day)


def admitted(days, day):
    return days is Days.ANY or (days is Days.WORKING) == working(day)


def serves(rotation, at):
    """Who serves at an instant, read off the rules with nothing but the wall clock."""
    moment = wall(at)
    day = moment.date()
    if moment.hour * 60 + moment.minute < rotation.handover_minute:
        day -= ONE_DAY
    lineup = max((known for known in rotation.lineups if known.from_on <= day), key=lambda it: it.from_on, default=None)
    if rotation.until_on is not None and day >= rotation.until_on:
        return None
    if day < rotation.first_on or lineup is None or not admitted(rotation.counted, day):
        return None

    def turn(of):
        span = range((of - rotation.first_on).days)
        return sum(admitted(rotation.counted, rotation.first_on + n * ONE_DAY) for n in span) // rotation.turn_days

    since = max(lineup.from_on, rotation.first_on)
    while not admitted(rotation.counted, since):
        since += ONE_DAY
    if rotation.office_hours and not OFFICE.working_intervals(at, at + 1):
        return None
    if rotation.restrictions and not any(inside(r, moment) for r in rotation.restrictions):
        return None
    return lineup.crews[(turn(day) - turn(since) + lineup.start_at) % len(lineup.crews)][0]


def inside(restriction, moment):
    for back in range(3):
        day = moment.date() - back * ONE_DAY
        minute = back * 1440 + moment.hour * 60 + moment.minute
        starts = day.weekday() in restriction.weekdays and admitted(restriction.days, day)
        if starts and restriction.start_minute <= minute < restriction.end_minute:
            return True
    return False


@given(ROTATIONS, st.lists(st.integers(0, 8 * 96 - 1), min_size=4, max_size=4))
def test_it_agrees_with_the_rules_at_any_instant(rotation, quarters):
    start, end = us(2023, 3, 21), us(2023, 3, 29)
    duties = lay_out(rotation, OFFICE, start, end)
    assert all(start <= duty.start < duty.end <= end for duty in duties)
    for quarter in quarters:
        at = start + quarter * QUARTER
        found = [duty.person for duty in duties if duty.start <= at < duty.end]
        expected = serves(rotation, at)
        assert found == ([] if expected is None or at >= end else [expected])


@given(ROTATIONS, st.integers(0, 190), st.integers(1, 100))
def test_a_part_of_a_period_is_that_part_of_the_whole(rotation, first, length):
    start, end = us(2023, 3, 21), us(2023, 3, 29)
    a, b = start + first * HOUR, start + (first + length) * HOUR
    whole = [(d.person, max(d.start, a), min(d.end, b)) for d in lay_out(rotation, OFFICE, start, end) if d.start < b]
    part = [(duty.person, duty.start, duty.end) for duty in lay_out(rotation, OFFICE, a, min(b, end))]
    assert part == [(person, x, min(y, end)) for person, x, y in whole if x < min(y, end)]


DAY_AND_NIGHT = (ShiftType("day", 8 * 60, 12 * 60), ShiftType("night", 20 * 60, 12 * 60))
THREE = (ShiftType("early", 0, 480), ShiftType("middle", 480, 480), ShiftType("late", 960, 480))
SYMBOLS = {"白": "day", "夜": "night", "休": "", "早": "early", "中": "middle", "晚": "late"}


@pytest.mark.parametrize(
    ("pattern", "shifts", "crews"),
    [
        ("白白夜夜休休", DAY_AND_NIGHT, 3),  # 三班两运转
        ("白夜休休", DAY_AND_NIGHT, 4),  # 四班两运转
        ("白白夜夜休休休休", DAY_AND_NIGHT, 4),
        ("早早中中晚晚休休", THREE, 4),  # 四班三运转
    ],
)
def test_the_usual_patterns_have_exactly_one_crew_on_duty_at_every_instant(pattern, shifts, crews):
    people = [Person(code) for code in "ABCD"[:crews]]
    lineup = Lineup(FIRST, tuple((person.code,) for person in people))
    rotation = PatternRotation("P", FIRST, (lineup,), parse_pattern(pattern, SYMBOLS), shifts)
    start, end = us(2023, 3, 24), us(2023, 4, 24)
    duties = lay_out(rotation, OFFICE, start, end)
    (proof,) = prove([Demand("all", (Need(1),), [(start, end)])], duties, people)
    assert proof.holds
    assert {piece.surplus for piece in proof.pieces} == {0}


@given(
    st.text("白夜休", min_size=1, max_size=6), st.integers(1, 3), st.integers(0, 3), st.integers(0, 3), st.booleans()
)
def test_a_pattern_agrees_with_a_walk_over_days(text, crews, start_at, ahead, given_offsets):
    steps = parse_pattern(text, SYMBOLS)
    offsets = tuple(ahead * i for i in range(crews)) if given_offsets else None
    lineup = Lineup(FIRST, tuple((code,) for code in "ABC"[:crews]), start_at, offsets)
    rotation = PatternRotation("P", FIRST, (lineup,), steps, DAY_AND_NIGHT)
    found = {
        (duty.person, wall(duty.start), wall(duty.end), duty.shift)
        for duty in lay_out(rotation, OFFICE, us(2023, 3, 20), us(2023, 4, 2))
    }
    expected = set()
    for crew in range(crews):
        ahead_of = crew * len(steps) // crews if offsets is None else offsets[crew]
        for n in range(12):
            step = steps[(n + start_at + ahead_of) % len(steps)]
            midnight = datetime(2023, 3, 22) + n * ONE_DAY  # noqa: DTZ001 - wall clock
            start = midnight + timedelta(hours=8 if step == "day" else 20)
            last = datetime(2023, 4, 2)  # noqa: DTZ001
            if step and start < last:
                expected.add(("ABC"[crew], start, min(last, start + timedelta(hours=12)), step))
    assert found == expected


def test_a_week_is_handed_over_at_nine_whatever_the_clocks_do():
    rotation = Rotation("W", date(2023, 3, 20), (Lineup(date(2023, 3, 20), (("A",), ("B",))),), 7, 9 * 60)
    duties = lay_out(rotation, OFFICE, us(2023, 3, 20), us(2023, 4, 3))
    assert [(duty.person, wall(duty.start), duty.us) for duty in duties[:2]] == [
        ("A", datetime(2023, 3, 20, 9), 7 * DAY - HOUR),  # noqa: DTZ001
        ("B", datetime(2023, 3, 27, 9), 6 * DAY + 15 * HOUR),  # noqa: DTZ001
    ]


def test_a_handover_in_a_skipped_hour_is_when_the_clock_jumps():
    assert Wall("Europe/Berlin").at(date(2023, 3, 26), 150) == us(2023, 3, 26, 3, 0)
    assert Wall("Pacific/Apia").at(date(2011, 12, 30)) == to_us(datetime(2011, 12, 30, 10, tzinfo=UTC))


def test_a_handover_in_a_repeated_hour_is_at_its_first_time():
    assert Wall("Europe/Berlin").at(date(2023, 10, 29), 150) == to_us(datetime(2023, 10, 29, 0, 30, tzinfo=UTC))


@given(
    st.integers(-10, 10), st.integers(0, 2880), st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai"])
)
def test_a_wall_minute_is_first_shown_when_the_wall_says_so(days, minute, zone):
    at = Wall(zone).at(date(2023, 3, 26) + days * ONE_DAY, minute)
    midnight = datetime(2023, 3, 26) + days * ONE_DAY  # noqa: DTZ001
    asked = midnight + timedelta(minutes=minute)

    def shown(instant):
        return datetime.fromtimestamp(instant // 1_000_000, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert shown(at) >= asked > shown(at - MINUTE)


def test_office_hours_of_one_day_are_one_shift():
    rotation = Rotation("O", FIRST, (Lineup(FIRST, (("A", "B"),)),), office_hours=True)
    duties = [duty for duty in lay_out(rotation, OFFICE, us(2023, 3, 23), us(2023, 3, 24)) if duty.person == "A"]
    assert [(wall(duty.start).hour, wall(duty.end).hour) for duty in duties] == [(9, 12), (13, 17)]
    assert duties[1].shift_at == duties[0].start


def test_a_holiday_has_no_turn_and_a_make_up_day_has_one():
    lineup = Lineup(FIRST, (("A",), ("B",), ("C",)))
    rotation = Rotation("D", FIRST, (lineup,), counted=Days.WORKING)
    duties = lay_out(rotation, OFFICE, us(2023, 3, 22), us(2023, 3, 29))
    assert [(duty.person, wall(duty.start).day) for duty in duties] == [
        ("A", 22),
        ("B", 23),
        ("C", 25),
        ("A", 27),
        ("B", 28),
    ]


def test_a_new_lineup_takes_over_on_its_day_and_handover_days_stay():
    first, second = Lineup(FIRST, (("A",), ("B",))), Lineup(date(2023, 3, 27), (("C",), ("D",)))
    rotation = Rotation("W", date(2023, 3, 22), (first, second), 3)
    duties = lay_out(rotation, OFFICE, us(2023, 3, 22), us(2023, 4, 1))
    assert [(duty.person, wall(duty.start).day) for duty in duties] == [
        ("A", 22),
        ("B", 25),
        ("C", 27),
        ("D", 28),
        ("C", 31),
    ]


@pytest.mark.parametrize(
    "rubbish",
    [
        lambda: Rotation("R", FIRST, ()),
        lambda: Rotation("R", FIRST, (Lineup(FIRST, ()),)),
        lambda: Rotation("R", FIRST, (Lineup(FIRST, ((),)),)),
        lambda: Rotation("R", FIRST, (Lineup(FIRST, (("A",),)), Lineup(FIRST, (("B",),)))),
        lambda: Rotation("R", FIRST, (Lineup(FIRST, (("A",),)),), turn_days=0),
        lambda: Rotation("R", FIRST, (Lineup(FIRST, (("A",),)),), handover_minute=1440),
        lambda: PatternRotation("P", FIRST, (Lineup(FIRST, (("A",),)),), (), ()),
        lambda: PatternRotation("P", FIRST, (Lineup(FIRST, (("A",),), 0, (1, 2)),), ("day",), DAY_AND_NIGHT),
    ],
)
def test_an_impossible_rotation_is_refused(rubbish):
    with pytest.raises(BadRotation):
        rubbish()


def test_a_symbol_that_is_no_shift_is_named_with_its_position():
    with pytest.raises(UnknownShift) as caught:
        parse_pattern("白 黑", SYMBOLS)
    assert caught.value.params["position"] == 1
    with pytest.raises(UnknownShift):
        PatternRotation("P", FIRST, (Lineup(FIRST, (("A",),)),), ("noon",), DAY_AND_NIGHT)


def test_an_unknown_zone_is_refused():
    with pytest.raises(UnknownZone):
        Wall("Mars/Phobos")
