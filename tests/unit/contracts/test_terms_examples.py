"""The example contracts say what the contract says."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from opspact.contracts.terms import Terms, load_terms
from opspact.contracts.terms.durations import Duration, Unit
from opspact.core.calendars.deadlines import Counting


@pytest.fixture
def terms(example: str) -> Terms:
    return load_terms(example, "example")


def test_it_knows_the_parties_by_organisation_only(terms: Terms) -> None:
    assert {party.role: party.name for party in terms.parties} == {
        "client": "北京市应急指挥保障中心",
        "vendor": "太极计算机股份有限公司",
    }
    assert terms.simulated
    assert terms.signed_on == date(2022, 7, 6)


def test_twelve_months_end_on_the_corresponding_day(terms: Terms) -> None:
    assert terms.term.last_day() == date(2023, 7, 6)
    assert terms.term.last_day(Counting.INCLUSIVE) == date(2023, 7, 5)


def test_price_bond_and_payments_are_those_of_clause_3_and_4(terms: Terms) -> None:
    assert terms.price is not None
    assert terms.bond is not None
    assert terms.price.amount == Decimal("2347000.00")
    assert terms.bond.amount == Decimal("117350.00")
    assert [(payment.percent, payment.amount, str(payment.due)) for payment in terms.payments] == [
        (Decimal(60), Decimal("1408200.00"), "10 WD"),
        (Decimal(30), Decimal("704100.00"), "30 WD"),
        (Decimal(10), Decimal("234700.00"), "30 WD"),
    ]
    assert terms.payments[1].after == Duration(8, Unit.MONTHS)


def test_late_payment_rate_stays_exact(terms: Terms) -> None:
    assert terms.late_payment is not None
    assert terms.late_payment.percent_per_day == Decimal("0.05")
    assert str(terms.late_payment.percent_per_day) == "0.05"
    assert terms.payments[0].amount * terms.late_payment.percent_per_day / 100 == Decimal("704.10")


def test_the_nine_indicators_of_annex_2_have_their_objectives(terms: Terms) -> None:
    signs = {"at_least": "≥", "at_most": "≤"}
    assert [(kpi.name, signs[kpi.objective.direction] + str(kpi.objective.value)) for kpi in terms.kpis] == [
        ("IT 系统稳定运行率", "≥96"),
        ("OA、局网站系统、应急值守系统", "≥96"),
        ("应急移动指挥通信系统", "≥96"),
        ("其他辅助系统", "≥93"),
        ("重大 IT 运行事故", "≤0"),
        ("重大 IT 安全事件", "≤0"),
        ("计算机终端可用性", "≥95"),
        ("IT 服务客户满意度", "≥95"),
        ("IT 服务投诉", "≤5"),
    ]


def test_the_network_scope_has_nine_lines_and_five_kinds_of_equipment(terms: Terms) -> None:
    network = [item for item in terms.scope if item.service == "network"]
    assert Counter(item.type for item in network) == {"专用线路故障排查": 9, "网络设备维护": 5}
    assert {site.kind for site in terms.sites} == {"office", "machine_room"}


def test_one_manager_and_eight_engineers_in_five_roles(terms: Terms) -> None:
    assert [(group.headcount, len(group.roles)) for group in terms.staff] == [(1, 1), (8, 5)]


def test_obligations_and_open_points_are_numbered_without_a_gap(terms: Terms) -> None:
    assert [obligation.number for obligation in terms.obligations] == list(range(1, 48))
    assert [setting.number for setting in terms.settings] == list(range(1, 23))
    assert terms.setting("bond-deduction-base") == "bond"
    assert terms.setting("no-such-point", "default") == "default"


def test_what_the_contract_does_not_say_is_marked_as_not_agreed(terms: Terms) -> None:
    assert not any(level.agreed for level in terms.service_levels)
    assert not any(setting.agreed for setting in terms.settings)
    assert {system.code for system in terms.systems if system.agreed} == {"OA", "WEBSITE", "DUTY", "MOBILE"}


def test_every_figure_of_the_contract_names_its_clause(terms: Terms) -> None:
    sections = (terms.payments, terms.penalties, terms.kpis, terms.obligations, terms.scope, terms.deliverables)
    assert all(item.clause for section in sections for item in section)


def test_a_term_can_be_given_by_its_last_day(small: str) -> None:
    terms = load_terms(small, "small")
    assert terms.term.last_day() == date(2029, 12, 31)
    assert terms.price is None
    assert not terms.simulated
    assert {system.code for system in terms.systems} == {"OPSPACT", "IMPORTED"}


def test_terms_survive_being_stored_as_json(terms: Terms) -> None:
    assert Terms.model_validate_json(terms.model_dump_json()) == terms


def test_working_hours_are_minutes_of_the_day(terms: Terms) -> None:
    calendars = {calendar.code: calendar for calendar in terms.calendars}
    assert calendars["5x8"].minutes("mon") == ((540, 720), (780, 1080))
    assert calendars["5x8"].minutes("sun") == ()
    assert calendars["7x24"].minutes("sun") == ((0, 1440),)
