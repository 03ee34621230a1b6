"""What starts, ends and pauses each kind of clock; limits, windows, follow-ups, marks; what is refused."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from opspact.core.calendars import WorkCalendar
from opspact.core.clocks import (
    TARGET_KINDS,
    ClockState,
    Event,
    EventKind,
    PauseReason,
    Reopening,
    Replayer,
    ServiceTerms,
    Target,
    follow_ups,
    replay,
)
from opspact.core.clocks.errors import (
    BadDuration,
    BadPercent,
    CalendarNotGiven,
    EventLacks,
    EventTwice,
    NoTargets,
    NotCalled,
    TargetLacksParty,
    UnknownReason,
    UnknownRuleCalendar,
)
from opspact.core.instants import HOUR, MINUTE, to_us

MIDNIGHT = to_us(datetime(2022, 7, 6, tzinfo=ZoneInfo("Asia/Shanghai")))
CALENDARS = {
    "all": WorkCalendar.always("Asia/Shanghai"),
    "office": WorkCalendar("office", "Asia/Shanghai", {day: [(540, 1020)] for day in range(5)}),
}
USER = PauseReason(ended_by=frozenset({EventKind.REQUESTER_MESSAGE}))


def hour(text):
    hours, minutes = text.split(":")
    return MIDNIGHT + int(hours) * HOUR + int(minutes) * MINUTE


def events(*lines):
    """`10:00 paused reason=user`."""
    made = []
    for line in lines:
        at, kind, *data = line.split()
        made.append(Event(hour(at), EventKind(kind), dict(pair.split("=") for pair in data)))
    return made


def terms(targets, pauses=None, reopening=None, priority="P"):
    return {priority: ServiceTerms(priority, targets, pauses, reopening)}


def read(targets, now, *lines, percents=(50, 75, 100), **rest):
    return replay(events("10:00 opened priority=P", *lines), terms(targets, **rest), CALENDARS, hour(now), percents)


def test_every_kind_says_what_starts_and_what_meets_it():
    for name, kind in TARGET_KINDS.items():
        assert kind.starts, name
        assert kind.met_by, name
        assert not kind.met_by & kind.moot_by, name
        assert kind.party in ("", "group", "vendor"), name


def test_assigning_to_a_group_owns_nothing_and_assigning_to_a_person_does():
    own = {"own": Target(HOUR, "all")}
    assert read(own, "10:30", "10:10 assigned group=g1")["own"].state is ClockState.RUNNING
    assert read(own, "10:30", "10:10 assigned person=li")["own"].state is ClockState.MET
    assert read(own, "10:30", "10:10 owned")["own"].stopped_at == hour("10:10")


def test_a_group_has_no_clock_before_it_has_the_ticket_and_each_acceptance_is_a_round():
    accept = {"accept": Target(30 * MINUTE, "all", party="g2")}
    assert read(accept, "11:00", "10:10 assigned group=g1") == {}
    clock = read(accept, "13:00", "10:10 assigned group=g2", "10:20 accepted", "11:00 assigned group=g1",
                 "12:00 assigned group=g2", "12:40 accepted")["accept"]  # fmt: skip
    assert [(each.state, each.elapsed_us) for each in (*clock.earlier, clock)] == [
        (ClockState.MET, 10 * MINUTE),
        (ClockState.BREACHED, 40 * MINUTE),
    ]


def test_each_vendor_has_its_own_terms_and_runs_while_the_ticket_waits():
    targets = {
        "restore": Target(4 * HOUR, "all"),
        "x": Target(2 * HOUR, "all", pausable=False, kind="third_party_done", party="x"),
        "y": Target(2 * HOUR, "office", pausable=False, kind="third_party_done", party="y"),
    }
    lines = ["16:00 third_party_called vendor=x", "16:00 paused reason=x", "16:30 third_party_called vendor=y"]
    clocks = read(targets, "20:00", *lines, pauses={"x": PauseReason()})
    assert (clocks["restore"].state, clocks["restore"].paused_us) == (ClockState.BREACHED, 4 * HOUR)
    assert (clocks["x"].state, clocks["x"].deadline) == (ClockState.BREACHED, hour("18:00"))
    assert (clocks["y"].state, clocks["y"].elapsed_us, clocks["y"].party) == (ClockState.RUNNING, 30 * MINUTE, "y")
    again = read(targets, "20:00", *lines, "17:00 third_party_done vendor=x", "19:00 third_party_called vendor=x",
                 pauses={"x": PauseReason()})["x"]  # fmt: skip
    assert (again.round, again.earlier[0].state, again.elapsed_us) == (1, ClockState.MET, HOUR)


def test_the_second_message_of_the_requester_restarts_nothing():
    targets = {"response": Target(HOUR, "all"), "next_reply": Target(30 * MINUTE, "all")}
    lines = ["10:05 paused reason=user", "10:15 requester_message", "10:25 requester_message"]
    clocks = read(targets, "10:40", *lines, pauses={"user": USER})
    assert (clocks["response"].elapsed_us, clocks["response"].paused_us) == (30 * MINUTE, 10 * MINUTE)
    assert (clocks["next_reply"].started_at, clocks["next_reply"].deadline) == (hour("10:15"), hour("10:45"))
    later = read(targets, "11:10", *lines, "10:40 updated", "11:00 requester_message", pauses={"user": USER})
    assert (later["next_reply"].round, later["next_reply"].deadline) == (1, hour("11:30"))
    assert later["next_reply"].earlier[0].state is ClockState.MET


def test_a_long_silence_misses_one_update_after_the_other():
    update = {"update": Target(30 * MINUTE, "office")}
    found = follow_ups(read(update, "41:10", "10:20 updated", "16:00 updated")["update"])
    first = [hour("10:20") + step * 30 * MINUTE for step in range(1, 12)]
    today, tomorrow = [hour("16:30"), hour("17:00")], [hour("33:00") + step * 30 * MINUTE for step in range(1, 17)]
    assert found.missed == first + today + tomorrow
    assert found.due == [hour("10:30"), *found.missed, found.next_at]
    assert found.next_at == hour("57:30")
    assert follow_ups(read(update, "10:30", "10:20 resolved")["update"]).next_at is None


def test_an_update_at_its_very_instant_is_in_time():
    clock = read({"update": Target(30 * MINUTE, "all")}, "10:40", "10:30 updated")["update"]
    assert follow_ups(clock).missed == []
    assert follow_ups(clock).due == [hour("10:30"), hour("11:00")]
    waiting = read({"update": Target(30 * MINUTE, "all")}, "10:30")["update"]
    assert (follow_ups(waiting).missed, follow_ups(waiting).next_at) == ([], hour("10:30"))


def test_two_reasons_hold_until_both_have_ended():
    lines = ["10:30 paused reason=a", "11:00 paused reason=b", "11:30 resumed reason=a", "12:00 resumed reason=b"]
    clock = read({"restore": Target(4 * HOUR, "all")}, "13:00", *lines, pauses=dict.fromkeys("ab", PauseReason()))
    assert (clock["restore"].paused_us, clock["restore"].deadline) == (90 * MINUTE, hour("15:30"))


def test_a_pause_longer_than_allowed_ends_by_itself():
    limited = {"a": PauseReason(max_us=HOUR), "b": PauseReason(max_us=HOUR, calendar_code="office")}
    restore = {"restore": Target(12 * HOUR, "all")}
    clock = read(restore, "14:00", "10:30 paused reason=a", pauses=limited)["restore"]
    assert (clock.state, clock.paused_us, clock.elapsed_us) == (ClockState.RUNNING, HOUR, 3 * HOUR)
    assert clock.steps[-2].text % clock.steps[-2].params == "The wait has reached its limit (a)."
    night = read(restore, "34:00", "16:30 paused reason=b", pauses=limited)["restore"]
    assert [(part.start_at, part.end_at, part.paused) for part in night.segments] == [
        (hour("10:00"), hour("16:30"), False),
        (hour("16:30"), hour("33:30"), True),
        (hour("33:30"), hour("34:00"), False),
    ]


def test_a_pause_corrected_afterwards_is_simply_replayed():
    restore = {"restore": Target(4 * HOUR, "all")}
    pauses = {"user": USER}
    wrong = read(restore, "15:00", "11:00 paused reason=user", "14:00 resumed", pauses=pauses)["restore"]
    right = read(restore, "15:00", "11:00 paused reason=user", "12:00 resumed", pauses=pauses)["restore"]
    assert (wrong.deadline, right.deadline) == (hour("17:00"), hour("15:00"))
    none = read(restore, "15:00", pauses=pauses)["restore"]
    assert (none.state, none.deadline, none.overdue_us) == (ClockState.BREACHED, hour("14:00"), HOUR)


@pytest.mark.parametrize(("reopened", "rounds"), [("13:00", 0), ("13:01", 1)])
def test_reopened_exactly_at_the_end_of_the_window_it_goes_on(reopened, rounds):
    restore = {"restore": Target(4 * HOUR, "all")}
    lines = ["11:00 resolved", f"{reopened} reopened"]
    clock = read(restore, "14:00", *lines, reopening=Reopening(2 * HOUR))["restore"]
    assert (clock.round, clock.elapsed_us) == (rounds, 2 * HOUR if not rounds else 59 * MINUTE)


def test_another_calendar_counts_from_its_instant_on():
    clock = read({"restore": Target(8 * HOUR, "office")}, "20:00", "18:00 calendar calendar=office becomes=all")
    assert (clock["restore"].elapsed_us, clock["restore"].deadline) == (9 * HOUR, hour("19:00"))
    assert clock["restore"].calendar_code == "all"
    assert [(part.calendar_code, part.counted_us) for part in clock["restore"].segments] == [
        ("office", 7 * HOUR),
        ("all", 2 * HOUR),
    ]


def test_a_target_dropped_by_one_priority_goes_on_under_the_next():
    both = terms({"restore": Target(8 * HOUR, "all"), "resolve": Target(9 * HOUR, "all")}) | terms(
        {"resolve": Target(9 * HOUR, "all")}, priority="Q"
    )
    story = events("10:00 opened priority=P", "11:00 priority priority=Q", "13:00 priority priority=P")
    clock = replay(story, both, CALENDARS, hour("14:00"))["restore"]
    assert (clock.state, clock.elapsed_us) == (ClockState.RUNNING, 2 * HOUR)
    met = [*story[:2], *events("12:00 restored"), story[2]]
    assert replay(met, both, CALENDARS, hour("14:00"))["restore"].state is ClockState.STOPPED


def test_a_visit_made_before_the_terms_asked_for_one_is_not_asked_for_again():
    both = terms({"resolve": Target(9 * HOUR, "all")}) | terms({"arrival": Target(HOUR, "all")}, priority="Q")
    story = events("10:00 opened priority=P", "11:00 arrived", "12:00 priority priority=Q")
    assert "arrival" not in replay(story, both, CALENDARS, hour("14:00"))


def test_marks_are_exact_and_may_lie_beyond_the_whole():
    percents = (Fraction(100, 3), Decimal("12.5"), 100, 250)
    found = read({"restore": Target(HOUR + 1, "all")}, "10:00", percents=percents)["restore"].escalations
    assert {percent: at - hour("10:00") for percent, at in found.items()} == {
        Fraction(100, 3): 1_200_000_001,
        Decimal("12.5"): 450_000_001,
        100: HOUR + 1,
        250: 9_000_000_003,
    }


def test_a_laid_out_replayer_says_what_replay_says():
    targets, story = {"restore": Target(HOUR, "all")}, events("10:00 opened priority=P", "10:30 restored")
    replayer = Replayer(terms(targets), CALENDARS)
    for _ in range(2):
        assert replayer.replay(story, hour("11:00"))["restore"].elapsed_us == 30 * MINUTE


RESTORE = {"restore": Target(HOUR, "all")}
TEA = {"tea": PauseReason(max_us=HOUR, calendar_code="moon")}


@pytest.mark.parametrize(
    ("lines", "rest", "error", "params"),
    [
        (["10:10 closed", "10:10 closed"], {}, EventTwice, {"position": 2, "other": 1}),
        (["10:10 assigned"], {}, EventLacks, {"position": 1, "kind": "assigned", "name": "group"}),
        (["10:10 calendar calendar=all"], {}, EventLacks, {"position": 1, "kind": "calendar", "name": "becomes"}),
        (["10:10 calendar calendar=all becomes=x"], {}, CalendarNotGiven, {"position": 1, "calendar": "x"}),
        (["10:10 third_party_done vendor=x"], {}, NotCalled, {"position": 1, "vendor": "x"}),
        (["10:10 paused reason=nap"], {"pauses": TEA}, UnknownReason, {"position": 1, "reason": "nap"}),
        (["10:10 resumed reason=nap"], {"pauses": TEA}, UnknownReason, {"position": 1, "reason": "nap"}),
        (["10:10 paused reason=tea"], {"pauses": TEA}, UnknownRuleCalendar, {"rule": "tea", "calendar": "moon"}),
        ([], {"percents": (50, 0.5)}, BadPercent, {"position": 1, "value": "0.5"}),
    ],
)
def test_what_makes_no_sense_is_named(lines, rest, error, params):
    with pytest.raises(error) as caught:
        read(RESTORE, "11:00", *lines, **rest)
    assert caught.value.params == params


@pytest.mark.parametrize(
    ("targets", "error"),
    [
        ({}, NoTargets),
        ({"accept": Target(1, "all")}, TargetLacksParty),
        ({"restore": Target(-1, "all")}, BadDuration),
        ({"restore": Target(1.5, "all")}, BadDuration),
        ({"update": Target(0, "all")}, BadDuration),
    ],
)
def test_terms_that_cannot_be_counted_are_refused(targets, error):
    with pytest.raises(error):
        read(targets, "11:00")
