"""Service clocks against the worked table and against a walk over single minutes."""

import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.clocks import TARGET_KINDS, Clock, ClockState, Event, EventKind, ServiceTerms, Target, replay
from opspact.core.errors import (
    EventsOutOfOrder,
    NotOpened,
    OpenedTwice,
    UnknownCalendar,
    UnknownEvent,
    UnknownPriority,
    UnknownTarget,
)
from opspact.core.instants import DAY, HOUR, MINUTE, SECOND, to_us

MIDNIGHT = to_us(datetime(2022, 7, 6, tzinfo=ZoneInfo("Asia/Shanghai")))
CALENDARS = {
    "all": WorkCalendar.always("Asia/Shanghai"),
    "office": WorkCalendar("office", "Asia/Shanghai", {day: [(540, 1020)] for day in range(5)}),
}
NAMES = ("response", "arrival", "restore", "resolve")
OTHERS = {
    "own": {},
    "accept": {"party": "second"},
    "carrier": {"pausable": False, "kind": "third_party_done", "party": "carrier"},
    "update": {},
    "next_reply": {},
}
DATA = {"assigned": ("group",), "calendar": ("calendar", "becomes"), "priority": ("priority",), "opened": ("priority",)}


def terms(priority, hours, calendar, names):
    targets = {name: Target(hours * HOUR, calendar, pausable=name != "response") for name in NAMES}
    others = {name: Target(hours * HOUR, calendar, **OTHERS[name]) for name in names}
    return ServiceTerms(priority, targets | others)


def terms_by_priority(names):
    return {p: terms(p, h, code, names) for p, h, code in (("P1", 4, "all"), ("P2", 8, "all"), ("P3", 4, "office"))}


TERMS = terms_by_priority(())
EVERYTHING = terms_by_priority(OTHERS)


def clock_time(text):
    day = DAY if text.startswith("+") else 0
    parts = [int(part) for part in text.lstrip("+").split(":")]
    return MIDNIGHT + day + parts[0] * HOUR + parts[1] * MINUTE + (parts[2] * SECOND if len(parts) == 3 else 0)


def event(text):
    at, kind, *rest = text.split()
    if kind.startswith("paused"):
        return Event(clock_time(at), EventKind.PAUSED, {"reason": "user", "allowed": kind == "paused"})
    return Event(clock_time(at), EventKind(kind), dict(zip(DATA.get(kind, ("vendor",)), rest, strict=False)))


def events(text):
    return [event(part) for part in text.split(", ")]


def test_the_worked_table_holds(worked_table):
    for row in worked_table("clocks.md", "Worked table"):
        clock = replay(events(row["Events"]), EVERYTHING, CALENDARS, clock_time(row["Now"]))[row["Target"]]
        assert clock.state == row["State"], row["Case"]
        assert clock.deadline == (None if row["Deadline"] == "-" else clock_time(row["Deadline"])), row["Case"]
        assert clock.elapsed_us == clock_time(row["Elapsed"]) - MIDNIGHT, row["Case"]
        assert clock.paused_us == clock_time(row["Paused"]) - MIDNIGHT, row["Case"]


KINDS = st.sampled_from(
    [
        *("responded", "arrived", "restored", "resolved", "closed", "reopened", "reported", "reported_in_writing"),
        *("resumed", "resumed", "paused", "paused", "refused", *TERMS),
    ]
)
STORIES = st.lists(st.tuples(st.integers(0, 40), KINDS), max_size=8)
STEP = 15 * MINUTE


def story(parts):
    at = 8 * HOUR // STEP
    made = [Event(MIDNIGHT + at * STEP, EventKind.OPENED, {"priority": "P2"})]
    for wait, kind in parts:
        at += wait
        instant = MIDNIGHT + at * STEP
        if kind in TERMS:
            event = Event(instant, EventKind.PRIORITY, {"priority": kind})
        elif kind in ("paused", "refused"):
            event = Event(instant, EventKind.PAUSED, {"reason": "user", "allowed": kind == "paused"})
        else:
            event = Event(instant, EventKind(kind))
        if event not in made:
            made.append(event)
    return made


MEETS = {
    "response": "responded arrived resolved closed",
    "arrival": "arrived",
    "restore": "restored resolved closed",
    "resolve": "resolved closed",
}
ENDS = {**MEETS, "arrival": "arrived restored resolved closed"}


