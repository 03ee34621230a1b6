"""`opspact calc penalty`: the worked files and their known answers, and what a wrong document is told."""

import json
from pathlib import Path

import pytest

from opspact.calc import kinds
from opspact.calc.language import Words
from opspact.calc.running import Context, Refused, calculate

EXAMPLES = Path(__file__).parents[3] / "examples" / "calc"
CONTEXT = Context(Words("en"))


def answer(document):
    source = document if isinstance(document, bytes) else json.dumps(document).encode()
    return calculate(kinds.kind("penalty"), source, CONTEXT)


def worked(name):
    return answer((EXAMPLES / f"penalty-{name}.json").read_bytes())


def findings(document):
    with pytest.raises(Refused) as caught:
        answer(document)
    return [finding.text(Words("en")) for finding in caught.value.findings]


def readings(section):
    return {(item["setting"], item["value"]): item["amount"] for item in section["other_readings"]}


def test_the_first_payment_paid_late():
    (paid,) = worked("late-payment-first")["late_payments"]
    assert (paid["due_on"], paid["begins_on"]) == ("2022-07-20", "2022-09-01")
    # 29 days from 09-01 to 09-29 at 704.10; it was paid on the thirtieth.
    assert (paid["days"], paid["interest"], paid["cap"], paid["unpaid"]) == (29, "20418.90", "70410.00", "0.00")
    assert [line["amount"] for line in paid["sheet"]] == ["704.10"] * 29
    assert readings(paid) == {
        ("interest_start", "same-day"): "21123.00",
        ("fiscal_funds", "runs"): "20418.90",
        ("payment_day", "counts"): "21123.00",
        ("cap_base", "accruing"): "20418.90",
        ("rounding", "per_day"): "20418.90",
    }


def test_a_payment_in_part_and_a_pause():
    first, second = worked("late-payment-partial-and-paused")["late_payments"]
    # 10 days at 704.10, 10 at 500.00, 5 standing still, 5 at 500.00.
    assert (first["days"], first["paused_days"], first["interest"]) == (25, 5, "14541.00")
    assert first["unpaid"] == "1000000.00"
    assert readings(first)["fiscal_funds", "runs"] == "17041.00"
    assert next(line["on"] for line in first["sheet"] if line["paused"]) == "2022-09-21"
    # Five working days of a wrong invoice move the due day; the funds that are missing keep interest from beginning.
    assert (second["due_on"], second["begins_on"], second["interest"]) == ("2022-07-27", None, "0.00")
    # Counted on, interest begins on 09-08: 23 days at 704.10.
    assert readings(second)["fiscal_funds", "runs"] == "16194.30"


def test_one_fact_is_penalised_once():
    found = worked("one-fact-once")["breaches"]
    sums = {item["fact"]: (item["clause"], item["amount"], item["cure"]) for item in found["proposals"]}
    assert sums == {
        "TRAINING-Q1": ("5.1¶6", "23470.00", "cured"),
        "VULN-2022-11": ("5.1¶5", "117350.00", "none"),
        "INSPECTION-GAP": ("5.1¶1", None, "cured"),
        "HANDOVER-LOG": ("5.1¶6", "23470.00", "uncured"),
        "REPORT-Q2": ("6.3, 15.2", "23470.00", "running"),
    }
    assert found["total"] == "187760.00"
    not_applied = {item["fact"]: item["not_applied"] for item in found["proposals"]}
    assert not_applied["VULN-2022-11"] == [{"clause": "5.1¶6", "amount": "23470.00"}]
    (ending,) = found["endings"]
    assert [(ground["ground"], ground["facts"]) for ground in ending["grounds"]] == [
        ("repeated", ["TRAINING-Q1", "HANDOVER-LOG"]),
        ("uncured", ["HANDOVER-LOG"]),
    ]
    # 117,350 in place of twice 23,470; the security penalty and the report's stay.
    assert (ending["replaces"], ending["penalties"]) == (["TRAINING-Q1", "HANDOVER-LOG"], "258170.00")
    assert (ending["refund_all"], ending["pay_work_done"]) == ("1666370.00", None)


def test_deductions_leave_the_rest_of_the_bond():
    found = worked("bond-deductions")["bond_deductions"]
    assert [(item["asked"], item["left"]) for item in found["deductions"]] == [
        ("5867.50", "111482.50"),
        ("5867.50", "105615.00"),
    ]
    assert (found["left"], found["further_claim"]) == ("105615.00", "0.00")
    assert readings(found) == {("of", "price"): "0.00"}


def test_the_cap_of_continued_service():
    found = worked("hold-over-cap")["hold_over"]
    assert (found["day_rate"], found["days_within_cap"], found["allowance_ends_on"]) == ("6430.14", 36, "2023-08-11")
    assert (found["days_paid"], found["days_unpaid"], found["fee"]) == (36, 20, "231484.93")
    assert found["supplements"] == {"spent": "206000.00", "cap": "234700.00", "left": "28700.00", "excess": "0.00"}
    assert (found["combined_warns"], found["passed_with"]) == (True, None)


