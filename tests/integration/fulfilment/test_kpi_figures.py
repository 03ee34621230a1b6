"""Figures from the database against hand calculations. October has 744 h, so 96% leaves 29.76 h."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.fulfilment.support import (
    NOVEMBER,
    OCTOBER,
    TERM_START,
    example_contract,
    grant,
    seen,
    system_of,
    watch,
)

from opspact.contracts.models import Contract
from opspact.core.availability.expressions import Expression
from opspact.core.instants import to_us
from opspact.core.states import State, Verdict
from opspact.fulfilment import periods
from opspact.fulfilment.assess import assess, assess_with_months, term_of
from opspact.fulfilment.rules import Result
from opspact.monitoring.models import SystemRule
from opspact.monitoring.queries.timelines import of_systems
from opspact.servicedesk.models import Incident

pytestmark = pytest.mark.django_db
KEY = ("OA", "WEBSITE", "DUTY")


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.fixture
def contract() -> Contract:
    return example_contract()


def october(contract: Contract, code: str = "availability-key", now=NOVEMBER) -> Result:
    result = assess(
        contract, periods.month(OCTOBER.astimezone(term_of(contract).zone).date(), term_of(contract).zone), now
    ).of(code)
    assert result is not None
    return result


def up(contract: Contract, *systems: str) -> None:
    for system in systems:
        seen(watch(contract, system), ("up", TERM_START))


def down_for(contract: Contract, system: str, length: timedelta) -> None:
    start = OCTOBER + hours(100)
    seen(watch(contract, system), ("up", TERM_START), ("down", start), ("up", start + length))


def test_each_system_to_the_hour(contract: Contract) -> None:
    up(contract, "OA", "WEBSITE")
    down_for(contract, "DUTY", hours(29.76))
    result = october(contract)
    assert result.figure.value == Fraction(96, 100)
    assert result.verdict is Verdict.MET
    assert result.budget_left_us == 0


def test_a_second_more_misses_the_objective_though_it_shows_as_95_99(contract: Contract) -> None:
    up(contract, "OA", "WEBSITE")
    down_for(contract, "DUTY", hours(29.76) + timedelta(seconds=1))
    result = october(contract)
    assert result.verdict is Verdict.MISSED
    assert [line.verdict for line in result.systems] == [Verdict.MET, Verdict.MET, Verdict.MISSED]


def test_a_live_system_without_data_is_undecidable_and_says_why(contract: Contract) -> None:
    up(contract, "OA", "WEBSITE")
    watch(contract, "DUTY")
    result = october(contract)
    assert result.verdict is Verdict.UNDECIDABLE
    assert result.systems[2].availability.availability is None
    assert result.systems[2].reason == "Nothing was seen of it in this period."
    assert october(contract, "availability-auxiliary").systems[0].reason == "No check watches this system."


def test_before_the_term_nothing_is_applicable(contract: Contract) -> None:
    up(contract, *KEY)
    before = periods.asked({"from": "2022-05-01", "until": "2022-05-31"}, term_of(contract), NOVEMBER)
    result = assess(contract, before, NOVEMBER).of("availability-key")
    assert (result.verdict, result.figure.value) == (Verdict.NOT_APPLICABLE, None)


def test_missing_data_leaves_the_verdict_to_the_client(contract: Contract) -> None:
    """100 of 744 h unknown: 13.4% missing, so the 95% share is not reached; worst 86.6%, best 100%."""
    up(contract, "OA", "WEBSITE")
    seen(watch(contract, "DUTY"), ("up", TERM_START), ("unknown", OCTOBER), ("up", OCTOBER + hours(100)))
    result = october(contract)
    assert result.verdict is Verdict.UNDECIDABLE
    assert (result.figure.worst, result.figure.best) == (Fraction(644, 744), 1)


def test_an_open_outage_counts_to_now(contract: Contract) -> None:
    up(contract, "OA", "WEBSITE")
    seen(watch(contract, "DUTY"), ("up", TERM_START), ("down", OCTOBER + hours(90)))
    line = october(contract, now=OCTOBER + hours(100)).systems[2]
    assert line.availability.availability == Fraction(90, 100)
    assert line.availability.outages[0].open


def test_maintenance_approved_before_its_start_is_taken_out_and_approved_late_is_not(contract: Contract) -> None:
    up(contract, "OA", "WEBSITE")
    down_for(contract, "DUTY", hours(10))
    start = OCTOBER + hours(100)
    grant(contract, "maintenance", start, start + hours(10), start + hours(1), system=system_of(contract, "DUTY"))
    assert october(contract).figure.value == 1 - Fraction(10, 744)
    grant(contract, "maintenance", start, start + hours(10), start, system=system_of(contract, "DUTY"))
    result = october(contract)
    assert result.figure.value == 1
    assert result.raw == 1 - Fraction(10, 744)
    assert result.figure.excluded_fraction == Fraction(10, 744)


def test_an_exemption_granted_later_counts_and_one_withdrawn_does_not(contract: Contract) -> None:
    up(contract, "OA", "WEBSITE")
    down_for(contract, "DUTY", hours(10))
    start = OCTOBER + hours(100)
    grant(contract, "excused", start, start + hours(5), start + hours(200), system=system_of(contract, "DUTY"))
    grant(contract, "excused", start, start + hours(9), start + hours(2), system=system_of(contract, "DUTY"))
    contract.granted.filter(ends_at=start + hours(9)).update(withdrawn_at=start + hours(3))
    assert october(contract).figure.value == 1 - Fraction(5, 739)


def test_the_rule_in_force_decides_and_the_checks_where_none_is(contract: Contract) -> None:
    """Line A is down all the time. From the 11th day on one of the two lines is enough."""
    up(contract, "OA", "WEBSITE")
    seen(watch(contract, "DUTY", "LINE-A", "icmp"), ("down", TERM_START))
    seen(watch(contract, "DUTY", "LINE-B", "icmp"), ("up", TERM_START))
    SystemRule.objects.create(
        contract=contract,
        system=system_of(contract, "DUTY"),
        expression=Expression.parse({"any": [{"check": "LINE-A/icmp"}, {"check": "LINE-B/icmp"}]}).to_json(),
        starts_at=OCTOBER + hours(240),
    )
    assert october(contract).systems[2].availability.availability == Fraction(504, 744)


def test_the_systems_page_shows_the_intervals_of_the_figures_when_one_line_was_granted(contract: Contract) -> None:
    """Line A rests with approval for 10 h; then both lines fail, and A's approval is worth nothing any more."""
    start = OCTOBER + hours(100)
    one = watch(contract, "DUTY", "LINE-A", "icmp")
    seen(one, ("up", TERM_START), ("down", start), ("up", start + hours(12)))
    seen(watch(contract, "DUTY", "LINE-B", "icmp"), ("up", TERM_START), ("down", start + hours(6)), ("up", NOVEMBER))
    grant(contract, "maintenance", start, start + hours(10), OCTOBER, target=one.target)
    duty = system_of(contract, "DUTY")
    period = to_us(OCTOBER), to_us(NOVEMBER)
    (line,) = [each for each in october(contract).systems if each.code == "DUTY"]
    shown = of_systems(contract, [duty], *period, NOVEMBER)[duty.pk]
    assert shown == line.availability.timeline
    assert [state for begin, _end, state in shown if begin in (to_us(start), to_us(start + hours(6)))] == [
        State.MAINTENANCE,
        State.DOWN,
    ]


