"""Complaints: the worked table of `docs/why/indicators.md`, and every way the unsettled ones may turn out."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.kpi import Asked, Objective, Role
from opspact.core.kpi.errors import BadParameter, UnknownReading
from opspact.core.kpi.records import ClosedTicket, Complaint
from opspact.core.kpi.rules.complaint_ratio import ComplaintReading, complaint_ratio

SHARE, COUNT = Objective.at_most("0.05"), Objective.at_most(5)


def answered(valid, pending, tickets, method="ratio_of_closed_tickets", without="pass_without_complaints"):
    complaints = [Complaint(f"V{i}", 1, True) for i in range(valid)]
    complaints += [Complaint(f"P{i}", 1, None) for i in range(pending)] + [Complaint("no", 1, False)]
    closed = [ClosedTicket(f"T{i}", 1) for i in range(tickets)]
    asked = Asked(COUNT if method == "count" else SHARE, (0, 10), 10)
    return complaint_ratio(complaints, closed, asked, ComplaintReading(method, without_tickets=without))


def test_the_worked_table_of_complaints_holds(worked_table):
    for row in worked_table("indicators.md", "Complaints"):
        numbers = [int(row[name]) for name in ("Valid", "Pending", "Tickets")]
        answer = answered(*numbers, row["Method"], row["Without tickets"])
        share = answer.beside.get("ratio_of_closed_tickets", answer.figure).value
        alert = "yes" if answer.alerts else "no"
        found = ["-" if share is None else str(share), str(answer.verdict), alert]
        assert found == [row["Share"], row["Verdict"], row["Alert"]], row["Case"]


def test_both_the_share_and_the_number_are_shown():
    assert answered(3, 0, 100).beside["count"].value == 3
    assert answered(3, 0, 100, "count").beside["ratio_of_closed_tickets"].value * 100 == 3


def test_roles_say_what_counted():
    answer = answered(1, 1, 1)
    assert [answer.ids(role) for role in Role] == [("T0",), ("V0",), ("P0",), ("no",)]


def test_readings_that_make_no_sense_are_refused():
    with pytest.raises(UnknownReading):
        ComplaintReading("by_weight")
    with pytest.raises(UnknownReading):
        ComplaintReading(without_tickets="shrug")
    with pytest.raises(BadParameter):
        ComplaintReading(alert_above_count=-1)


@given(
    st.lists(st.sampled_from([True, False, None]), max_size=6),
    st.integers(0, 60),
    st.sampled_from(["ratio_of_closed_tickets", "count"]),
)
def test_the_verdict_stands_however_the_unsettled_ones_turn_out(validity, tickets, method):
    """Settle the unsettled ones in every way: met if all of them meet, missed if none does."""
    complaints = [Complaint(str(i), 0, valid) for i, valid in enumerate(validity)]
    asked = Asked(COUNT if method == "count" else SHARE, (0, 1), 1)
    answer = complaint_ratio(
        complaints, [ClosedTicket(f"T{i}", 0) for i in range(tickets)], asked, ComplaintReading(method)
    )
    outcomes = set()
    for settled in product(*([valid] if valid is not None else [True, False] for valid in validity)):
        count = sum(settled)
        if method == "count":
            outcomes.add("met" if count <= 5 else "missed")
        elif tickets:
            outcomes.add("met" if count * 20 <= tickets else "missed")
        else:
            outcomes.add("undecidable" if count else "met")
    assert answer.verdict == (outcomes.pop() if len(outcomes) == 1 else "undecidable")