class Walk:
    """One target's story in steps of a quarter of an hour, by the words of the rules."""

    def __init__(self, name):
        self.name = name
        self.elapsed = self.paused = 0
        self.priority, self.waiting, self.ended = "P2", False, None

    def through(self, made, until):
        pending = list(made[1:])
        for at in range(made[0].at, until + STEP, STEP):
            while pending and pending[0].at == at:
                self.hear(pending.pop(0))
            if at < until:
                self.pass_time(at)
        return self

    def hear(self, event):
        kind = str(event.kind)
        if kind == "priority":
            self.priority = event.data["priority"]
        elif kind == "paused":
            self.waiting = self.waiting or event.data["allowed"]
        elif kind in ("resumed", "resolved", "closed", "reopened"):
            self.waiting = False
        if kind == "reopened" and self.name in ("restore", "resolve"):
            self.ended = None
        if kind in ENDS[self.name].split() and self.ended is None:
            self.ended = (event.at, kind in MEETS[self.name].split())

    def pass_time(self, at):
        target = TERMS[self.priority].targets[self.name]
        if self.ended or not CALENDARS[target.calendar_code].working_between(at, at + STEP).us:
            return
        if self.waiting and target.pausable:
            self.paused += STEP
        else:
            self.elapsed += STEP


@given(STORIES, st.integers(0, 60), st.sampled_from(NAMES))
def test_it_agrees_with_a_walk_through_the_story(parts, wait, name):
    made = story(parts)
    now = made[-1].at + wait * STEP
    clock = replay(made, TERMS, CALENDARS, now)[name]
    walked = Walk(name).through(made, now)
    assert (clock.elapsed_us, clock.paused_us) == (walked.elapsed, walked.paused)
    assert clock.stopped_at == (walked.ended[0] if walked.ended else None)
    if walked.ended:
        in_time = ClockState.MET if walked.ended[1] else ClockState.STOPPED
        assert clock.state in (in_time, ClockState.BREACHED)
    if clock.state is ClockState.RUNNING:
        left = max(0, clock.budget_us - clock.elapsed_us)
        assert CALENDARS[clock.calendar_code].working_between(now, clock.deadline).us == left
    assert (clock.state is ClockState.BREACHED) == (
        clock.deadline is not None and clock.deadline < (clock.stopped_at or now)
    )


@given(STORIES, st.integers(0, 60), st.sampled_from(NAMES))
def test_a_clock_is_breached_when_its_budget_has_run_and_not_earlier(parts, wait, name):
    made = [event for event in story(parts) if event.kind != EventKind.PRIORITY]
    now = made[-1].at + wait * STEP
    clock = replay(made, TERMS, CALENDARS, now)[name]
    if clock.state is ClockState.BREACHED:
        known = [event for event in made if event.at <= clock.deadline]
        assert Walk(name).through(known, clock.deadline).elapsed == clock.budget_us
    else:
        assert clock.elapsed_us <= clock.budget_us


@given(STORIES, st.integers(0, 30), st.integers(0, 30))
def test_reading_it_later_changes_no_fact(parts, wait, more):
    made = story(parts)
    now = made[-1].at + wait * STEP
    for name, early in replay(made, TERMS, CALENDARS, now).items():
        late: Clock = replay(made, TERMS, CALENDARS, now + more * STEP)[name]
        assert (early.deadline, early.escalations, early.stopped_at) == (
            late.deadline,
            late.escalations,
            late.stopped_at,
        )
        assert early.steps == late.steps
        assert early.elapsed_us <= late.elapsed_us


@given(STORIES, st.integers(0, 7))
def test_a_pause_that_ends_at_once_changes_nothing(parts, position):
    made = story(parts)
    position = min(position + 1, len(made))
    at = made[position - 1].at
    if any(e.kind in (EventKind.PAUSED, EventKind.RESUMED) for e in made):
        return
    blink = [Event(at, EventKind.PAUSED, {"reason": "user", "allowed": True}), Event(at, EventKind.RESUMED)]
    now = made[-1].at + 10 * STEP
    plain = replay(made, TERMS, CALENDARS, now)
    blinked = replay([*made[:position], *blink, *made[position:]], TERMS, CALENDARS, now)
    for name in NAMES:
        assert [getattr(plain[name], f) for f in ("state", "deadline", "elapsed_us", "paused_us")] == [
            getattr(blinked[name], f) for f in ("state", "deadline", "elapsed_us", "paused_us")
        ]


def test_escalations_follow_the_budget_and_the_pauses():
    story = events("10:00 opened P1, 11:00 paused, 13:00 resumed")
    clock = replay(story, TERMS, CALENDARS, clock_time("14:00"))["restore"]
    assert clock.escalations == {50: clock_time("14:00"), 75: clock_time("15:00"), 100: clock_time("16:00")}
    paused = replay(story[:2], TERMS, CALENDARS, clock_time("12:00"))["restore"]
    assert paused.escalations == {}
    met = replay([*story, event("14:30 restored")], TERMS, CALENDARS, clock_time("20:00"))["restore"]
    assert met.escalations == {50: clock_time("14:00")}


