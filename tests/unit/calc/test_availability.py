"""The worked files of availability, by hand: October 2022 has 744 h, 96% leaves 29.76 h of them."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from opspact.calc import kinds
from opspact.calc.running import Context, Refused, calculate

EXAMPLES = Path(__file__).parents[3] / "examples" / "calc"
CONTEXT = Context(read=lambda name: (EXAMPLES / name).read_bytes())
HOUR = 3_600_000_000


def answer(document: Any) -> dict[str, Any]:
    source = document if isinstance(document, bytes) else json.dumps(document).encode()
    return calculate(kinds.kind("availability"), source, CONTEXT)


def worked(name: str) -> dict[str, Any]:
    return answer((EXAMPLES / f"availability-{name}").read_bytes())


def test_three_numbers_and_the_raw_one_say_what_is_missing() -> None:
    """744 h, 4 h excluded, 24 h unknown, 10 h down."""
    made = worked("three-numbers.json")["systems"][0]["figures"]
    assert made["availability"] == str(Fraction(706, 716))
    assert (made["best"], made["worst"]) == (str(Fraction(730, 740)), str(Fraction(706, 740)))
    assert made["raw"] == str(Fraction(706, 720))
    assert (made["raw_best"], made["raw_worst"]) == (str(Fraction(730, 744)), str(Fraction(706, 744)))
    assert made["observed_fraction"] == str(Fraction(716, 740))
    assert made["excluded_fraction"] == str(Fraction(4, 744))
    assert (made["percent"], made["verdict"]) == ("98.60", "undecidable")


def test_maintenance_overrun_late_approval_and_a_carriers_fault() -> None:
    """Excluded 4 h and 5 h; counted 1.5 h of overrun, 3 h approved too late, 1 h beyond the carrier's."""
    made = worked("maintenance-overrun.json")["systems"][0]
    assert made["figures"]["excluded"] == "9:00:00"
    assert made["figures"]["counted_down"] == "5:30:00"
    assert made["figures"]["availability"] == str(1 - Fraction(11, 2) / 735)
    assert made["figures"]["raw"] == str(1 - Fraction(29, 2) / 744)
    assert [outage["down"] for outage in made["outages"]] == ["1:30:00", "3:00:00", "1:00:00"]
    assert made["intervals"]["maintenance"] == [["2022-10-15T22:00:00+08:00", "2022-10-16T02:00:00+08:00"]]
    assert made["intervals"]["excused"] == [["2022-10-25T09:00:00+08:00", "2022-10-25T14:00:00+08:00"]]


def test_without_an_agreed_exclusion_of_third_parties_their_fault_counts() -> None:
    document = json.loads((EXAMPLES / "availability-maintenance-overrun.json").read_bytes())
    document["rules"] = {"exclusions": ["maintenance"]}
    assert answer(document)["systems"][0]["figures"]["counted_down"] == "10:30:00"


def test_parallel_lines_cost_the_system_only_while_both_are_down() -> None:
    """Both lines down 2 h, the platform 1 h."""
    made = worked("parallel-lines.json")["systems"][0]
    assert made["figures"]["availability"] == str(Fraction(741, 744))
    parts = {each["code"]: each for each in made["components"]}
    assert {code: int(each["share_us"]) // HOUR for code, each in parts.items()} == {
        "LINE-1/icmp": 1,
        "LINE-2/icmp": 1,
        "PLATFORM/http": 1,
    }
    assert [parts[code]["down"] for code in sorted(parts)] == ["8:00:00", "3:00:00", "1:00:00"]
    assert [parts[code]["decisive"] for code in sorted(parts)] == ["2:00:00", "2:00:00", "1:00:00"]
    assert made["together"] == [
        {"components": ["LINE-1/icmp", "LINE-2/icmp"], "down": "2:00:00"},
        {"components": ["PLATFORM/http"], "down": "1:00:00"},
    ]


def test_office_hours_count_one_outage_through_the_night_and_no_week_end() -> None:
    """18, 22 and 22 working days of 8 h; down 2 h + 1 h in October, one unusable day of 8 h in December."""
    made = worked("5x8.json")["systems"][0]
    assert [month["service_time"] for month in made["series"]] == ["144:00:00", "176:00:00", "176:00:00"]
    assert [month["availability"] for month in made["series"]] == [
        str(Fraction(141, 144)),
        "1",
        str(Fraction(168, 176)),
    ]
    assert made["figures"]["availability"] == str(Fraction(496 - 11, 496))
    assert (made["figures"]["unusable"], made["figures"]["degraded"]) == ("8:00:00", "8:00:00")
    assert [outage["down"] for outage in made["outages"]] == ["3:00:00", "8:00:00"]
    assert worked("5x8.json")["provisional_years"] == []


def test_an_open_outage_counts_up_to_now_and_leaves_a_budget() -> None:
    """In service 19.5 days less one; until the month's end 30 days: 28.8 h less 4 h."""
    made = worked("open-outage.json")["systems"][0]
    assert made["figures"]["service_time"] == "444:00:00"
    assert made["figures"]["availability"] == str(Fraction(440, 444))
    assert made["outages"] == [
        {
            "start": "2022-10-20T08:00:00+08:00",
            "end": "2022-10-20T12:00:00+08:00",
            "open": True,
            "down": "4:00:00",
        }
    ]
    assert made["budget_left"] == "24:48:00"


