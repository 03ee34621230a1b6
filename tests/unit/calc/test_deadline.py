"""`opspact calc deadline`: the worked files have known answers, and a wrong document is told where."""

import json
from pathlib import Path

import pytest

from opspact.calc.kinds.deadline import KIND
from opspact.calc.language import Words
from opspact.calc.running import Context, Refused, calculate

EXAMPLES = Path(__file__).parents[3] / "examples" / "calc"


def worked(name):
    return calculate(KIND, (EXAMPLES / f"deadline-{name}.json").read_bytes(), Context(Words("en")))


def days(answer):
    return {date["name"]: date["on"] for date in answer["dates"]}


def obligation(answer, name):
    return next(each for each in answer["obligations"] if each["name"] == name)


def refused(document):
    with pytest.raises(Refused) as caught:
        calculate(KIND, json.dumps(document).encode(), Context(Words("en")))
    return [(finding.path, finding.text(Words("en"))) for finding in caught.value.findings]


def test_the_contracts_dates():
    answer = worked("contract-dates")
    assert days(answer) == {
        "signed": "2022-07-06",
        "bond and first payment due": "2022-07-20",
        "first payment: interest": "2022-09-01",
        "quarterly report 1": "2022-10-08",
        "quarterly report 2, half-year 1": "2023-01-06",
        "quarterly report 3": "2023-04-06",
        "quarterly report 4, half-year 2": "2023-07-06",
        "review 1 ends": "2022-10-18",
        "review 2 ends": "2023-01-16",
        "review 3 ends": "2023-04-17",
        "review 4 ends": "2023-07-17",
        "eight months complete": "2023-03-06",
        "second payment confirmed": "2023-03-07",
        "second payment due": "2023-04-19",
        "second payment: interest": "2023-06-02",
        "service end": "2023-07-06",
        "accepted and confirmed": "2023-07-07",
        "third payment due": "2023-08-18",
        "third payment: interest": "2023-10-08",
        "confirmed after a silent review": "2023-07-18",
        "third payment due after a silent review": "2023-08-29",
        "third payment after a silent review: interest": "2023-10-17",
        "allowance for going on ends": "2023-08-11",
    }
    assert [each["about"] for each in answer["explain"]] == list(days(answer))
    first, second = answer["volumes"]
    counted = ("working_days", "iso_weeks", "natural_months", "contract_months")
    assert [first[name] for name in counted] == [251, 53, 13, 12]
    assert (second["working_days"], second["calendar_days"]) == (250, 365)
    assert first["holiday_days"] == 29
    assert [(run["first"], run["last"]) for run in first["holidays"]] == [
        ("2022-09-10", "2022-09-12"),
        ("2022-10-01", "2022-10-07"),
        ("2022-12-31", "2023-01-02"),
        ("2023-01-21", "2023-01-27"),
        ("2023-04-05", "2023-04-05"),
        ("2023-04-29", "2023-05-03"),
        ("2023-06-22", "2023-06-24"),
    ]


def test_the_inclusive_alternative():
    found = days(worked("inclusive-alternative"))
    assert found["bond and first payment due"] == "2022-07-19"
    assert found["first payment: interest on the thirtieth day"] == "2022-08-31"
    assert [found[name] for name in found if name.startswith("quarterly report")] == [
        "2022-10-08",
        "2023-01-05",
        "2023-04-06",
        "2023-07-05",
    ]
    assert found["second payment may be applied for"] == "2023-03-06"
    assert (found["service end"], found["acceptance may begin"]) == ("2023-07-05", "2023-07-06")
    assert found["allowance for going on ends"] == "2023-08-10"


def test_what_was_provisional_at_signing():
    answer = worked("provisional-at-signing")
    assert answer["provisional_years"] == [2023]
    provisional = {date["name"]: date["provisional_years"] for date in answer["dates"]}
    assert provisional["quarterly report 3"] == provisional["review 3 ends"] == [2023]
    assert provisional["service end"] == provisional["signed"] == []
    # Without the holidays of 2023, Qingming (04-05) was still a working day.
    assert days(answer)["second payment due"] == "2023-04-18"
    assert [term["ends_at"] for term in answer["terms"]] == [
        "2022-07-21T00:00:00+08:00",
        "2022-07-20T17:00:00+08:00",
        "2022-07-09T17:00:00+08:00",
    ]


def test_recurring_reports_and_what_fulfilled_them():
    answer = worked("recurring-reports")
    quarterly = obligation(answer, "quarterly report")
    assert [(each["due_on"], each["fulfilment"], each["record"]) for each in quarterly["occurrences"]] == [
        ("2022-10-08", "done", "QR-1"),
        ("2023-01-06", "late", "QR-2"),
        ("2023-04-06", "done", "QR-3"),
        ("2023-07-06", "missing", None),
        ("2023-08-11", "due", None),
    ]
    assert (quarterly["unused"], quarterly["occurrences"][4]["clipped"], quarterly["occurrences"][4]["extended"]) == (
        ["QR-3 revised"],
        True,
        True,
    )
    assert obligation(answer, "training")["counts"] == {"done": 3, "missing": 1}
    assert obligation(answer, "special report")["counts"] == {"done": 2}
    assert obligation(answer, "monthly report")["counts"] == {"done": 1, "late": 1, "missing": 10, "not_yet": 2}
    natural = obligation(answer, "quarterly report by natural quarters")["occurrences"]
    assert [each["due_on"] for each in natural] == [
        "2022-09-30",
        "2023-01-03",
        "2023-03-31",
        "2023-06-30",
        "2023-07-06",
    ]
    about = [each["about"] for each in answer["explain"]]
    assert about[:6] == [*(f"quarterly report {n}" for n in range(1, 6)), "special report 1"]