def test_a_more_urgent_priority_escalates_at_once_what_has_been_used_up():
    story = events("10:00 opened P2, 13:00 priority P1")
    clock = replay(story, TERMS, CALENDARS, clock_time("13:00"))["restore"]
    assert clock.escalations == {50: clock_time("13:00"), 75: clock_time("13:00"), 100: clock_time("14:00")}


def test_a_target_that_the_new_priority_does_not_have_stops_and_a_new_one_starts():
    bare = {"P1": TERMS["P1"], "P4": ServiceTerms("P4", {"resolve": Target(72 * HOUR, "office")})}
    clocks = replay(events("10:00 opened P1, 11:00 priority P4"), bare, CALENDARS, clock_time("12:00"))
    assert clocks["restore"].state is ClockState.STOPPED
    assert clocks["resolve"].elapsed_us == 2 * HOUR
    clocks = replay(events("10:00 opened P4, 11:00 priority P1"), bare, CALENDARS, clock_time("12:00"))
    assert clocks["restore"].started_at == clock_time("11:00")
    assert clocks["restore"].elapsed_us == HOUR


def test_events_of_one_instant_count_in_their_order():
    both = events("10:00 opened P1, 11:00 resolved, 11:00 reopened")
    assert replay(both, TERMS, CALENDARS, clock_time("12:00"))["resolve"].state is ClockState.RUNNING
    swapped = [both[0], both[2], both[1]]
    assert replay(swapped, TERMS, CALENDARS, clock_time("12:00"))["resolve"].state is ClockState.MET


def test_a_deadline_in_an_unpublished_year_is_provisional(china_at_signing):
    at = to_us(datetime(2022, 12, 30, 16, tzinfo=ZoneInfo("Asia/Shanghai")))
    terms = {"P": ServiceTerms("P", {"resolve": Target(8 * HOUR, "cn")})}
    opened = [Event(at, EventKind.OPENED, {"priority": "P"})]
    assert replay(opened, terms, {"cn": china_at_signing}, at)["resolve"].provisional_years == (2023,)


def test_the_explanation_is_plain_json_and_names_every_step():
    story = events("10:00 opened P1, 11:00 paused, 13:00 resumed, 14:00 restored")
    explanation = replay(story, TERMS, CALENDARS, clock_time("15:00"))["restore"].explain("annex 2").to_json()
    assert json.loads(json.dumps(explanation)) == explanation
    texts = [re.sub(r"\s+", " ", step["text"] % step["params"]) for step in explanation["steps"]]
    assert texts == [
        "The clock starts with P1.",
        "The clock pauses (user).",
        "The clock goes on.",
        "The clock ends with “restored”: met.",
    ]


@pytest.mark.parametrize(
    ("story", "error", "position"),
    [
        ([], NotOpened, None),
        (events("10:00 responded"), NotOpened, None),
        (events("10:00 opened P1, 09:00 responded"), EventsOutOfOrder, 1),
        (events("10:00 opened P1, 11:00 opened P1"), OpenedTwice, 1),
        (events("10:00 opened P1, 11:00 priority P9"), UnknownPriority, 1),
        ([event("10:00 opened P1"), Event(clock_time("11:00"), "sneezed")], UnknownEvent, 1),
    ],
)
def test_it_names_the_event_that_makes_no_sense(story, error, position):
    with pytest.raises(error) as caught:
        replay(story, TERMS, CALENDARS, clock_time("12:00"))
    assert caught.value.params.get("position") == position


def test_it_refuses_terms_that_cannot_be_counted():
    story = events("10:00 opened P1")
    with pytest.raises(UnknownCalendar):
        replay(story, TERMS, {}, clock_time("12:00"))
    with pytest.raises(UnknownTarget):
        replay(story, {"P1": ServiceTerms("P1", {"smile": Target(1, "all")})}, CALENDARS, clock_time("12:00"))


def test_the_kinds_on_the_page_are_the_kinds_in_the_code(worked_table):
    def kinds(cell):
        return {"assigned" if part.startswith("assigned") else part for part in cell.split(", ") if part}

    rows = {row["kind"]: row for row in worked_table("clocks.md", "Rules")}
    assert rows.keys() == TARGET_KINDS.keys()
    for name, kind in TARGET_KINDS.items():
        starts = kinds(rows[name]["starts"].replace("each update", "updated, reported, reported_in_writing"))
        assert (starts, kinds(rows[name]["met by"])) == (set(kind.starts), set(kind.met_by)), name
        assert kinds(rows[name]["ends as not needed"]) == set(kind.moot_by), name
