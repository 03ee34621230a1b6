"""Penalty proposals: the contract's clauses, one penalty for one fact, repeats, cure periods, ending the contract."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.errors import NotAnAmount
from opspact.core.money import (
    Base,
    Counted,
    Cure,
    Fact,
    Ground,
    PenaltyRule,
    Stakes,
    Term,
    Terminal,
    assess,
    outcome,
)
from opspact.core.money.errors import (
    BadPercent,
    ClauseTwice,
    DoublePenalty,
    FactTwice,
    NegativeAmount,
    UnknownClause,
    UnknownSource,
)

PRICE, BOND = Decimal("2347000.00"), Decimal("117350.00")
STAKES = Stakes(PRICE, BOND)
WEEKDAYS = WorkCalendar("plain", "Asia/Shanghai", {day: [(540, 1020)] for day in range(5)})
DAY = date(2022, 9, 1)


def rules_of(rows):
    def number(text):
        return None if text == "—" else int(text)

    def percent(text):
        return None if text == "—" else Decimal(text)

    return [
        PenaltyRule(
            code=row["Code"],
            clause=row["Clause"],
            percent=percent(row["Percent"]),
            base=Base(row["Of"]),
            general=row["General"] == "yes",
            cure=None if row["Cure, days"] == "—" else Term(int(row["Cure, days"])),
            repeat_limit=number(row["Repeats"].split(" ")[0]),
            counted=Counted.REJECTIONS if "rejections" in row["Repeats"] else Counted.FACTS,
            terminates=row["Ends"] != "—",
            terminal_percent=percent(row["Ends"].replace("yes", "—")),
            refunds_payments=row["Refund"] == "yes",
            amount_by=None if row["Sum as in"] == "—" else row["Sum as in"],
        )
        for row in rows
    ]


@pytest.fixture(scope="module")
def rules(worked_table):
    return rules_of(worked_table("penalties.md", "The clauses as data"))


def test_the_sums_of_the_clauses_are_the_contracts(worked_table, rules, china):
    for row in worked_table("penalties.md", "The clauses as data"):
        fact = Fact("f", DAY, (row["Code"],))
        (proposal,) = assess([fact], rules, STAKES, china, DAY).proposals
        assert str(proposal.amount or "—") == row["A fact costs"]


def test_the_table_of_one_fact_holds(worked_table, rules, china):
    for row in worked_table("penalties.md", "One penalty for one fact"):
        chosen = None if row["Client chose"] == "—" else row["Client chose"]
        fact = Fact("f", DAY, tuple(row["Fits"].split(", ")), chosen=chosen)
        if row["Applied"] == "refused":
            with pytest.raises(DoublePenalty) as caught:
                assess([fact], rules, STAKES, china, DAY)
            assert f"{caught.value.params['one']}, {caught.value.params['other']}" == row["Not applied"]
        else:
            (proposal,) = assess([fact], rules, STAKES, china, DAY).proposals
            assert (proposal.rule.code, str(proposal.amount or "—")) == (row["Applied"], row["Sum"])
            assert ", ".join(f"{p.clause} ({p.amount or '—'})" for p in proposal.passed) == row["Not applied"]


def test_a_fact_penalised_under_one_clause_is_refused_under_another(rules, china):
    facts = [Fact("outage-7", DAY, ("security",)), Fact("other", DAY, ("other",)), Fact("outage-7", DAY, ("other",))]
    with pytest.raises(DoublePenalty) as caught:
        assess(facts, rules, STAKES, china, DAY)
    assert caught.value.params == {"position": 2, "fact": "outage-7", "one": "5.1¶5", "other": "5.1¶6"}


def test_a_fact_decided_before_is_not_proposed_again_and_not_under_another_clause(rules, china):
    fact = Fact("f", DAY, ("other",))
    again = assess([fact], rules, Stakes(PRICE, BOND, decided={"f": "other"}), china, DAY)
    assert again.proposals[0].decided
    assert again.total == 0
    with pytest.raises(DoublePenalty) as caught:
        assess([fact], rules, Stakes(PRICE, BOND, decided={"f": "security"}), china, DAY)
    assert caught.value.params["one"] == "5.1¶5"


@pytest.mark.parametrize(("code", "limit"), [("staffing", 3), ("other", 2)])
def test_or_more_includes_the_number(rules, china, code, limit):
    facts = [Fact(f"f{n}", DAY + timedelta(n), (code,)) for n in range(limit)]
    day_before = DAY + timedelta(limit - 2)
    assert assess(facts, rules, STAKES, china, day_before).terminations == ()
    (right,) = assess(facts, rules, STAKES, china, DAY + timedelta(limit)).terminations
    assert right.grounds == ((Ground.REPEATED, tuple(fact.code for fact in facts)),)
    assert str(right.terminal_amount) == "117350.00"


def test_rejections_of_one_work_count_not_works(rules, china):
    works = [Fact("a", DAY, ("nonconforming",), rejections=1), Fact("b", DAY, ("nonconforming",), rejections=1)]
    assert assess(works, rules, STAKES, china, DAY).terminations == ()
    twice = Fact("c", DAY, ("nonconforming",), rejections=2)
    (right,) = assess([*works, twice], rules, STAKES, china, DAY).terminations
    assert right.grounds == ((Ground.REJECTED, ("c",)),)


@pytest.mark.parametrize(
    ("as_of", "cured_on", "refused_on", "cure", "ground"),
    [
        ("2022-09-05", None, None, Cure.RUNNING, None),
        ("2022-09-06", None, None, Cure.RUNNING, None),
        ("2022-09-07", None, None, Cure.UNCURED, Ground.UNCURED),
        ("2022-09-07", "2022-09-06", None, Cure.CURED, None),
        ("2022-09-08", "2022-09-07", None, Cure.LATE, Ground.CURED_LATE),
        ("2022-09-02", None, "2022-09-02", Cure.REFUSED, Ground.REFUSED),
        ("2022-09-01", None, "2022-09-02", Cure.RUNNING, None),
    ],
)
def test_five_days_after_notice_end_with_their_last_day(rules, china, as_of, cured_on, refused_on, cure, ground):
    day = date.fromisoformat
    fact = Fact(
        "f",
        DAY,
        ("other",),
        notified_on=DAY,
        cured_on=day(cured_on) if cured_on else None,
        refused_on=day(refused_on) if refused_on else None,
    )
    found = assess([fact], rules, STAKES, china, day(as_of))
    assert found.proposals[0].cure is cure
    assert [g for right in found.terminations for g, _ in right.grounds] == ([ground] if ground else [])


def test_a_cure_that_ends_on_a_rest_day_ends_on_the_next_working_day(rules, china):
    fact = Fact("f", DAY, ("nonconforming",), notified_on=date(2022, 9, 7))
    (proposal,) = assess([fact], rules, STAKES, china, date(2022, 9, 13)).proposals
    # Three days end on Saturday 2022-09-10, the first day of the Mid-Autumn holiday; work resumes on Tuesday.
    assert (proposal.cure_ends_on, proposal.cure) == (date(2022, 9, 13), Cure.RUNNING)


def test_ending_the_contract_replaces_the_single_penalties_or_adds_to_them(rules, china):
    facts = [Fact("a", DAY, ("other",)), Fact("b", DAY, ("other",)), Fact("c", DAY, ("security",))]
    found = assess(facts, rules, STAKES, china, DAY)
    assert str(found.total) == "164290.00"  # 2 × 23,470 and 117,350
    (right,) = found.terminations
    assert (right.replaced, str(right.penalties)) == (("a", "b"), "234700.00")
    assert right.ends_on == date(2022, 10, 8)  # 30 days end on 2022-10-01, moved to the first working day
    (added,) = assess(facts, rules, Stakes(PRICE, BOND, terminal=Terminal.ADDS), china, DAY).terminations
    assert (added.replaced, str(added.penalties)) == ((), "281640.00")


def test_a_breach_that_ends_the_contract_at_once(rules, china):
    (right,) = assess([Fact("f", DAY, ("infringement",))], rules, STAKES, china, DAY).terminations
    assert right.grounds == ((Ground.AT_ONCE, ("f",)),)
    assert (right.terminal_amount, str(right.penalties)) == (None, "23470.00")


def test_a_cap_on_all_penalties_is_kept(rules, china):
    facts = [Fact(f"f{n}", DAY, ("security",)) for n in range(4)]
    found = assess(facts, rules, Stakes(PRICE, BOND, cap_percent=Decimal(10)), china, DAY)
    assert (str(found.asked), str(found.total)) == ("469400.00", "234700.00")


def test_loss_above_the_penalty_remains_to_be_claimed(rules, china):
    for loss, further in [("30000.00", "6530.00"), ("20000.00", "0.00")]:
        (proposal,) = assess([Fact("f", DAY, ("other",), loss=Decimal(loss))], rules, STAKES, china, DAY).proposals
        assert str(proposal.further_claim) == further


def test_both_sums_of_an_end_are_shown(worked_table, rules):
    other = next(rule for rule in rules if rule.code == "other")
    for row in worked_table("penalties.md", "Refund all, or pay the work done"):
        completed = None if row["Work done"] == "—" else Decimal(row["Work done"])
        found = outcome(other, Decimal(row["Penalties"]), Decimal(row["Paid"]), completed)
        assert (str(found.refund_all), str(found.pay_completed or "—")) == (row["Refund all"], row["Pay work done"])
    incident = next(rule for rule in rules if rule.code == "security-incident")
    assert outcome(incident, Decimal(0), Decimal(10), Decimal(4)).refund_all is None


FITS = st.lists(st.sampled_from(["other", "security", "staffing", "report"]), min_size=1, max_size=3, unique=True)
SMALL = [
    PenaltyRule(
        "other", percent=Decimal(1), general=True, repeat_limit=2, terminates=True, terminal_percent=Decimal(5)
    ),
    PenaltyRule("security", percent=Decimal(5)),
    PenaltyRule("staffing", repeat_limit=3, terminates=True, terminal_percent=Decimal(5)),
    PenaltyRule("report", amount_by="other"),
]
COSTS = {"other": 23470_00, "security": 117350_00, "staffing": 0, "report": 23470_00}


@given(st.lists(FITS, max_size=6))
def test_no_set_of_facts_is_ever_penalised_twice(fits):
    facts = [Fact(f"f{n}", DAY, tuple(clauses)) for n, clauses in enumerate(fits)]
    conflict = next((n for n, clauses in enumerate(fits) if len(set(clauses) - {"other"}) > 1), None)
    if conflict is not None:
        with pytest.raises(DoublePenalty) as caught:
            assess(facts, SMALL, STAKES, WEEKDAYS, DAY)
        assert caught.value.params["position"] == conflict
        return
    applied = [next((c for c in clauses if c != "other"), "other") for clauses in fits]
    found = assess(facts, SMALL, STAKES, WEEKDAYS, DAY)
    assert found.total * 100 == sum(COSTS[code] for code in applied)
    others, staffing = applied.count("other"), applied.count("staffing")
    expected = {}
    if others >= 2:
        expected["other"] = found.total * 100 - others * COSTS["other"] + 117350_00
    if staffing >= 3:
        expected["staffing"] = found.total * 100 + 117350_00
    assert {right.rule.code: right.penalties * 100 for right in found.terminations} == expected


def test_nonsense_is_refused_by_name(rules, china):
    def run(*facts, rules=rules, stakes=STAKES):
        return assess(facts, rules, stakes, china, DAY)

    with pytest.raises(FactTwice) as twice:
        run(Fact("f", DAY, ("other",)), Fact("f", DAY, ("other",)))
    assert twice.value.params["position"] == 1
    with pytest.raises(UnknownClause) as unknown:
        run(Fact("f", DAY, ("other", "nothing")))
    assert unknown.value.params == {"position": 0, "fact": "f", "clause": "nothing"}
    with pytest.raises(UnknownClause):
        run(Fact("f", DAY, ()))
    with pytest.raises(ClauseTwice):
        run(rules=[rules[0], rules[0]])
    with pytest.raises(UnknownSource) as source:
        run(rules=[rules[0], PenaltyRule("report", amount_by="others")])
    assert source.value.params == {"position": 1, "clause": "others"}
    with pytest.raises(BadPercent):
        run(rules=[PenaltyRule("x", percent=Decimal(-1))])
    with pytest.raises(NegativeAmount):
        run(stakes=Stakes(Decimal(-1)))
    with pytest.raises(NotAnAmount):
        run(stakes=Stakes(1.5))
