"""The rules read instant by instant over short spans: slow, and nothing shared with the code under test.

One tick is one microsecond. `judged_ticks` says of each tick of agreed service time what counts in it.
"""

from decimal import Decimal

from hypothesis import strategies as st

from opspact.core.availability import Granted, Rules
from opspact.core.states import Observed, State

UP, DEGRADED, DOWN, UNKNOWN = Observed.UP, Observed.DEGRADED, Observed.DOWN, Observed.UNKNOWN
LIMIT = 24


@st.composite
def timelines(draw):
    pieces, at = [], draw(st.integers(-5, 10))
    while at < LIMIT:
        end = at + draw(st.integers(1, 9))
        if draw(st.integers(0, 5)):
            pieces.append((at, end, draw(st.sampled_from(list(Observed)))))
        at = end
    return pieces


SPANS = st.tuples(st.integers(0, LIMIT), st.integers(0, 12)).map(lambda pair: (pair[0], sum(pair)))
GRANTS = st.builds(
    lambda kind, span, at: Granted(kind, *span, at),
    st.sampled_from(["maintenance", "excused", "unusable"]),
    SPANS,
    st.none() | st.integers(0, LIMIT),
)
RULES = st.builds(
    Rules,
    decide_on_observed_fraction=st.sampled_from([None, Decimal("0.5"), Decimal("0.95")]),
    unknown_is_down=st.booleans(),
    degraded_is_down=st.booleans(),
    merge_gap_us=st.integers(0, 6),
)
SERVICE = st.none() | st.lists(SPANS, max_size=4)
SERVED = st.lists(SPANS, min_size=1, max_size=3)


def covers(spans, tick):
    return any(start <= tick < end for start, end in spans)


def seen_at(observed, grants, now, tick):
    """What was seen, with what the client called unusable as down."""
    seen = next((state for start, end, state in observed if start <= tick < end), UNKNOWN)
    marked = any(
        grant.kind == "unusable" and grant.approved_at is not None and grant.approved_at <= now
        for grant in grants
        if grant.start <= tick < grant.end
    )
    return DOWN if marked and seen is DEGRADED else seen


def taken_out(grants, now, tick):
    """The state that a grant gives this tick, or None."""
    state = None
    for grant in grants:
        if grant.approved_at is None or grant.approved_at > now or not grant.start <= tick < grant.end:
            continue
        if grant.kind == "excused" and state is None:
            state = State.EXCUSED
        if grant.kind == "maintenance" and grant.approved_at <= grant.start:
            state = State.MAINTENANCE
    return state


def judged_ticks(observed, grants, in_service, service_time, period, now):
    """{tick: (what counts, what was seen)} for the agreed service time in the period until now."""
    found = {}
    for tick in range(period[0], min(period[1], now)):
        if covers(in_service, tick) and (service_time is None or covers(service_time, tick)):
            seen = seen_at(observed, grants, now, tick)
            found[tick] = (taken_out(grants, now, tick) or State(seen), seen)
    return found


def faulty(seen, rules):
    return seen is DOWN or (seen is DEGRADED and rules.degraded_is_down) or (seen is UNKNOWN and rules.unknown_is_down)


def outages_of(observed, grants, ticks, period, now, rules):
    """(first counted tick, end of the last, open, counted ticks), from runs of bad ticks joined over short gaps."""
    end = min(period[1], now)
    bad = [tick for tick in range(period[0], end) if faulty(seen_at(observed, grants, now, tick), rules)]
    episodes = []
    for tick in bad:
        gap = tick - episodes[-1][-1] - 1 if episodes else None
        if gap is not None and (gap == 0 or gap < rules.merge_gap_us):
            episodes[-1].append(tick)
        else:
            episodes.append([tick])
    found = []
    for episode in episodes:
        counted = [tick for tick in episode if tick in ticks and ticks[tick][0] in tuple(State(s) for s in Observed)]
        if counted:
            found.append((counted[0], counted[-1] + 1, episode[-1] + 1 == end, len(counted)))
    return found
