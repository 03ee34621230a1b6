"""`opspact calc sla`: the worked files and their known answers, and what a wrong document is told."""

import json
from pathlib import Path

import pytest

from opspact.calc import kinds
from opspact.calc.language import Words
from opspact.calc.running import Context, Refused, calculate

EXAMPLES = Path(__file__).parents[3] / "examples" / "calc"


def answer(document):
    source = document if isinstance(document, bytes) else json.dumps(document).encode()
    return calculate(kinds.kind("sla"), source, Context(Words("en")))


def worked(name):
    return answer((EXAMPLES / f"sla-{name}.json").read_bytes())


def clock(found, target, ticket=0, number=-1):
    return [each for each in found["tickets"][ticket]["clocks"] if each["target"] == target][number]


def facts(found, target, ticket=0, number=-1):
    each = clock(found, target, ticket, number)
    return each["state"], (each["deadline_at"] or "-")[5:16], each["elapsed"], each["paused"]


def test_a_pause_over_night_counts_its_working_hours_only():
    """3 WD are 24 h: 1 on the 7th, 7 on the 8th, 8 on the 9th, 8 on the 13th; 10 to 12 September are Mid-Autumn.

    It waited 17-18 and 9-10, for one reason or the other.
    """
    found = worked("pause-overnight")
    assert facts(found, "restore") == ("running", "09-13T18:00", "11:00:00", "2:00:00")
    assert [(part["counted"], part["paused"]) for part in clock(found, "restore")["segments"]] == [
        ("1:00:00", False),
        ("2:00:00", True),
        ("10:00:00", False),
    ]
    steps = next(each["steps"] for each in found["explain"] if each["about"] == "-: restore")
    assert [step["text"][26:] for step in steps] == [
        "The clock starts with IV.",
        "The clock pauses (user).",
        "Waiting for another reason as well (third_party).",
        "Still waiting (third_party).",
        "The clock goes on.",
    ]


def test_a_change_of_priority_keeps_the_five_hours_that_have_elapsed():
    found = worked("priority-change")
    assert facts(found, "restore") == ("breached", "08-15T18:00", "9:00:00", "0:00:00")
    assert (clock(found, "restore")["overdue"], clock(found, "restore")["remaining"]) == ("1:00:00", "0:00:00")
    # Half of 8 h had been used up at the change; 150% would have been at 22:00, after the end.
    assert [(each["percent"], each["at"][11:16]) for each in clock(found, "restore")["escalations"]] == [
        ("50", "15:00"),
        ("75", "16:00"),
        ("100", "18:00"),
    ]
    assert facts(found, "report") == ("met", "08-15T15:30", "0:20:00", "0:00:00")
    assert facts(found, "written_report") == ("running", "08-17T15:00", "3:00:00", "0:00:00")


def test_arrival_at_level_ii_depends_on_the_hour_of_opening():
    found = worked("level-ii-arrival-out-of-hours")
    assert [clock(found, "arrival", ticket)["budget"] for ticket in range(3)] == ["0:30:00", "2:00:00", "0:30:00"]
    assert [facts(found, "arrival", ticket)[:2] for ticket in range(3)] == [
        ("met", "09-30T18:29"),
        ("met", "09-30T20:00"),
        ("breached", "10-08T09:30"),
    ]
    # The 8th and 9th of October 2022 were worked, 1 to 7 were free: two working days from the evening of 09-30.
    assert facts(found, "written_report", 1) == ("breached", "10-09T18:00", "19:00:00", "0:00:00")
    assert found["summary"]["arrival"] == {"met": 2, "breached": 1}


def test_third_parties_run_side_by_side_while_the_ticket_waits():
    found = worked("third-party-parallel")
    assert facts(found, "restore") == ("met", "08-16T05:00", "4:10:00", "7:00:00")
    assert facts(found, "second line accepts") == ("met", "08-15T15:45", "0:29:00", "0:00:00")
    assert facts(found, "carrier on site") == ("met", "08-15T20:00", "3:30:00", "0:00:00")
    assert facts(found, "carrier repairs") == ("met", "08-16T04:00", "9:00:00", "0:00:00")
    # A day of 8 h from 16:30: 1.5 h are left of the 15th, so 09:00-12:00 and 13:00-16:30 on the 16th.
    assert facts(found, "maker repairs") == ("breached", "08-16T16:30", "8:30:00", "0:00:00")


