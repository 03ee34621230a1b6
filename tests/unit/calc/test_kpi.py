"""`opspact calc kpi`: each worked file has its known answers, and what is wrong is said of its place."""

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from opspact.calc.kinds import kind
from opspact.calc.language import Words
from opspact.calc.running import Context, Refused, calculate, schema

EXAMPLES = Path(__file__).parents[3] / "examples" / "calc"
KIND = kind("kpi")


def document(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / name).read_text(encoding="utf-8"))


def answer(given: dict[str, Any]) -> dict[str, Any]:
    return calculate(KIND, json.dumps(given).encode(), Context(Words("en")))


def indicator(name: str, code: str) -> dict[str, Any]:
    return next(each for each in answer(document(name))["indicators"] if each["code"] == code)


def refused(given: dict[str, Any]) -> list[str]:
    with pytest.raises(Refused) as error:
        answer(given)
    return [finding.text(Words("en")) for finding in error.value.findings]


def test_satisfaction_leaves_out_automatic_void_and_later_ratings() -> None:
    found = indicator("kpi-satisfaction.json", "satisfaction")
    assert (found["figure"]["value"], found["figure"]["shown"], found["verdict"]) == ("23/24", "95.83%", "met")
    assert [each["id"] for each in found["records"]["left_out"]] == ["WO-220901", "WO-220902", "WO-221011"]


def test_terminals_owe_eight_hours_on_each_working_day_they_served() -> None:
    """Faults: 8 + 2 h (overlapping), 4 + 8 h before the holiday, 2.5 h until the spare; the mobile one is beside."""
    found = indicator("kpi-terminals.json", "terminal-availability")
    days = [date(2022, 7, 6) + timedelta(days=i) for i in range(92)]
    working = [day for day in days if chinese_calendar.is_workday(day)]
    owed = 8 * (199 * len(working) + sum(day >= date(2022, 9, 1) for day in working))
    assert found["figure"]["value"] == str(1 - Fraction("24.5") / owed)
    assert found["beside"]["mobile"]["value"] == str(1 - Fraction(16, 10 * 8 * len(working)))


def test_six_complaints_on_120_tickets_are_5_per_cent_and_one_unsettled_decides() -> None:
    found = indicator("kpi-complaints.json", "complaints")
    assert (found["figure"]["value"], found["figure"]["worst"], found["verdict"]) == ("1/20", "7/120", "undecidable")
    assert found["beside"]["count"]["value"] == "6"
    assert found["alerts"] == ["6 valid complaints: more than 5, whatever their share is."]


def test_the_stable_running_rate_of_october_is_the_mean_of_five_ledgers() -> None:
    """744 h: OA down 29.75 h, duty 8 h of which 6 in maintenance, mobile 3.5 h, mail 44 h."""
    downs = {
        "oa": ("29.75", 744),
        "website": ("0", 744),
        "duty": ("2", 738),
        "mobile-command": ("3.5", 744),
        "mail": ("44", 744),
    }
    values = {code: 1 - Fraction(down) / hours for code, (down, hours) in downs.items()}
    found = indicator("kpi-stable-running-rate.json", "availability-overall")
    assert found["figure"]["value"] == str(sum(values.values()) / 5)
    assert {code: each["value"] for code, each in found["beside"].items()} == {
        code: str(value) for code, value in values.items()
    }
    each = indicator("kpi-stable-running-rate.json", "availability-key")
    assert (each["figure"]["value"], each["verdict"]) == (str(values["oa"]), "met")


def test_the_scorecard_of_annex_2_stays_open_while_a_veto_is_undecided() -> None:
    """Nine rows; client −10 on one, deliverables 90 on one, one undecided veto: 0 or 100 of one ninth."""
    found = answer(document("kpi-scorecard-annex-2.json"))
    sheet = found["scorecard"]
    best = 100 - Fraction(10 * 50 + 10 * 30, 100 * 9)
    assert (sheet["score"]["best"], sheet["score"]["worst"]) == (str(best), str(best - Fraction(100, 9)))
    assert (sheet["grade"], sheet["passed"], sheet["veto_open"]) == (None, "undecidable", ["major-security-incidents"])
    assert sheet["review"] == {"due_on": "2022-10-18", "is_over": True, "deemed_passed": True, "provisional_years": []}
    assert [each["verdict"] for each in found["indicators"]] == ["met"] * 5 + ["undecidable"] + ["met"] * 3


def test_the_client_settles_the_open_veto() -> None:
    given = document("kpi-scorecard-annex-2.json")
    for verdict, passed, grade in (("met", "met", "excellent"), ("missed", "missed", "unqualified")):
        given["scorecard"]["adjudicated"] = {"major-security-incidents": verdict}
        sheet = answer(given)["scorecard"]
        assert (sheet["passed"], sheet["grade"]) == (passed, grade)


