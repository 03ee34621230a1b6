"""Laying downtime to components, against a walk over every tick."""

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.availability.walking import GRANTS, LIMIT, RULES, SERVED, SERVICE, faulty, seen_at, timelines

from opspact.core.availability import Basis, Rules, measure
from opspact.core.availability.components import attribute
from opspact.core.availability.expressions import Expression
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.states import Observed, State

UP, DEGRADED, DOWN, UNKNOWN = Observed.UP, Observed.DEGRADED, Observed.DOWN, Observed.UNKNOWN

# Series of a parallel pair, of two of three, and of one check shared between two branches.
TREES = st.sampled_from(
    [
        {"all": [{"check": "A"}, {"any": [{"check": "B"}, {"check": "C"}]}]},
        {"k": 2, "of": [{"check": "A"}, {"check": "B"}, {"check": "C"}]},
        {"any": [{"all": [{"check": "A"}, {"check": "B"}]}, {"all": [{"check": "A"}, {"check": "C"}]}]},
        {"check": "A"},
    ]
)
OUTSIDE = GRANTS.filter(lambda grant: grant.kind != "unusable")


def judged(tree, states):
    """The rule for one tick: the best state that enough members reach."""
    if "check" in tree:
        return states[tree["check"]]
    members = tree.get("all") or tree.get("any") or tree["of"]
    need = len(members) if "all" in tree else tree.get("k", 1)
    found = [judged(member, states) for member in members]
    for state, enough in ((UP, (UP,)), (DEGRADED, (UP, DEGRADED)), (UNKNOWN, (UP, DEGRADED, UNKNOWN))):
        if sum(each in enough for each in found) >= need:
            return state
    return DOWN


def attributed(tree, checks, grants, in_service, service_time, now, rules):
    ledger = SystemLedger("S", "S", tuple(in_service), ((None, None, Expression.parse(tree)),), checks, tuple(grants))
    seen = ledger.seen(0, LIMIT)
    basis = Basis.of(seen, grants, in_service=in_service, service_time=service_time, now=now, rules=rules)
    whole = basis.measure((0, LIMIT))
    return whole, attribute(ledger, basis, whole)


@given(
    TREES,
    st.fixed_dictionaries({code: timelines() for code in "ABC"}),
    st.lists(OUTSIDE, max_size=2),
    SERVED,
    SERVICE,
    st.integers(0, LIMIT),
    RULES,
)
def test_each_tick_of_downtime_is_laid_to_those_who_were_down_in_it(
    tree, checks, grants, in_service, service_time, now, rules
):
    whole, made = attributed(tree, checks, grants, in_service, service_time, now, rules)
    down = [tick for start, end in whole.counted_down_intervals for tick in range(start, end)]
    codes = [each.code for each in made.components]
    together, involved, decisive, shares = Counter(), Counter(), Counter(), Counter()
    for tick in down:
        states = {code: seen_at(checks[code], (), now, tick) for code in codes}
        bad = frozenset(code for code in codes if faulty(states[code], rules))
        together[bad] += 1
        for code in bad:
            involved[code] += 1
            shares[code] += Fraction(1, len(bad))
        for code in codes:
            decisive[code] += not faulty(judged(tree, states | {code: UP}), rules)
    assert dict(made.together) == dict(together)
    for each in made.components:
        assert each.involved_us == involved[each.code]
        assert each.decisive_us == decisive[each.code]
        assert each.share_us == shares[each.code]
    assert sum(each.share_us for each in made.components) == whole.counted_down_us


@given(st.fixed_dictionaries({code: timelines() for code in "AB"}), st.lists(OUTSIDE, max_size=2), RULES)
def test_a_component_by_itself_is_measured_in_the_systems_service_time(checks, grants, rules):
    tree = {"any": [{"check": "A"}, {"check": "B"}]}
    _, made = attributed(tree, checks, grants, [(2, 20)], [(0, 9), (12, 30)], 18, rules)
    for each in made.components:
        alone = measure(
            checks[each.code],
            grants,
            period=(0, LIMIT),
            in_service=[(2, 20)],
            service_time=[(0, 9), (12, 30)],
            now=18,
            rules=rules,
        )
        assert each.own == alone


def test_a_check_shared_by_two_branches_counts_once():
    tree = {"any": [{"all": [{"check": "A"}, {"check": "B"}]}, {"all": [{"check": "A"}, {"check": "C"}]}]}
    checks = {"A": [(0, 4, DOWN), (4, 20, UP)], "B": [(0, 20, UP)], "C": [(0, 20, UP)]}
    whole, made = attributed(tree, checks, [], [(0, 20)], None, 20, Rules())
    assert whole.down_us == 4
    assert made.together == ((frozenset("A"), 4),)
    assert [(each.code, each.share_us, each.decisive_us) for each in made.components] == [
        ("A", 4, 4),
        ("B", 0, 0),
        ("C", 0, 0),
    ]


def test_where_no_rule_holds_nobody_is_to_blame():
    ledger = SystemLedger("S", "S", ((0, 10),), ((5, None, Expression.parse({"check": "A"})),), {"A": [(0, 10, DOWN)]})
    basis = Basis.of(ledger.seen(0, 10), [], in_service=[(0, 10)], now=10, rules=Rules(unknown_is_down=True))
    made = attribute(ledger, basis, basis.measure((0, 10)))
    assert dict(made.together) == {frozenset(): 5, frozenset("A"): 5}
    assert basis.measure((0, 10)).intervals(State.UNKNOWN) == [(0, 5)]
