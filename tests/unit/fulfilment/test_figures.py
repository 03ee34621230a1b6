"""Expected values are worked out by hand from domain notes §2: 96% of 30 days leaves 28.8 h."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from opspact.calc import kinds
from opspact.calc.running import Context, Refused, calculate
from opspact.core.availability import Granted, Rules
from opspact.core.availability.expressions import Expression
from opspact.core.availability.extracts import Extract
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.kpi import Member, combined, verdict_of_each
from opspact.core.states import Observed, Verdict
from opspact.fulfilment.figures import exported

HOUR = 3_600_000_000
MONTH = 30 * 24 * HOUR
UP, DOWN, UNKNOWN = Observed.UP, Observed.DOWN, Observed.UNKNOWN
GOAL = Fraction(96, 100)


def system(code: str, *down: tuple[float, float], **changes: object) -> SystemLedger:
    """A system watched by one check that was down in the given hours and up for the rest of 30 days."""
    pieces, at = [], 0
    for start, end in down:
        pieces += [(at, int(start * HOUR), UP), (int(start * HOUR), int(end * HOUR), DOWN)]
        at = int(end * HOUR)
    pieces.append((at, MONTH, UP))
    values = {
        "in_service": ((0, MONTH),),
        "rules": ((None, None, Expression.parse({"check": f"{code}/http"})),),
        "checks": {f"{code}/http": pieces},
    }
    return SystemLedger(code=code, name=code, **(values | changes))


def extract(*systems: SystemLedger, rules: Rules | None = None, now: int = MONTH) -> Extract:
    return Extract("C1", False, 0, MONTH, now, rules or Rules(), None, systems)


def members(*systems: SystemLedger) -> list[Member]:
    whole = extract(*systems)
    return [Member(whole.measure([one.code], (0, MONTH)), one.weight) for one in systems]


def test_exactly_the_allowed_downtime_meets_and_a_second_more_misses() -> None:
    assert members(system("A", (100, 128.8)))[0].availability.availability == GOAL
    assert members(system("A", (100, 128.8)))[0].availability.judge(GOAL) is Verdict.MET
    assert members(system("A", (100, 128.8 + 1 / 3600)))[0].availability.judge(GOAL) is Verdict.MISSED


def test_a_mean_weighs_systems_as_the_contract_reads_it() -> None:
    """A 10%, B 0% down; B was in service for the last 10 of 30 days only."""
    one, other = system("A", (0, 72), weight=3), system("B", in_service=((MONTH * 2 // 3, MONTH),))
    group = members(one, other)
    assert combined("equal", group, Rules()).value == Fraction(95, 100)
    assert combined("importance", group, Rules()).value == Fraction(90 * 3 + 100, 400)
    assert combined("time", group, Rules()).value == 1 - Fraction(72, 720 + 240)
    assert combined("minimum", group, Rules()).value == Fraction(90, 100)


def test_each_is_missed_by_one_system_and_undecidable_by_missing_data() -> None:
    good, bad = system("A", (0, 1)), system("B", (0, 30))
    silent = system("C", checks={})
    assert verdict_of_each(members(good, bad, silent), GOAL) is Verdict.MISSED
    assert verdict_of_each(members(good, silent), GOAL) is Verdict.UNDECIDABLE
    assert verdict_of_each(members(good), GOAL) is Verdict.MET
    assert verdict_of_each(members(system("D", in_service=())), GOAL) is Verdict.NOT_APPLICABLE


def test_a_system_without_data_is_never_100() -> None:
    silent = members(system("C", checks={}))[0].availability
    assert (silent.availability, silent.best, silent.worst) == (None, 1, 0)


def test_from_the_agreed_observed_share_on_the_group_decides_itself() -> None:
    """Unknown for 30 of 720 h (4.17%), no downtime, then for 37 h (5.14%) with 95% agreed."""
    for hours, worst in ((30, Fraction(1)), (37, Fraction(683, 720))):
        ledger = system("A", checks={"A/http": [(0, MONTH - hours * HOUR, UP)]})
        whole = extract(ledger, rules=Rules(decide_on_observed_fraction=Decimal("0.95")))
        figure = combined("equal", [Member(whole.measure(["A"], (0, MONTH)))], whole.rules)
        assert figure.worst == worst


def test_in_series_each_members_outage_counts_once() -> None:
    """Down 0–10 h and 5–20 h: 20 of 720 h."""
    whole = extract(system("PLATFORM", (0, 10)), system("LINK", (5, 20)))
    assert whole.measure(["PLATFORM", "LINK"], (0, MONTH)).availability == 1 - Fraction(20, 720)


def test_maintenance_of_one_of_two_parallel_lines_excuses_no_outage_of_both() -> None:
    """Line 1 in approved maintenance 0–10 h, line 2 down 5–8 h: the system is out 5–8 h, with line 1 it would be up."""
    lines = {
        "L1/icmp": [(0, 10 * HOUR, DOWN), (10 * HOUR, MONTH, UP)],
        "L2/icmp": [(0, 5 * HOUR, UP), (5 * HOUR, 8 * HOUR, DOWN), (8 * HOUR, MONTH, UP)],
    }
    rule = Expression.parse({"any": [{"check": "L1/icmp"}, {"check": "L2/icmp"}]})
    parts = {"rules": ((None, None, rule),), "checks": lines}
    granted = {"L1/icmp": (Granted("maintenance", 0, 10 * HOUR, -1),)}
    with_grant = members(system("WAN", check_grants=granted, **parts))[0].availability
    assert (with_grant.down_us, with_grant.excluded_us) == (0, 3 * HOUR)
    other = {"L2/icmp": (Granted("maintenance", 0, 4 * HOUR, -1),)}
    assert members(system("WAN", check_grants=other, **parts))[0].availability.down_us == 3 * HOUR


def test_maintenance_of_a_check_approved_late_counts_as_down() -> None:
    for approved, down in ((0, 0), (1, 10 * HOUR)):
        grants = {"A/http": (Granted("maintenance", 0, 10 * HOUR, approved),)}
        assert members(system("A", (0, 10), check_grants=grants))[0].availability.down_us == down


def test_an_export_recomputes_to_the_same_figure() -> None:
    grants = (Granted("maintenance", 50 * HOUR, 60 * HOUR, 0), Granted("excused", 0, HOUR, None))
    whole = extract(system("A", (10, 20), (55, 57), granted=grants, weight=3), system("B", (0, 2)))
    for method in ("each", "series", "equal", "time", "importance", "minimum"):
        data = exported.export(whole, (0, MONTH), kpi="k", method=method, objective=GOAL)
        answer = calculate(kinds.kind("availability"), json.dumps(data).encode(), Context())
        assert answer["agrees"] is True
        assert answer["figures"] == data["figures"]
    assert answer["figures"]["systems"]["A"]["availability"] == str(1 - Fraction(10, 710))


def test_a_changed_export_is_told() -> None:
    data = exported.export(extract(system("A", (0, 10))), (0, MONTH), kpi="k", method="each", objective=GOAL)
    data["systems"][0]["checks"]["A/http"][1][2] = "up"
    assert calculate(kinds.kind("availability"), json.dumps(data).encode(), Context())["agrees"] is False


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(format="other"),
        lambda data: data["systems"].clear(),
        lambda data: data["systems"][0].pop("code"),
        lambda data: data["systems"][0]["checks"]["A/http"].append([0, 5, "down"]),
        lambda data: data["systems"][0]["checks"]["A/http"].append([0.5, 5, "down"]),
        lambda data: data["systems"][0]["rules"].append([None, None, {"never": 1}]),
        lambda data: data.update(objective="1/0"),
        lambda data: data.update(method="guess"),
    ],
)
def test_it_refuses_an_export_that_makes_no_sense(spoil) -> None:
    data = exported.export(extract(system("A", (0, 10))), (0, MONTH), kpi="k", method="each", objective=GOAL)
    spoil(data)
    with pytest.raises(Refused):
        calculate(kinds.kind("availability"), json.dumps(data).encode(), Context())
