"""`opspact calc roster`: the worked files' known answers, and documents that are wrong."""

import json
from pathlib import Path

import pytest

from opspact.calc.kinds import kind
from opspact.calc.language import Words
from opspact.calc.running import Context, Refused, calculate

EXAMPLES = Path(__file__).parents[3] / "examples" / "calc"


def example(name):
    return json.loads((EXAMPLES / f"roster-{name}.json").read_text(encoding="utf-8"))


def ask(document):
    return calculate(kind("roster"), json.dumps(document).encode(), Context(Words("en")))


def test_four_people_watch_the_network_at_every_moment_within_the_law():
    answer = ask(example("7x24-network-watch"))
    assert answer["holds"]
    (watch,) = answer["coverage"]
    assert (watch["demanded"], watch["covered"], watch["gaps"], watch["clause"]) == (
        "720:00:00",
        "720:00:00",
        [],
        "A1 四.1",
    )
    assert [duty["person"] for duty in answer["on_duty"][0]["duties"]] == ["张磊"]
    nights = next(balance for balance in answer["fairness"] if balance["figure"] == "nights")
    # 30 nights begin in September, 四班 take them in turn, and the last of August is still on at the start.
    assert (nights["spread"], nights["mean"]) == (1, "31/4")


def test_three_people_would_break_the_limit_on_overtime():
    document = example("7x24-network-watch")
    document["people"] = document["people"][:3]
    document["rotations"][0] |= {"pattern": "白白夜夜休休"}
    document["rotations"][0]["lineups"][0]["crews"] = ["李伟", "王芳", "张磊"]
    answer = ask(document | {"ask": ["coverage", "violations"]})
    assert answer["coverage"][0]["holds"]
    found = [v for v in answer["violations"] if v["rule"] == "max_overtime_a_month"]
    # 240 hours each, 21 working days of eight: 72 of overtime, 36 too many.
    assert [(v["found"], v["limit"], v["excess"]) for v in found] == [("72:00:00", "36:00:00", "36:00:00")] * 3


def test_all_nine_are_on_site_on_working_days_and_all_engineers_serve_on_the_holiday():
    answer = ask(example("5x8-on-site-and-holiday"))
    (onsite,), (holiday,) = answer["coverage"], answer["special_periods"]
    # Seven working days from 09-26, 10-08 and 10-09 made up among them, seven hours each in the calendar `cn`.
    assert (onsite["holds"], onsite["demanded"]) == (True, "49:00:00")
    assert (holiday["holds"], holiday["absent"]) == (True, [])
    assert len(holiday["served"]) == 8
    assert answer["conflicts"] == []


def test_on_a_holiday_one_engineer_who_does_not_serve_is_named():
    document = example("5x8-on-site-and-holiday")
    for rotation in document["rotations"][1:]:
        crews = rotation["lineups"][0]["crews"]
        rotation["lineups"][0]["crews"] = [crew for crew in crews if crew != "黄丽"]
    holiday = ask(document)["special_periods"][0]
    assert (holiday["holds"], holiday["absent"]) == (False, ["黄丽"])


def test_swaps_substitutes_and_redirected_calls_say_who_answers():
    answer = ask(example("swap-and-override"))
    primary = [moment["duties"][0] for moment in answer["on_duty"]]
    assert [(duty["person"], duty["layer"], duty["by"], duty["instead_of"]) for duty in primary] == [
        ("王芳", "swap", "换班-1", "李伟"),
        ("刘洋", "override", "转接-1", "王芳"),
        ("李伟", "substitute", "请假-1", "王芳"),
    ]
    assert [(found["kind"], found["code"]) for found in answer["conflicts"]] == [("swap_of_no_duty", "换班-2")]


def test_a_gap_is_found_to_the_minute_in_the_plan_and_in_the_attendance():
    answer = ask(example("gap-found"))
    planned, attended = answer["coverage"]
    assert [(gap["start"], gap["lasts"]) for gap in planned["gaps"]] == [("2022-09-13T20:00:00+08:00", "12:00:00")]
    assert [(gap["start"], gap["lasts"]) for gap in attended["gaps"]] == [
        ("2022-09-13T08:00:00+08:00", "0:12:00"),
        ("2022-09-13T20:00:00+08:00", "1:05:00"),
    ]
    assert [found["kind"] for found in answer["conflicts"]] == ["leave_without_substitute"]
    assert not answer["holds"]