def test_updates_are_due_again_and_again_and_a_reply_is_owed_once():
    found = worked("next-update-due")
    follow = clock(found, "update")["follow_ups"]
    assert [at[11:16] for at in follow["missed"]] == ["11:25", "11:55"]
    assert [at[11:16] for at in follow["due"]] == ["10:30", "10:55", "11:25", "11:55", "12:35"]
    assert follow["next_at"][11:16] == "12:35"
    assert facts(found, "next_reply") == ("breached", "08-15T11:20", "1:05:00", "0:00:00")
    assert clock(found, "update", 1)["follow_ups"]["next_at"][5:16] == "08-16T15:00"


def test_reopened_within_the_window_it_goes_on_and_after_it_it_starts_anew():
    found = worked("reopened")
    assert facts(found, "restore", 0) == ("met", "08-19T10:00", "23:00:00", "0:00:00")
    assert facts(found, "restore", 1) == ("running", "08-19T15:01", "18:59:00", "0:00:00")
    assert facts(found, "restore", 1, 0) == ("met", "08-16T10:00", "5:00:00", "0:00:00")
    assert facts(found, "response", 1)[:2] == ("met", "08-18T15:31")
    assert len([each for each in found["tickets"][0]["clocks"] if each["target"] == "response"]) == 1


NOON = "2022-07-06T12:00:00+08:00"


def document(**changes):
    terms = {"P1": {"targets": {"restore": {"within": "4 h"}}, "pauses": {"user": {}}}}
    events = [{"at": "2022-07-06T10:00:00+08:00", "kind": "opened", "priority": "P1"}]
    return {"terms": terms, "events": events, "now": NOON} | changes


def after(*events):
    return document(events=[*document()["events"], *events])


def with_target(**target):
    return document(terms={"P1": {"targets": {"restore": {"within": "4 h"} | target}}})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (document(events=[]), "give either events or tickets"),
        (document(tickets=[{"code": "a", "events": document()["events"]}]), "give either events or tickets"),
        (after({"at": "2022-07-06T11:00:00", "kind": "closed"}), "events[1].at: 2022-07-06T11:00:00 has no time zone"),
        (after({"at": "2022-07-06T09:00:00+08:00", "kind": "closed"}), "events[1].at: Event 1 happened before"),
        (after({"at": NOON, "kind": "sneezed"}), "events[1].kind: "),
        (after({"at": NOON, "kind": "priority", "priority": "P9"}), "events[1].priority: "),
        (after({"at": NOON, "kind": "paused", "reason": "tea"}), "events[1].reason: "),
        (after({"at": NOON, "kind": "third_party_called"}), "events[1].vendor: "),
        (after({"at": NOON, "kind": "third_party_done", "vendor": "x"}), "events[1].vendor: "),
        (after({"at": NOON, "kind": "calendar", "calendar": "24x7", "becomes": "moon"}), "events[1].becomes: "),
        (after(*[{"at": NOON, "kind": "closed"}] * 2), "events[2]: Event 2 is the same as event 1"),
        (document(events=[{"at": NOON, "kind": "closed"}]), "events[0].kind: The first event must be the opening"),
        (
            document(events=[], tickets=[{"code": "a", "events": [{"at": NOON, "kind": "closed"}]}]),
            "tickets[0].events[0].kind: The first event must be the opening",
        ),
        (with_target(within="soon"), "terms.P1.targets.restore.within: expected a time such as 4 h, 30 min or 3 WD"),
        (with_target(calendar="moon"), "terms.P1.targets.restore.calendar: no calendar of this document is named moon"),
        (with_target(kind="smile"), "terms.P1.targets.restore.kind: No event is known"),
        (with_target(kind="accept"), "terms.P1.targets.restore: Target restore of the kind accept"),
        (with_target(kind="update", within="0 s"), "terms.P1.targets.restore: restore: 0 is not a duration"),
        (document(terms={"P1": {"targets": {}}}), "terms.P1.targets: The terms of priority P1 have no target"),
        (document(percents=[50, 0]), "percents: Escalation 1: 0 is not an exact percentage"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(wrong, said):
    with pytest.raises(Refused) as caught:
        answer(wrong)
    assert caught.value.findings[0].text(Words("en")).startswith(said)
