"""Proof of coverage against a walk over every minute, and the demands of the contract."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.rosters import Assignment, Demand, Need, Person, SpecialPeriod, prove, prove_special
from opspact.core.rosters.errors import NamedTwice, PoolNotExclusive, UnknownPerson

END = 20
ROLES = st.frozensets(st.sampled_from("rst"), max_size=2)
SPANS = st.tuples(st.integers(0, END - 1), st.integers(1, 8)).map(lambda span: (span[0], span[0] + span[1]))
PEOPLE = st.tuples(
    *(
        st.builds(Person, st.just(code), ROLES, st.sampled_from([None, 3]), st.sampled_from([None, 12]))
        for code in "ABCD"
    )
)
DUTIES = st.lists(
    st.builds(
        lambda person, role, span, standby: Assignment(person, role, *span, standby=standby),
        st.sampled_from("ABCD"),
        st.sampled_from(["", "r", "s"]),
        SPANS,
        st.sampled_from([False, False, True]),
    ),
    max_size=7,
)
NEEDS = st.lists(st.builds(Need, st.integers(1, 2), ROLES), min_size=1, max_size=2).map(tuple)


def demand(needs, from_to, standby, exclusive, pool=""):
    return Demand("D", needs, [from_to], standby=standby, exclusive=exclusive, pool=pool)


DEMANDS = st.builds(demand, NEEDS, SPANS, st.booleans(), st.booleans())
POOLED = st.builds(demand, NEEDS, SPANS, st.booleans(), st.just(True), st.just("P"))


def able(need, asked, duties, people, at):
    """Who can serve a need at an instant, read off its definition."""
    found = set()
    for duty in duties:
        person = next(person for person in people if person.code == duty.person)
        employed = (
            (person.employed_from or 0) <= at < (END + 10 if person.employed_until is None else person.employed_until)
        )
        if not (duty.start <= at < duty.end and employed) or (duty.standby and not asked.standby):
            continue
        roles = person.roles & {duty.role} if duty.role else person.roles
        if not need.roles or need.roles & roles:
            found.add(duty.person)
    return found


def most(slots):
    """The greatest number of slots that different people can fill, over all orders of the people."""
    best = 0
    for order in permutations("ABCD"):
        left = list(order)
        filled = 0
        for who in slots:
            chosen = next((person for person in left if person in who), None)
            if chosen is not None:
                left.remove(chosen)
                filled += 1
        best = max(best, filled)
    return best


@given(PEOPLE, DUTIES, DEMANDS)
def test_it_agrees_with_a_look_at_every_instant(people, duties, asked):
    (proof,) = prove([asked], duties, people)
    for at in range(END + 10):
        piece = next((piece for piece in proof.pieces if piece.start <= at < piece.end), None)
        if not any(start <= at < end for start, end in asked.times):
            assert piece is None
            continue
        who = [able(need, asked, duties, people, at) for need in asked.needs]
        assert set(piece.on_duty) == set().union(*who)
        if asked.exclusive:
            slots = [people for need, people in zip(asked.needs, who, strict=True) for _ in range(need.at_least)]
            assert sum(piece.missing) == len(slots) - most(slots)
            assert piece.surplus == len(piece.on_duty) - most(slots)
        else:
            lacks = [max(0, need.at_least - len(people)) for need, people in zip(asked.needs, who, strict=True)]
            assert list(piece.missing) == lacks
    assert proof.holds is all(not any(piece.missing) for piece in proof.pieces)


@given(PEOPLE, DUTIES, POOLED, POOLED)
def test_nobody_is_counted_twice_within_a_pool(people, duties, first, second):
    proofs = prove([first, second], duties, people)
    for at in range(END + 10):
        pieces = [next((p for p in proof.pieces if p.start <= at < p.end), None) for proof in proofs]
        slots, missing = [], 0
        for asked, piece in zip((first, second), pieces, strict=True):
            if piece is not None:
                missing += sum(piece.missing)
                slots += [able(n, asked, duties, people, at) for n in asked.needs for _ in range(n.at_least)]
        counted = [person for piece in pieces if piece for people in piece.counted for person in people]
        assert len(counted) == len(set(counted))
        assert missing == len(slots) - most(slots)


@given(PEOPLE, DUTIES, DEMANDS)
def test_pieces_are_in_order_and_add_up(people, duties, asked):
    (proof,) = prove([asked], duties, people)
    assert all(
        one.end <= two.start and (one.end < two.start or one[2:] != two[2:]) for one, two in pairwise(proof.pieces)
    )
    assert proof.demanded_us == asked.times[0][1] - asked.times[0][0]
    assert proof.covered_us == proof.demanded_us - sum(gap.end - gap.start for gap in proof.gaps)
    assert proof.missing_us == sum(sum(piece.missing) * (piece.end - piece.start) for piece in proof.pieces)


ENGINEER_ROLES = ("host", "system", "network", "terminal", "desk")
ON_SITE = Demand(
    "onsite",
    (
        Need(1, frozenset({"manager"})),
        *(Need(1, frozenset({role})) for role in ENGINEER_ROLES),
        Need(3, frozenset(ENGINEER_ROLES)),
    ),
    [(0, 480)],
    clause="§12.3",
)


def staff(*engineers):
    people = [
        Person("M", frozenset({"manager"})),
        *(Person(f"E{i}", frozenset(roles)) for i, roles in enumerate(engineers)),
    ]
    return people, [Assignment(person.code, "", 0, 480) for person in people]


def test_eight_engineers_with_each_role_among_them_and_the_manager_are_enough():
    people, duties = staff(*([role] for role in (*ENGINEER_ROLES, "network", "terminal", "desk")))
    (proof,) = prove([ON_SITE], duties, people)
    assert proof.holds
    assert proof.pieces[0].surplus == 0


def test_one_person_holding_two_roles_does_not_fill_both():
    people, duties = staff(["host", "system"], *([role] for role in ("network", "terminal", "desk") for _ in (1, 2)))
    (proof,) = prove([ON_SITE], duties, people)
    assert [(gap.start, gap.end, gap.total) for gap in proof.gaps] == [(0, 480, 1)]
    assert proof.pieces[0].missing == (0, 0, 1, 0, 0, 0, 0)


def test_a_gap_of_one_microsecond_is_found():
    watch = Demand("watch", (Need(1, frozenset({"network"})),), [(0, 100)], clause="A1 四.1")
    people = [Person("A", frozenset({"network"})), Person("B", frozenset({"network"}))]
    (proof,) = prove([watch], [Assignment("A", "network", 0, 50), Assignment("B", "network", 51, 100)], people)
    assert proof.gaps == ((50, 51, (1,), 1),)
    assert not proof.holds


def test_a_role_that_is_not_held_covers_nothing():
    watch = Demand("watch", (Need(1, frozenset({"network"})),), [(0, 10)])
    (proof,) = prove([watch], [Assignment("A", "network", 0, 10)], [Person("A", frozenset({"desk"}))])
    assert proof.gaps[0].total == 1


def test_the_watch_may_be_one_of_those_on_site_unless_a_pool_forbids_it():
    person = [Person("A", frozenset({"network"}))]
    duty = [Assignment("A", "network", 0, 10)]
    needs = (Need(1, frozenset({"network"})),)
    apart = prove([Demand("one", needs, [(0, 10)]), Demand("two", needs, [(0, 10)])], duty, person)
    assert [proof.holds for proof in apart] == [True, True]
    pooled = prove([Demand("one", needs, [(0, 10)], pool="P"), Demand("two", needs, [(0, 10)], pool="P")], duty, person)
    assert [proof.holds for proof in pooled] == [True, False]


def test_in_a_special_period_everyone_takes_part_and_coverage_holds():
    people = [Person(code, frozenset({"network"})) for code in "ABC"] + [Person("M", frozenset({"manager"}))]
    period = SpecialPeriod("NATIONAL-DAY", 0, 30, everyone_of=frozenset({"network"}), clause="A1 三.2")
    duties = [Assignment("A", "network", 0, 15), Assignment("B", "network", 15, 30)]
    (proof,) = prove_special([period], duties, people)
    assert proof.coverage.holds
    assert (proof.absent, proof.served_us, proof.holds) == (("C",), {"A": 15, "B": 15, "C": 0}, False)
    (proof,) = prove_special([period], [*duties, Assignment("C", "network", 29, 40)], people)
    assert proof.holds


def test_who_left_before_a_special_period_need_not_take_part():
    people = [Person("A"), Person("B", employed_until=10)]
    (proof,) = prove_special([SpecialPeriod("EVENT", 10, 20)], [Assignment("A", "", 0, 30)], people)
    assert proof.holds


def test_it_refuses_people_it_does_not_know_or_knows_twice():
    with pytest.raises(UnknownPerson):
        prove([], [Assignment("X", "", 0, 1)], [])
    with pytest.raises(NamedTwice):
        prove([], [], [Person("A"), Person("A")])


def test_a_pool_of_a_demand_that_counts_people_twice_is_refused():
    with pytest.raises(PoolNotExclusive):
        Demand("D", (Need(1),), [], exclusive=False, pool="P")
