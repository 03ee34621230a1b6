"""Counting people for needs against every way of doing it."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from opspact.core.rosters.matching import fill

PEOPLE = "ABCDE"
NEEDS = st.lists(st.tuples(st.integers(0, 3), st.frozensets(st.sampled_from(PEOPLE))), max_size=4)


def best(needs):
    """Try every way of giving each person one need or none; the greatest number of each need's filled places."""
    able = [[None, *(i for i, (_, who) in enumerate(needs) if person in who)] for person in PEOPLE]
    ways = set()
    for choice in product(*able):
        ways.add(tuple(min(wanted, choice.count(i)) for i, (wanted, _) in enumerate(needs)))
    most = max(map(sum, ways))
    return max(way for way in ways if sum(way) == most)


@given(NEEDS)
def test_it_counts_as_many_as_any_way_and_earlier_needs_first(needs):
    filled = fill([wanted for wanted, _ in needs], [who for _, who in needs])
    assert tuple(wanted - lacks for (wanted, _), lacks in zip(needs, filled.missing, strict=True)) == best(needs)


@given(NEEDS)
def test_nobody_counts_twice_or_for_what_they_cannot(needs):
    filled = fill([wanted for wanted, _ in needs], [who for _, who in needs])
    counted = [person for people in filled.counted for person in people]
    assert len(counted) == len(set(counted))
    for (wanted, who), people, lacks in zip(needs, filled.counted, filled.missing, strict=True):
        assert set(people) <= who
        assert len(people) + lacks == wanted


@given(NEEDS)
def test_what_is_short_is_proven_by_too_few_people_for_the_needs_named(needs):
    filled = fill([wanted for wanted, _ in needs], [who for _, who in needs])
    if not any(filled.missing):
        assert filled.short_needs == filled.short_people == ()
        return
    asked = sum(needs[i][0] for i in filled.short_needs)
    available = set().union(*(needs[i][1] for i in filled.short_needs))
    assert available == set(filled.short_people)
    assert asked - len(available) == sum(filled.missing)


def test_someone_is_moved_to_another_need_when_that_makes_room():
    filled = fill([1, 1], [{"LI", "WANG"}, {"LI"}])
    assert filled.counted == (("WANG",), ("LI",))