def test_a_table_of_changes_may_stand_beside_the_document_or_alone() -> None:
    """OA down 12 h, the site 36 h and unknown for 6 h."""
    expected = {"OA": str(Fraction(732, 744)), "SITE": str(Fraction(702, 738))}
    beside, alone = worked("from-changes.json"), worked("from-changes.csv")
    for made in (beside, alone):
        assert {each["code"]: each["figures"]["availability"] for each in made["systems"]} == expected
    assert beside["figures"]["group"]["availability"] == str((Fraction(732, 744) + Fraction(702, 738)) / 2)
    assert beside["figures"]["group"]["verdict"] == "met"
    assert alone["figures"]["group"]["verdict"] is None
    assert beside["systems"][0]["intervals"] is None


def test_figures_that_are_claimed_are_compared() -> None:
    document = json.loads((EXAMPLES / "availability-open-outage.json").read_bytes())
    document["figures"] = answer(document)["figures"]
    assert answer(document)["agrees"] is True
    document["figures"]["group"]["percent"] = "99.99"
    assert answer(document)["agrees"] is False


def test_a_rate_is_explained_in_the_readers_language() -> None:
    explained = worked("three-numbers.json")["explain"][0]
    assert explained["clause"] == "附件2"
    assert explained["steps"][-1]["params"] == {"objective_fraction": "24/25", "verdict": "undecidable"}


DOCUMENT = {
    "period": ["2022-10-01T00:00:00+08:00", "2022-11-01T00:00:00+08:00"],
    "objective": 0.96,
    "systems": [
        {
            "code": "WAN",
            "rule": {"any": [{"check": "a"}, {"check": "b"}]},
            "checks": {
                "a": [["2022-10-01T00:00:00+08:00", "2022-10-09T00:00:00+08:00", "up"]],
                "b": [
                    {"at": "2022-10-01T00:00:00+08:00", "state": "up"},
                    {"at": "2022-10-09T00:00:00+08:00", "state": "down"},
                ],
            },
            "granted": [["excused", "2022-10-02T00:00:00+08:00", "2022-10-03T00:00:00+08:00", None]],
        }
    ],
}


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("checks.a.0.1", "2022-09-09T00:00:00+08:00", r"systems\[0\]\.checks\.a\[0\]: ends \(2022-09-09T00:00:00"),
        ("checks.a.0.0", "2022-10-01T00:00:00", r"systems\[0\]\.checks\.a\[0\]\.start: .* has no time zone"),
        ("checks.a.0.2", "fine", r"systems\[0\]\.checks\.a\[0\]: fine is none of up"),
        ("checks.b.1.at", "2022-10-01T00:00:00+08:00", r"systems\[0\]\.checks\.b\[1\]: .* is not later"),
        ("checks.b.1.end", "2022-10-01T00:00:00+08:00", r"systems\[0\]\.checks\.b\[1\]: a change .* has no end"),
        ("checks.a", [{"state": "up"}], r"systems\[0\]\.checks\.a\[0\]: write start, end and state"),
        ("checks.a", "none.csv", r"systems\[0\]\.checks\.a: "),
        ("rule.any.0", 4, r"systems\[0\]\.rule\.any\[0\]: the rule is wrong"),
        ("rule.any.0", {"check": "c"}, r"systems\[0\]\.rule: no ledger is given of the check c"),
        ("granted.0.2", "2022-10-01T00:00:00+08:00", r"systems\[0\]\.granted\[0\]: ends"),
        ("granted.0.0", "luck", r"systems\[0\]\.granted\[0\]\.kind: "),
        ("in_service", [["2022-10-02T00:00:00Z", "2022-10-01T00:00:00Z"]], r"systems\[0\]\.in_service\[0\]: ends"),
        ("ledger", [], r"systems\[0\]: write either ledger, or checks"),
        ("colour", "red", r"systems\[0\]\.colour: nothing here is called that"),
    ],
)
def test_it_names_the_place_of_what_is_wrong_in_a_system(place: str, value: Any, message: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    put(document["systems"][0], place, value)
    with pytest.raises(Refused, match=message):
        calculate(kinds.kind("availability"), json.dumps(document).encode(), Context())


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("systems", [], "there is no system in it"),
        ("systems.1", DOCUMENT["systems"][0], r"systems\[1\]: the code WAN is taken already"),
        ("objective", "96", "an objective lies above 0"),
        ("period", [5, 3], "period: ends before it starts"),
        ("period", [0, 10**30], "period: lies outside"),
        ("service_time", "never", "service_time: no calendar is named never"),
        ("service_time", [[5, 3]], r"service_time\[0\]: ends before it starts"),
        ("rules", {"decide_on_observed_fraction": "0%"}, "rules: The observed fraction 0"),
        ("method", "guess", "method: "),
        ("calendars", {"x": {"weekly": {}}}, "calendars: "),
    ],
)
def test_it_names_the_place_of_what_is_wrong_elsewhere(place: str, value: Any, message: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    put(document, place, value)
    with pytest.raises(Refused, match=message):
        answer(document)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (b"start,state\n1,up\n", "the table needs the columns"),
        (b"at,state\n1\n", "line 2 has not as many cells"),
        (b"at,state\n1,up\n\xff,up\n", "not UTF-8"),
        (b"at,state\n5,up\n4,down\n", r"systems\[0\]\.ledger\[1\]: .* is not later"),
        (b"start,end,state\n5,4,up\n", r"systems\[0\]\.ledger\[0\]: ends"),
    ],
)
def test_it_says_what_is_wrong_with_a_table(table: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        answer(table)


def put(document: Any, place: str, value: Any) -> None:
    *path, last = (int(step) if step.isdecimal() else step for step in place.split("."))
    for step in path:
        document = document[step]
    if isinstance(document, list) and last == len(document):
        document.append(value)
    else:
        document[last] = value