def test_settlement_by_work_done():
    found = worked("settlement-by-work-done")
    assert found["settlement"]["amount"] == "1116420.00"
    assert (found["settlement"]["balance"], found["settlement"]["by_days"]) == ("-291780.00", "1286027.40")
    (ending,) = found["breaches"]["endings"]
    assert (ending["refund_all"], ending["pay_work_done"]) == ("1525550.00", "409130.00")
    assert [item["after"] for item in found["price_cut"]["instalments"]] == ["1408200.00", "704100.00", "134700.00"]


def test_every_section_is_explained():
    texts = [step["text"] for item in worked("hold-over-cap")["explain"] for step in item["steps"]]
    assert texts[0] == "A day is 6430.14; the cap of 234700.00 pays 36 full days."
    for name in ("settlement-by-work-done", "one-fact-once", "bond-deductions", "late-payment-first"):
        explained = worked(name)["explain"]
        assert all(item["rule"] and item["steps"] for item in explained)


BASE = {"price": "2347000.00", "as_of": "2022-09-30"}
LATE = {"name": "P1", "amount": "100.00", "due_on": "2022-07-20"}
RULES = [
    {"code": "other", "percent": 1, "general": True},
    {"code": "a", "percent": 5},
    {"code": "b", "clause": "5.1¶5"},
]
FACT = {"code": "f", "on": "2022-09-01"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "give at least one of"),
        ({"late_payments": [LATE | {"amount": "1.005"}]}, "late_payments[0].amount: 1.005 has more than two decimals"),
        ({"late_payments": [LATE | {"amount": "-1.00"}]}, "late_payments[0].amount: -1.00 is less than 0"),
        (
            {
                "late_payments": [
                    LATE | {"paid": [{"on": "2022-09-01", "amount": 60}, {"on": "2022-09-02", "amount": 41}]}
                ]
            },
            "late_payments[0].paid[1]: Payment 1 brings what was paid to 101.00; only 100.00 is due.",
        ),
        (
            {
                "late_payments": [
                    LATE | {"pauses": [{"reason": "agreed", "first_on": "2022-08-02", "last_on": "2022-08-01"}]}
                ]
            },
            "late_payments[0].pauses[0]: Pause 0 ends (2022-08-01) before it starts (2022-08-02).",
        ),
        ({"late_payments": [LATE | {"working_days": 10}]}, "late_payments[0]: give either due_on, or counted_from"),
        (
            {"late_payments": [LATE | {"percent_per_day": 101}]},
            "late_payments[0].percent_per_day: 101 is more than 100",
        ),
        (
            {"breaches": {"rules": RULES, "facts": [FACT | {"clauses": ["other", "a", "b"]}]}},
            "breaches.facts[0]: Fact 0 (f) cannot be penalised under a and under 5.1¶5 as well.",
        ),
        (
            {"breaches": {"rules": RULES, "facts": [FACT | {"clauses": ["a"]}, FACT | {"clauses": ["other"]}]}},
            "breaches.facts[1]: Fact 1 (f) cannot be penalised under a and under other as well.",
        ),
        (
            {
                "bond": "5.00",
                "breaches": {"rules": RULES, "facts": [FACT | {"clauses": ["a"]}]},
                "bond_deductions": {"periods": [{"period": "f"}]},
            },
            "breaches.facts[0]: Fact 0 (f) cannot be penalised under 6.2 and under a as well.",
        ),
        (
            {"breaches": {"rules": RULES, "facts": [FACT | {"clauses": ["a"], "loss": "-0.01"}]}},
            "breaches.facts[0].loss: -0.01 is less than 0",
        ),
        (
            {"breaches": {"rules": [RULES[0], {"code": "report", "amount_by": "others"}]}},
            "breaches.rules[1]: Clause 1 takes its sum from the clause others, which was not given.",
        ),
        ({"breaches": {"rules": RULES[:1] * 2}}, "breaches.rules[1]: Clause 1 has the code other of an earlier one."),
        ({"bond_deductions": {}}, "bond_deductions: deductions need the bond"),
        (
            {"bond": "5.00", "bond_deductions": {"periods": [{"period": "Q1"}, {"period": "Q1"}]}},
            "bond_deductions.periods[1]: Fact 1 (Q1) cannot be penalised under 6.2 and under 6.2 as well.",
        ),
        (
            {
                "settlement": {
                    "paid": 0,
                    "days_served": 1,
                    "rate_card": {"rates": {"day": 1}, "client_signed": True, "vendor_signed": True},
                    "work": [{"item": "night", "quantity": 1}],
                }
            },
            "settlement.work[0]: Work 0 is of the kind night, which the rate card does not have.",
        ),
        ({"settlement": {"paid": 0, "days_served": 366}}, "settlement: 366 days of a term of 365 days"),
        (
            {"price_cut": {"instalments": [{"code": "P1", "percent": 60}], "cut": 1}},
            "price_cut: The payments are 60 per",
        ),
        ({"hold_over": {"service_ends_on": "2023-07-06"}}, "hold_over: Interval 0 ends"),
        ({"calendar": "mars", "late_payments": [LATE]}, "calendar: no calendar is named mars"),
    ],
)
def test_a_wrong_document_is_told_where_and_why(more, said):
    (found,) = findings(BASE | more)
    assert found.startswith(said)