def test_simulated_and_real_never_mix_though_the_systems_are_the_same(contract: Contract) -> None:
    real = example_contract("real-2022", simulated=False)
    assert system_of(real, "DUTY") == system_of(contract, "DUTY")
    up(contract, *KEY)
    up(real, "OA", "WEBSITE")
    down_for(real, "DUTY", hours(100))
    start = OCTOBER + hours(100)
    grant(contract, "excused", start, start + hours(100), start, system=system_of(contract, "DUTY"))
    assert october(contract).figure.value == 1
    assert october(real).figure.value == 1 - Fraction(100, 744)


def test_the_overall_rate_is_the_mean_and_lists_what_is_missing(contract: Contract) -> None:
    """Twelve systems, one of them 74.4 h down: 1 − 0.1 ÷ 12."""
    codes = [line.code for line in october(contract, "availability-overall").systems]
    assert len(codes) == 12
    up(contract, *codes[1:])
    down_for(contract, codes[0], hours(74.4))
    result = october(contract, "availability-overall")
    assert result.figure.value == 1 - Fraction(1, 120)
    assert result.readings[0].value == "equal"
    assert "importance" in result.readings[0].alternatives


def test_major_outages_count_when_closed_and_leave_it_open_before(contract: Contract) -> None:
    incident = Incident.objects.create(
        contract=contract,
        number="INC-2022-000001",
        title="核心网中断",
        source="phone",
        impact="global",
        urgency="high",
        priority="P1",
        level="I",
        state="assigned",
        occurred_at=OCTOBER + hours(5),
        opened_at=OCTOBER + hours(5),
        terms_version=1,
        terms={},
    )
    assert october(contract, "major-outages").verdict is Verdict.UNDECIDABLE
    Incident.objects.filter(pk=incident.pk).update(state="closed")
    assert october(contract, "major-outages").verdict is Verdict.MISSED
    Incident.objects.filter(pk=incident.pk).update(level="III")
    assert october(contract, "major-outages").verdict is Verdict.MET


def test_what_no_room_serves_has_no_figure(contract: Contract) -> None:
    for code in ("major-security-incidents", "terminal-availability", "satisfaction", "complaints"):
        result = october(contract, code)
        assert not result.is_served
        assert result.room


def test_the_number_of_queries_does_not_grow(contract: Contract) -> None:
    for code in KEY:
        up(contract, code)
    with CaptureQueriesContext(connection) as few:
        assess_with_months(Contract.objects.get(pk=contract.pk), periods.whole_term(term_of(contract)), NOVEMBER)
    for number in range(20):
        seen(watch(contract, "OA", f"MORE-{number}"), ("up", TERM_START), ("down", OCTOBER), ("up", NOVEMBER))
    with CaptureQueriesContext(connection) as many:
        assess_with_months(Contract.objects.get(pk=contract.pk), periods.whole_term(term_of(contract)), NOVEMBER)
    assert len(many) <= len(few) <= 11
