"""Clocks of every kind against a walk through random stories in steps of ten minutes, by the words of the rules."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.clocks import Event, EventKind, PauseReason, Reopening, ServiceTerms, Target, replay
from opspact.core.instants import HOUR, MINUTE, to_us

STEP = 10 * MINUTE
MIDNIGHT = to_us(datetime(2022, 7, 6, tzinfo=ZoneInfo("Asia/Shanghai")))
WEEKS = {
    "all": {day: [(0, 1440)] for day in range(7)},
    "day": {day: [(540, 720), (780, 1020)] for day in range(5)},
    "late": {2: [(600, 660), (1200, 1440)], 3: [(0, 300), (840, 900)], 4: [(480, 1080)]},
    "short": {2: [(720, 730), (800, 810)], 3: [(600, 720)]},
}
HOLIDAY = date(2022, 7, 7)
CALENDARS = {
    code: WorkCalendar(code, "Asia/Shanghai", week, frozenset([HOLIDAY] if code == "day" else ()))
    for code, week in WEEKS.items()
}


def works(code, at):
    """Whether the step from `at` is working time, from the weekly hours alone; China has had +08:00 since 1991."""
    day, minute = divmod((at - MIDNIGHT) // MINUTE, 1440)
    if code == "day" and day == 1:
        return False
    return any(start <= minute < end for start, end in WEEKS[code].get((2 + day) % 7, ()))


REASONS = {
    "user": PauseReason(ended_by=frozenset({EventKind.REQUESTER_MESSAGE})),
    "vendor": PauseReason(max_us=90 * MINUTE),
    "office": PauseReason(max_us=2 * HOUR, calendar_code="day", ended_by=frozenset({EventKind.THIRD_PARTY_DONE})),
    "coffee": PauseReason(allowed=False),
}
PARTIES = {"accept": "g2", "handle": "g2", "visit": "x", "repair": "x", "repair y": "y"}
KINDS = {"visit": "third_party_arrival", "repair": "third_party_done", "repair y": "third_party_done"}
EVERYTHING = (
    *("response", "own", "arrival", "restore", "resolve", "report", "written_report", "update", "next_reply"),
    *PARTIES,
)
NOT_PAUSABLE = ("response", "visit", "repair")
LACKS = {"P1": (), "P2": ("arrival", "update", "handle", "repair", "restore"), "P3": ("own", "next_reply", "accept")}
HOURS = {"P1": 4, "P2": 9, "P3": 3}
CODES = {"P1": ("all", "day"), "P2": ("day", "late"), "P3": ("short", "all")}
WINDOWS = {"P1": Reopening(2 * HOUR), "P2": None, "P3": Reopening(HOUR, "day")}


def budget_of(priority, name):
    return HOURS[priority] * HOUR // (1 + EVERYTHING.index(name) % 3) // STEP * STEP


def code_of(priority, name):
    return CODES[priority][EVERYTHING.index(name) % 2]


TERMS = {
    priority: ServiceTerms(
        priority,
        {
            name: Target(
                budget_of(priority, name),
                code_of(priority, name),
                pausable=name not in NOT_PAUSABLE,
                kind=KINDS.get(name, ""),
                party=PARTIES.get(name, ""),
            )
            for name in EVERYTHING
            if name not in LACKS[priority]
        },
        REASONS,
        WINDOWS[priority],
    )
    for priority in HOURS
}

ENDINGS = "resolved closed"
MEETS = {
    "response": "responded arrived resolved closed",
    "own": "owned",
    "arrival": "arrived",
    "restore": "restored resolved closed",
    "resolve": "resolved closed",
    "report": "reported reported_in_writing",
    "written_report": "reported_in_writing",
    "update": "updated reported reported_in_writing",
    "next_reply": "responded arrived updated reported reported_in_writing resolved closed",
    "accept": "accepted owned",
    "handle": "restored resolved closed",
    "visit": "third_party_arrived",
    "repair": "third_party_done",
    "repair y": "third_party_done",
}
MOOTS = {
    "own": ENDINGS,
    "arrival": "restored resolved closed",
    "update": ENDINGS,
    "accept": ENDINGS,
    "visit": "third_party_done closed",
    "repair": "closed",
    "repair y": "closed",
}
STARTS = {
    "update": "opened reopened updated reported reported_in_writing",
    "next_reply": "requester_message",
    "accept": "assigned",
    "handle": "assigned",
    "visit": "third_party_called",
    "repair": "third_party_called",
    "repair y": "third_party_called",
}
REOPENS = ("restore", "resolve", "handle")
OUTLIVES = ("report", "written_report")
HELD = ("accept", "handle")

PLAIN = [
    *("responded", "arrived", "restored", "resolved", "closed", "reopened", "reported", "reported_in_writing"),
    *("accepted", "owned", "updated", "requester_message"),
]
TOKENS = st.sampled_from(
    PLAIN
    + [f"paused {reason}" for reason in REASONS]
    + ["paused user", "resumed", "resumed", "resumed user", "resumed vendor", "reopened"]
    + ["priority P1", "priority P2", "priority P3", "calendar day all", "calendar all late", "calendar late day"]
    + ["assigned g1", "assigned g2", "assigned g2 somebody", "assigned - somebody"]
    + [f"third_party_{what} {who}" for what in ("called", "arrived", "done") for who in "xy"]
)
STORIES = st.lists(st.tuples(st.integers(0, 25), TOKENS), max_size=9)
FIELDS = {
    "paused": ("reason",),
    "resumed": ("reason",),
    "priority": ("priority",),
    "calendar": ("calendar", "becomes"),
    "assigned": ("group", "person"),
}


def story(parts, priority):
    at, called = 8 * HOUR // STEP, set()
    made = [Event(MIDNIGHT + at * STEP, EventKind.OPENED, {"priority": priority})]
    for wait, token in parts:
        at += wait
        kind, *values = token.split()
        if kind.startswith("third") and values[0] not in called:
            kind = "third_party_called"
            called.add(values[0])
        data = dict(zip(FIELDS.get(kind, ("vendor",)), values, strict=False))
        event = Event(MIDNIGHT + at * STEP, EventKind(kind), {k: v for k, v in data.items() if v != "-"})
        if event not in made:
            made.append(event)
    return made


class Walk:
    """One target. It keeps what the rules speak of: what runs, what has elapsed, when the budget had run out."""

    def __init__(self, name, made, until):
        self.name, self.rounds = name, []
        self.live = self.late = self.dropped = self.away = self.fresh = self.ever = False
        self.elapsed = self.paused = 0
        self.out_at = self.due = self.ended_at = self.resolved_at = self.verdict = None
        self.open, self.group, self.waits, self.moved = True, "", {}, {}
        pending = list(made)
        for at in range(made[0].at, until + STEP, STEP):
            while pending and pending[0].at == at:
                self.hear(pending.pop(0))
            if at < until:
                self.pass_time(at)
        self.now = until

    @property
    def had(self):
        return self.name not in LACKS[self.priority]

    def hear(self, event):
        at, kind, data = event.at, str(event.kind), event.data
        if kind in ("opened", "priority"):
            self.take_terms(at, data["priority"])
        if kind == "calendar":
            self.move(at, data["calendar"], data["becomes"])
        self.change_waits(event, kind)
        self.weigh(at)
        if kind == "reopened":
            self.reopen(at)
        if kind == "assigned":
            if data.get("group", self.group) != self.group:
                self.group = data["group"]
                self.said(at, "assigned", self.group)
            if "person" in data:
                self.said(at, "owned", "")
        else:
            self.said(at, kind, data.get("vendor", ""))
        if kind in ENDINGS.split():
            self.waits, self.open, self.resolved_at = {}, False, at
            self.weigh(at)

    def change_waits(self, event, kind):
        for reason in [r for r in self.waits if event.kind in REASONS[r].ended_by]:
            self.waits.pop(reason)
        if kind == "paused" and REASONS[event.data["reason"]].allowed:
            self.waits.setdefault(event.data["reason"], REASONS[event.data["reason"]].max_us)
        if kind == "resumed":
            self.waits = {r: left for r, left in self.waits.items() if r != event.data.get("reason", r)}
        if kind == "reopened":
            self.waits = {}

    def said(self, at, kind, party):
        own = not party or self.name not in PARTIES or party == PARTIES[self.name]
        if not own:
            if self.name in HELD and kind == "assigned":
                self.leave(at)
            return
        if kind in MEETS[self.name].split():
            self.end(at, "met")
        elif kind in MOOTS.get(self.name, "").split():
            self.end(at, "stopped")
        if kind in STARTS.get(self.name, "opened").split() and (self.open or self.name in OUTLIVES):
            self.begin(at)

    def leave(self, at):
        if self.live:
            self.end(at, "stopped")
            self.away = True
        elif not self.had and (self.dropped or self.fresh):
            self.away = not self.fresh
            self.dropped = self.fresh = False

    def end(self, at, verdict):
        if self.live:
            if not self.late:
                self.due = self.run_out(at) if self.stands or self.out_at is None else self.out_at
            self.live, self.ended_at, self.verdict = False, at, "breached" if self.late else verdict
        elif not self.had and (self.dropped or self.fresh):
            self.dropped = self.fresh = self.away = False

    def begin(self, at):
        if self.live:
            return
        if not self.had:
            if not self.dropped:
                self.dropped, self.fresh = (True, False) if self.away else (False, True)
        elif self.away:
            self.go_on(at)
        else:
            self.start(at)

    def start(self, at):
        if self.ever:
            self.rounds.append((self.verdict, self.due, self.elapsed, self.paused))
        self.ever = self.live = True
        self.late = self.dropped = self.fresh = self.away = False
        self.elapsed = self.paused = 0
        self.marks, self.ended_at = {}, None
        self.aim(at)

    def go_on(self, at):
        if not self.ever:
            self.start(at)
            return
        self.live, self.ended_at = True, None
        self.dropped = self.fresh = self.away = False
        self.adopt(at)

    def adopt(self, at):
        if self.late and self.budget > self.elapsed:
            self.late = False
        self.aim(at)

    def aim(self, at):
        """Whether there is anything left, seen from now; a deadline that has passed stays."""
        self.stands = self.name not in NOT_PAUSABLE and bool(self.waits)
        if not self.stands:
            used = {times: self.elapsed >= times * self.budget for times in MARKS}
            self.marks = {times: (self.marks.get(times) or at) if used[times] else None for times in MARKS}
        if not self.late:
            self.out_at = at if self.elapsed >= self.budget else None

    def weigh(self, at):
        """Begin to stand still or go on, as the reasons say now."""
        if self.live and self.stands != (self.name not in NOT_PAUSABLE and bool(self.waits)):
            self.aim(at)

    def take_terms(self, at, priority):
        had = hasattr(self, "priority") and self.had
        self.priority = priority
        if not self.had:
            if self.live:
                self.end(at, "stopped")
                self.dropped = True
            return
        self.budget = budget_of(priority, self.name)
        self.calendar = self.moved.get(code := code_of(priority, self.name), code)
        if self.live:
            self.adopt(at)
        elif self.dropped:
            self.go_on(at)
        elif self.fresh and not had:
            self.start(at)

    def move(self, at, code, becomes):
        self.moved = {given: becomes if now == code else now for given, now in self.moved.items()}
        self.moved[code] = becomes
        if self.had:
            before = self.calendar
            self.calendar = self.moved.get(code_of(self.priority, self.name), before)
            if self.live and before != self.calendar:
                self.adopt(at)

    def reopen(self, at):
        rule, since = WINDOWS[self.priority], self.resolved_at
        anew = rule is not None and since is not None and self.used(rule.calendar_code, since, at) > rule.within_us
        if rule is not None and since is not None and self.used(rule.calendar_code, since, at) == rule.within_us:
            anew = bool(rule.calendar_code) and at > self.reached(rule, since)
        self.open, self.resolved_at = True, None
        if self.live or (self.name in HELD and self.group != PARTIES[self.name]):
            return
        if not self.had:
            if self.name in REOPENS and not self.fresh:
                self.dropped = True
        elif self.ever and anew and (self.name in REOPENS or "opened" in STARTS.get(self.name, "opened").split()):
            self.start(at)
        elif self.ever and self.name in REOPENS:
            self.go_on(at)

    def used(self, code, start, end):
        return sum(STEP for at in range(start, end, STEP) if not code or works(code, at))

    def reached(self, rule, since):
        at = since
        while self.used(rule.calendar_code, since, at) < rule.within_us:
            at += STEP
        return at

    def pass_time(self, at):
        if self.live and not self.stands and self.out_at is not None and not self.late:
            self.late, self.due = True, self.out_at
        if self.live and works(self.calendar, at):
            if self.stands:
                self.paused += STEP
            else:
                self.elapsed += STEP
                self.marks |= {times: at + STEP for times in MARKS if self.elapsed == times * self.budget}
                if self.elapsed == self.budget and not self.late:
                    self.out_at = at + STEP
        for reason, left in list(self.waits.items()):
            code = REASONS[reason].calendar_code
            if left is not None and (not code or works(code, at)):
                self.waits[reason] = left - STEP
                if not self.waits[reason]:
                    self.waits.pop(reason)
        self.weigh(at + STEP)

    def run_out(self, at):
        """The instant at which nothing would be left if nothing else happened."""
        left = self.budget - self.elapsed
        while left > 0:
            left -= STEP if works(self.calendar, at) else 0
            at += STEP
        return at

    def reading(self):
        if not self.live:
            return self.verdict, self.due, self.elapsed, self.paused
        if self.late:
            return "breached", self.due, self.elapsed, self.paused
        if self.stands:
            return "paused", None, self.elapsed, self.paused
        due = self.out_at if self.out_at is not None else self.run_out(self.now)
        return "running", due, self.elapsed, self.paused


MARKS = (1, 2)


def facts(clock):
    return str(clock.state), clock.deadline, clock.elapsed_us, clock.paused_us


@given(STORIES, st.sampled_from(sorted(TERMS)), st.integers(0, 80), st.sampled_from(EVERYTHING))
def test_every_kind_of_clock_agrees_with_a_walk(parts, priority, wait, name):
    made = story(parts, priority)
    now = made[-1].at + wait * STEP
    clock = replay(made, TERMS, CALENDARS, now, [100 * times for times in MARKS]).get(name)
    walk = Walk(name, made, now)
    assert (clock is not None) == walk.ever
    if clock is None:
        return
    assert [facts(each) for each in clock.earlier] == walk.rounds
    assert facts(clock) == walk.reading()
    assert (clock.stopped_at, clock.round) == (walk.ended_at, len(walk.rounds))
    reached = {percent // 100: at for percent, at in clock.escalations.items() if at <= now}
    assert reached == {times: at for times, at in walk.marks.items() if at is not None}
    for paused, total in ((False, clock.elapsed_us), (True, clock.paused_us)):
        assert sum(part.counted_us for part in clock.segments if part.paused is paused) == total