def test_notice_before_a_change():
    answer = worked("notice-before-change")
    assert {date["name"]: (date["on"], date["in_time"], date["earliest_event"]) for date in answer["dates"]} == {
        "change of staff": ("2022-10-10", None, None),
        "notice": ("2022-10-05", True, None),
        "notice a day too late": ("2022-10-05", False, "2022-10-11"),
        "notice, whole days between": ("2022-10-04", False, "2022-10-11"),
        "notice on a working day": ("2022-09-30", None, None),
        "termination takes effect": ("2023-03-01", None, None),
        "notice of termination": ("2023-01-30", True, None),
    }


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("deadline-*.json")), ids=lambda path: path.stem)
def test_every_answer_is_explained_and_given_again_the_same(path):
    answer = calculate(KIND, path.read_bytes(), Context())
    assert answer == calculate(KIND, path.read_bytes(), Context())
    occurrences = [each for obligation in answer["obligations"] for each in obligation["occurrences"]]
    assert len(answer["explain"]) == len(answer["terms"]) + len(answer["dates"]) + len(occurrences)
    assert all(explained["steps"] for explained in answer["explain"])


SIGNED = {"name": "signed", "on": "2022-07-06"}
TEN_DAYS = {"amount": 10, "unit": "working_days"}
YEAR = {"start": "2022-07-06", "amount": 12}


def after(amount, unit):
    return {"dates": [SIGNED, {"name": "b", "after": {"of": "signed", "amount": amount, "unit": unit}}]}


def term(**parts):
    return {"terms": [{"name": "a", **parts}]}


def owed(rule, **parts):
    return {"term": YEAR, "obligations": [{"name": "a", "rule": rule}]} | parts


def recorded(**record):
    return [{"name": "a", "rule": {"every_months": 3}, "records": [{"id": "r", "done_on": "2022-10-01", **record}]}]


@pytest.mark.parametrize(
    ("document", "path", "says"),
    [
        ({}, "", "give terms, dates, volumes or obligations"),
        ({"calendar": "moon", "dates": [SIGNED]}, "calendar", "moon"),
        ({"dates": [{"name": "a"}]}, "dates[0]", "exactly one of on, after"),
        ({"dates": [{**SIGNED, "shifted": {"of": "signed", "days": 1}}]}, "dates[0]", "exactly one of"),
        ({"dates": [SIGNED, SIGNED]}, "dates[1]", "has the name of date 0"),
        ({"dates": [SIGNED, {"name": "b", "after": {"of": "sgned", **TEN_DAYS}}]}, "dates[1]", "sgned"),
        ({"dates": [{"name": "b", "shifted": {"of": "b", "days": 1}}]}, "dates[0]", "counted from itself"),
        ({"dates": [{**SIGNED, "colour": "red"}]}, "dates[0].colour", "nothing here is called that"),
        (after(0, "months"), "dates[1].after.amount", "0"),
        (after(1.5, "months"), "dates[1].after.amount", "1.5"),
        (after(999, "years"), "dates[1]", "100 years"),
        (term(start="2022-07-06", hours="24 h"), "terms[0]", "start and days"),
        (term(start="2022-13-06", days=TEN_DAYS), "terms[0].start", "2022-13-06"),
        (term(start_at="2022-07-06T09:00", hours="24 h"), "terms[0].start_at", "no time zone"),
        (term(start="2022-07-06", days={"amount": 999, "unit": "years"}), "terms[0]", "100 years"),
        ({"volumes": [{"name": "a", "first": "2022-07-06", "last": "2022-07-05"}]}, "volumes[0]", "2022-07-05"),
        (owed({"every_months": 3}, term=None), "obligations[0].term", "neither the obligation"),
        (owed({"every_months": 3}, term={**YEAR, "until": "2023-01-01"}), "term", "2023-01-01"),
        (owed({"every_months": 5, "natural": True}), "obligations[0].rule", "5"),
        (owed({"monthly": {}}), "obligations[0].rule", "day"),
        (owed({}), "obligations[0].rule", "exactly one of daily"),
        (owed({}, obligations=recorded()), "now", "time to judge"),
        (
            owed({}, obligations=recorded(number=9), now="2023-01-01T00:00Z"),
            "obligations[0].records[0]",
            "occurrence 9",
        ),
        (owed({}, obligations=recorded(done_at=0)), "obligations[0].records[0]", "exactly one of done_at, done_on"),
    ],
)
def test_a_wrong_document_is_told_where(document, path, says):
    findings = refused(document)
    assert [found for found, _ in findings] == [path]
    assert says in findings[0][1]