def test_projection_says_what_is_left_of_350_4_and_613_2_hours() -> None:
    found = {each["code"]: each["projection"] for each in answer(document("kpi-projection.json"))["indicators"]}
    assert found["availability-key"]["downtime_left"] == {"oa": "150:24:00", "website": "350:24:00"}
    assert found["availability-key"]["hold"] == str(1 - Fraction("150.4") / 4344)
    assert found["availability-overall"]["downtime_left"]["oa"] == "351:12:00"  # 3 × 350.4 h less 700 h
    assert found["availability-auxiliary"]["outlook"] == "at_risk"  # a minute over, if the 13 unseen ones were down
    assert found["availability-auxiliary"]["downtime_left"] == {"mail": "-0:01:00"}
    assert (found["satisfaction"]["needed"], found["satisfaction"]["may_be_bad"]) == (30, 0)
    assert (found["complaints"]["may_be_bad"], found["complaints"]["outlook"]) == (7, "safe")
    assert (found["major-outages"]["may_be_bad"], found["major-outages"]["outlook"]) == (0, "safe")


def test_each_contract_quarter_stands_beside_the_term_up_to_its_end() -> None:
    """Ratings 23 of 24 good in the first quarter, one bad in the second: 23 of 25 so far. The others have not begun."""
    given = document("kpi-projection.json") | {"every": "quarter", "now": "2023-01-05T12:00:00+08:00"}
    quarters = next(each for each in answer(given)["indicators"] if each["code"] == "satisfaction")["series"]
    assert [(each["first_on"], each["last_on"]) for each in quarters] == [
        ("2022-07-06", "2022-10-05"),
        ("2022-10-06", "2023-01-05"),
    ]
    assert [(each["figure"]["value"], each["verdict"]) for each in quarters] == [("23/24", "met"), ("0", "undecidable")]
    assert [each["cumulative"]["value"] for each in quarters] == ["23/24", "23/25"]
    del given["term"]
    assert refused(given) == ["every needs the term that it cuts"]


def test_what_must_be_held_is_never_shown_as_less() -> None:
    found = indicator("kpi-projection.json", "availability-auxiliary")["projection"]
    assert (Fraction(found["hold"]) > 1, found["hold_shown"]) == (True, "100.01%")


def test_a_chain_of_probes_reads_ledgers_by_component() -> None:
    given = {
        "period": {"start": 0, "end": 1000},
        "term": {"start": 0, "end": 2000},
        "now": 1000,
        "indicators": [
            {
                "code": "mobile",
                "rule": "availability_series",
                "objective": {"at_least": "96%"},
                "links": ["platform", "link"],
                "ledgers": {"platform": [[0, 1000, "up"]], "link": [[0, 980, "up"], [980, 1000, "down"]]},
            }
        ],
    }
    found = answer(given)["indicators"][0]
    assert (found["figure"]["value"], found["verdict"]) == ("49/50", "met")
    assert found["projection"]["hold"] == str(1 - Fraction(60, 1000))
    given["indicators"][0]["ledgers"]["link"] = [[0, 5, "up"], [3, 6, "down"]]
    assert refused(given)[0].startswith("indicators[0].ledgers.link[1]: ")
    given["indicators"][0]["ledgers"] = {"satellite": []}
    assert refused(given) == ["indicators[0].ledgers.satellite: the chain has no component of this name"]


def test_what_is_wrong_is_said_of_its_place() -> None:
    given = document("kpi-satisfaction.json")
    given["indicators"][0]["ratings"][2]["score"] = 6
    assert refused(given)[0].startswith("indicators[0].ratings[2]: ")
    given["indicators"][0]["ratings"][2]["given_at"] = "2022-07-06T09:00:00"
    assert "ratings[2].given_at: 2022-07-06T09:00:00 has no time zone" in refused(given)[0]
    given = document("kpi-complaints.json")
    given["indicators"][0]["tickets"][7]["id"] = "T-001"
    assert refused(given)[0].startswith("indicators[0].tickets[7]: ")
    given = document("kpi-complaints.json")
    given["indicators"][0]["objective"] = {"at_most": 5}
    assert refused(given)[0].startswith("indicators[0].objective: ")
    given = document("kpi-terminals.json")
    given["indicators"][0]["faults"][1]["terminal"] = "PC-999"
    assert refused(given)[0].startswith("indicators[0].faults[1]: ")
    given["indicators"][0]["calendar"] = "moon"
    assert refused(given) == ["indicators[0].calendar: no calendar is named moon"]
    given = document("kpi-projection.json")
    given["indicators"][1]["measured"][0]["down"] = "5000 h"
    assert refused(given)[0].startswith("indicators[1].measured[0]: ")
    given["indicators"][1]["code"] = "availability-overall"
    assert refused(given)[0].startswith("indicators[1].code: ")
    given = document("kpi-stable-running-rate.json")
    given["indicators"][0]["systems"][1]["ledger"][0][2] = "sleepy"
    assert refused(given)[0].startswith("indicators[0].systems[1].ledger[0]: ")
    given = document("kpi-scorecard-annex-2.json")
    given["scorecard"]["marks"]["availability-mobile"]["client_assessment"]["deductions"][0]["evidence"] = []
    assert refused(given)[0].startswith("scorecard.marks.availability-mobile: ")
    given["scorecard"]["marks"] = {"nothing": {}}
    assert refused(given)[0].startswith("scorecard.marks.nothing: ")


def test_its_words_are_in_the_schema() -> None:
    assert "Client satisfaction" in json.dumps(schema(KIND.takes, "kpi"), ensure_ascii=False)