def test_a_generated_month_covers_every_moment_within_the_rules_it_was_given():
    pytest.importorskip("ortools")
    document = example("generate-month")
    document["generate"]["seconds"] = 1
    answer = ask(document)
    assert answer["generated"]["found"]
    assert (answer["holds"], answer["violations"], answer["conflicts"]) == (True, [], [])
    assert answer["special_periods"][0]["absent"] == []
    on_leave = [d for d in answer["schedule"] if d["person"] == "陈静" and "2022-10-17" <= d["start"] < "2022-10-22"]
    assert on_leave == []


def test_a_month_that_cannot_be_staffed_names_the_rules_that_clash():
    pytest.importorskip("ortools")
    document = example("generate-month")
    document["people"] = document["people"][:2]
    document["leave"] = []
    answer = ask(document)
    assert (answer["generated"]["found"], answer["holds"]) == (False, False)
    assert answer["generated"]["clash"]


def test_duties_inside_a_generated_period_are_refused():
    document = example("generate-month")
    document["duties"][0] |= {"start": "2022-10-02T20:00:00+08:00", "end": "2022-10-03T08:00:00+08:00"}
    with pytest.raises(Refused) as caught:
        ask(document)
    assert caught.value.findings[0].path == "generate"


def test_a_year_whose_holidays_were_not_published_is_provisional():
    document = example("5x8-on-site-and-holiday")
    weekly = {"mon-fri": ["09:00-12:00", "13:00-17:00"]}
    document["calendars"] = {"early": {"weekly": weekly, "holidays": "cn", "known_on": "2021-07-06"}}
    document["calendar"] = "early"
    assert ask(document)["provisional_years"] == [2022]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d["people"].append(d["people"][0]), "people[4].code"),
        (lambda d: d["rotations"][0]["lineups"][0]["crews"].append("周杰"), "rotations[0].lineups[0].crews[4]"),
        (lambda d: d["rotations"][0].update(pattern="白黑"), "rotations[0].pattern"),
        (lambda d: d["rotations"][0].update(pattern=None, handover="9"), "rotations[0].handover"),
        (lambda d: d["rotations"][0]["lineups"].append(d["rotations"][0]["lineups"][0]), "rotations[0]"),
        (lambda d: d["shifts"][0].update(hours="8-20"), "shifts[0].hours"),
        (lambda d: d["demands"][0].update(calendar="moon"), "demands[0].calendar"),
        (lambda d: d["demands"][0]["needs"][0].update(at_least=0), "demands[0].needs[0].at_least"),
        (lambda d: d["demands"][0].update(pool="P", exclusive=False), "demands[0]"),
        (lambda d: d.update(calendar="moon"), "calendar"),
        (lambda d: d["period"].update(end=d["period"]["start"]), "period"),
        (lambda d: d["period"].update(end="2022-10-01T00:00:00"), "period.end"),
        (lambda d: d.update(leave=[{"code": "L", "person": "周杰", **d["period"]}]), "leave[0]"),
        (lambda d: d.update(swaps=[{"code": "S", "one": "李伟", "other": "李伟", "given": d["period"]}]), "swaps[0]"),
        (lambda d: d.update(duties=[{"person": "李伟", "start": 5, "end": 5}]), "duties[0]"),
        (lambda d: d.update(attendance=[{"person": "周杰", "start": 5, "end": 6}]), "attendance[0].person"),
        (lambda d: d.update(special_periods=[{"code": "X", "start": 0, "end": 5}]), "special_periods[0]"),
        (lambda d: d["rules"].update(min_rest="eleven"), "rules.min_rest"),
        (lambda d: d.update(weather="fine"), "weather"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(change, path):
    document = example("7x24-network-watch")
    change(document)
    with pytest.raises(Refused) as caught:
        ask(document)
    assert [finding.path for finding in caught.value.findings] == [path]
    caught.value.findings[0].text(Words("en"))
