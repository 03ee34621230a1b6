"""Who serves after swaps, leave and overrides, against a look at each minute layer by layer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.rosters import Action, Assignment, ConflictKind, Layer, Leave, Override, Person, Swap, resolve
from opspact.core.rosters.errors import BadSpan, NamedTwice, SwapWithOneself, UnknownPerson

END = 24
CODES = st.sampled_from("ABC")
SPANS = st.tuples(st.integers(0, END - 1), st.integers(1, 9)).map(lambda span: (span[0], span[0] + span[1]))
PEOPLE = [Person(code, frozenset({"r"})) for code in "ABCD"]


@st.composite
def rotation(draw):
    """One primary (on standby) and perhaps a backup, handed on at odd times."""
    duties = []
    for level in (1, 2)[: draw(st.integers(1, 2))]:
        at = draw(st.integers(0, 4))
        while at < END:
            end = at + draw(st.integers(2, 10))
            duties.append(Assignment(draw(CODES), "r", at, end, level=level, standby=True, by="R"))
            at = end + draw(st.sampled_from([0, 0, 2]))
    return duties


def numbered(name, count, **fields):
    return st.lists(st.fixed_dictionaries(fields), max_size=count).map(
        lambda rows: [row | {"code": f"{name}{i}"} for i, row in enumerate(rows)]
    )


SWAPS = numbered("S", 2, one=CODES, other=CODES, given=SPANS, taken=st.none() | SPANS).map(
    lambda rows: [row for row in rows if row["one"] != row["other"]]
)
LEAVE = numbered("L", 2, person=CODES, span=SPANS, substitute=st.sampled_from(["", "B", "D"]))
OVERRIDES = numbered(
    "O",
    2,
    person=st.sampled_from("ABCD"),
    span=SPANS,
    replaces=st.sampled_from(["", "A", "B"]),
    level=st.sampled_from([None, 1, 2]),
    action=st.sampled_from([Action.REPLACE, Action.REDIRECT]),
)


def walk(duties, swaps, leave, overrides):
    """minute → {level: person}, changed a minute at a time."""
    minutes = {at: {d.level: d.person for d in duties if d.start <= at < d.end} for at in range(END + 20)}
    for swap in swaps:
        walk_swap(minutes, swap["one"], swap["given"], swap["other"], swap["taken"])
    for absence in leave:
        if absence["substitute"]:
            walk_to(minutes, absence["span"], absence["substitute"], lambda who, _, a=absence: who == a["person"])
    for o in overrides:
        walk_to(
            minutes,
            o["span"],
            o["person"],
            lambda who, level, o=o: o["replaces"] in ("", who) and o["level"] in (None, level),
        )
    for absence in leave:
        for at in range(*absence["span"]):
            minutes[at] = {level: who for level, who in minutes[at].items() if who != absence["person"]}
    return minutes


def walk_to(minutes, span, to, meant):
    for at in range(*span):
        minutes[at] = {level: to if meant(who, level) else who for level, who in minutes[at].items()}


def walk_swap(minutes, one, given, other, taken):
    has_given = all(one in minutes[at].values() for at in range(*given))
    has_taken = taken is None or all(other in minutes[at].values() for at in range(*taken))
    if has_given and has_taken:
        for at, levels in minutes.items():
            gives = {one: other} if at in range(*given) else {}
            gives |= {other: one} if taken and at in range(*taken) else {}
            minutes[at] = {level: gives.get(who, who) for level, who in levels.items()}


@given(rotation(), SWAPS, LEAVE, OVERRIDES)
def test_it_agrees_with_a_walk_over_minutes(duties, swaps, leave, overrides):
    schedule = resolve(
        duties,
        PEOPLE,
        swaps=[Swap(**swap) for swap in swaps],
        leave=[Leave(a["code"], a["person"], *a["span"], a["substitute"]) for a in leave],
        overrides=[
            Override(o["code"], o["person"], *o["span"], o["action"], o["replaces"], level=o["level"])
            for o in overrides
        ],
    )
    for at, levels in walk(duties, swaps, leave, overrides).items():
        found = {(duty.level, duty.person) for duty in schedule.on_duty(at)}
        assert found == set(levels.items())
        assert len(schedule.on_duty(at)) == len(found)


WATCH = [Assignment("A", "r", 0, 8, "day", by="R"), Assignment("B", "r", 8, 16, "day", by="R")]


def kinds(schedule):
    return [(found.kind, found.code, found.person, found.start, found.end) for found in schedule.conflicts]


def test_what_was_given_away_already_can_not_be_given_again():
    swaps = [Swap("S", "A", (1, 2), "B"), Swap("T", "A", (0, 2), "B")]
    schedule = resolve(WATCH[:1], PEOPLE, swaps=swaps)
    assert [duty.person for duty in schedule.on_duty(0)] == ["A"]
    assert kinds(schedule) == [(ConflictKind.SWAP_OF_NO_DUTY, "T", "A", 1, 2)]


def test_a_swap_exchanges_two_shifts_and_says_so():
    schedule = resolve(WATCH, PEOPLE, swaps=[Swap("S", "A", (0, 8), "B", (8, 16))])
    assert [(d.person, d.start, d.layer, d.by, d.instead_of) for d in schedule.duties] == [
        ("B", 0, Layer.SWAP, "S", "A"),
        ("A", 8, Layer.SWAP, "S", "B"),
    ]
    assert schedule.conflicts == ()


def test_a_swap_of_a_shift_one_does_not_have_is_not_made():
    schedule = resolve(WATCH, PEOPLE, swaps=[Swap("S", "A", (0, 10), "C")])
    assert kinds(schedule) == [(ConflictKind.SWAP_OF_NO_DUTY, "S", "A", 8, 10)]
    assert [duty.person for duty in schedule.duties] == ["A", "B"]


def test_a_break_within_a_shift_does_not_hinder_a_swap():
    office = [Assignment("A", "r", 9, 12, by="R", shift_at=9), Assignment("A", "r", 13, 17, by="R", shift_at=9)]
    schedule = resolve(office, PEOPLE, swaps=[Swap("S", "A", (9, 17), "B")])
    assert [duty.person for duty in schedule.duties] == ["B", "B"]


def test_leave_without_a_substitute_leaves_a_gap():
    schedule = resolve(WATCH, PEOPLE, leave=[Leave("L", "A", 4, 12)])
    assert [(duty.person, duty.start, duty.end) for duty in schedule.duties] == [("A", 0, 4), ("B", 8, 16)]
    assert kinds(schedule) == [(ConflictKind.LEAVE_WITHOUT_SUBSTITUTE, "L", "A", 4, 8)]


def test_a_substitute_who_is_away_too_leaves_a_gap():
    schedule = resolve(WATCH, PEOPLE, leave=[Leave("L", "A", 0, 8, "C"), Leave("M", "C", 6, 20)])
    assert kinds(schedule) == [(ConflictKind.SUBSTITUTE_ON_LEAVE, "M", "C", 6, 8)]


def test_an_override_fills_what_leave_would_leave_open():
    schedule = resolve(WATCH, PEOPLE, leave=[Leave("L", "A", 0, 8)], overrides=[Override("O", "D", 0, 8, replaces="A")])
    assert schedule.conflicts == ()
    assert schedule.on_duty(0)[0].person == "D"


def test_an_override_that_finds_nobody_replaces_nobody():
    schedule = resolve(WATCH, PEOPLE, overrides=[Override("O", "D", 0, 8, replaces="B")])
    assert kinds(schedule) == [(ConflictKind.OVERRIDE_OF_NOBODY, "O", "B", 0, 8)]


def test_a_redirect_takes_calls_and_leaves_work_alone():
    duties = [Assignment("A", "r", 0, 8), Assignment("B", "r", 0, 8, standby=True)]
    schedule = resolve(duties, PEOPLE, overrides=[Override("O", "D", 2, 4, Action.REDIRECT)])
    assert [(duty.person, duty.standby) for duty in schedule.on_duty(3)] == [("A", False), ("D", True)]


def test_an_added_duty_stands_beside_the_others():
    schedule = resolve(WATCH, PEOPLE, overrides=[Override("O", "D", 4, 6, Action.ADD, role="r", level=2)])
    assert [(duty.person, duty.level) for duty in schedule.on_duty(5)] == [("A", 1), ("D", 2)]
    assert schedule.on_duty(6)[0].person == "A"


def test_the_later_layer_wins_and_the_explanation_names_each():
    schedule = resolve(
        WATCH, PEOPLE, swaps=[Swap("S", "A", (0, 8), "B")], overrides=[Override("O", "C", 2, 4, replaces="B")]
    )
    assert [(duty.person, duty.layer) for duty in schedule.on_duty(3)] == [("C", Layer.OVERRIDE)]
    said = [step.params["people"] for step in schedule.explain(3).steps]
    assert said == ["A (R)", "B (S)", "B (S)", "C (O)", "C"]


def test_a_role_not_held_work_outside_employment_and_two_duties_at_once_are_conflicts():
    people = [Person("A", frozenset({"r"}), employed_until=6), Person("B", frozenset({"s"}))]
    duties = [
        Assignment("A", "r", 0, 8, by="R"),
        Assignment("A", "", 4, 5, by="Q"),
        Assignment("B", "r", 0, 1, by="R"),
        Assignment("A", "r", 0, 6, by="T", standby=True),
    ]
    assert kinds(resolve(duties, people)) == [
        (ConflictKind.ROLE_NOT_HELD, "R", "B", 0, 1),
        (ConflictKind.TWO_DUTIES_AT_ONCE, "Q", "A", 4, 5),
        (ConflictKind.NOT_EMPLOYED, "R", "A", 6, 8),
    ]


def test_it_refuses_unknown_people_and_codes_given_twice():
    with pytest.raises(UnknownPerson):
        resolve([Assignment("X", "", 0, 1)], PEOPLE)
    with pytest.raises(UnknownPerson) as caught:
        resolve([], PEOPLE, leave=[Leave("L", "A", 0, 1, "X")])
    assert caught.value.params == {"what": "Leave", "code": "L", "person": "X"}
    with pytest.raises(NamedTwice):
        resolve([], PEOPLE, leave=[Leave("L", "A", 0, 1), Leave("L", "B", 0, 1)])


def test_spans_that_end_before_they_start_and_swaps_with_oneself_are_refused():
    for wrong in (
        lambda: Leave("L", "A", 1, 1),
        lambda: Override("O", "A", 2, 1),
        lambda: Swap("S", "A", (1, 0), "B"),
        lambda: Swap("S", "A", (0, 1), "B", (3, 3)),
        lambda: Assignment("A", "", 5, 4),
    ):
        with pytest.raises(BadSpan):
            wrong()
    with pytest.raises(SwapWithOneself):
        Swap("S", "A", (0, 1), "A")
