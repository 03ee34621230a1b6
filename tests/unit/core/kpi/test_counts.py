"""Major outages and security incidents: the worked table, and every way the pending ones may turn out."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.kpi import Asked, Objective, Role
from opspact.core.kpi.errors import UnknownReading
from opspact.core.kpi.records import IncidentFact
from opspact.core.kpi.rules.count_zero import CANCELLED, OTHER_LEVEL, CountReading, count_zero

ASKED = Asked(Objective.at_most(0), (0, 10), 10)
STATES = {
    "closed": {"closed_at": 5},
    "open": {},
    "awaited": {},
    "confirmed": {"confirmed": True},
    "refused": {"confirmed": False},
}
VENDORS = {"vendor": True, "other": False, "?": None}


def incidents(text: str) -> list[IncidentFact]:
    found = [words.split() for words in text.split(", ")]
    return [
        IncidentFact(f"INC-{i}", 1, level, vendors=VENDORS[whose], **STATES[state])
        for i, (level, state, whose) in enumerate(found)
    ]


def test_the_worked_table_of_incidents_holds(worked_table):
    for row in worked_table("indicators.md", "Incidents"):
        reading = CountReading(tuple(row["Levels"].split(", ")), row["Counted when"])
        answer = count_zero(incidents(row["Incidents"]), ASKED, reading)
        penalised = answer.beside["penalised"]
        found = [answer.figure.value, answer.figure.worst, answer.verdict, penalised.value, penalised.worst]
        names = ["Value", "Worst", "Verdict", "Penalised", "Penalised at most"]
        assert [str(each) for each in found] == [row[name] for name in names], row["Case"]


def test_all_may_be_penalised_where_the_contract_reads_so():
    reading = CountReading(("II",), penalised="all")
    assert count_zero(incidents("II closed other"), ASKED, reading).beside["penalised"].value == 1


def test_an_incident_closed_after_now_is_open():
    late = IncidentFact("a", 1, "I", closed_at=11)
    assert count_zero([late], ASKED, CountReading(("I",))).ids(Role.PENDING) == ("a",)


def test_what_does_not_count_says_why():
    given_ = [IncidentFact("a", 1, "III"), IncidentFact("b", 1, "I", cancelled=True), IncidentFact("c", 10, "I")]
    used = count_zero(given_, ASKED, CountReading(("I",))).used
    assert [one.why for one in used][:2] == [OTHER_LEVEL, CANCELLED]
    assert [one.role for one in used] == [Role.LEFT_OUT] * 3


def test_unknown_readings_are_refused():
    for wrong in ({"counted_when": "guessed"}, {"penalised": "nobody"}):
        with pytest.raises(UnknownReading):
            CountReading(("I",), **wrong)


FACT = st.tuples(st.sampled_from(["I", "II", "III"]), st.booleans(), st.sampled_from([True, False, None]))


@given(st.lists(FACT, max_size=5), st.integers(0, 3), st.sampled_from(["closed", "confirmed_by_client", "reported"]))
def test_the_verdict_stands_however_the_pending_ones_turn_out(facts, most, when):
    """Each pending one ends up counted or not (graded otherwise, or not confirmed)."""
    given_ = [
        IncidentFact(str(i), 1, level, closed_at=2 if closed else None, confirmed=confirmed)
        for i, (level, closed, confirmed) in enumerate(facts)
    ]
    asked = replace(ASKED, objective=Objective.at_most(most))
    ways = []
    for level, closed, confirmed in facts:
        if level == "III":
            ways.append([0])
        elif when == "closed":
            ways.append([1] if closed else [0, 1])
        elif when == "confirmed_by_client":
            ways.append([0, 1] if confirmed is None else [int(confirmed)])
        else:
            ways.append([1])
    outcomes = {sum(way) <= most for way in product(*ways)}
    expected = "undecidable" if len(outcomes) == 2 else "met" if outcomes == {True} else "missed"
    assert count_zero(given_, asked, CountReading(("I", "II"), when)).verdict == expected
