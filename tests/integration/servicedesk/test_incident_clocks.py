"""Clocks on the State Council's days of 2026, late entries, escalation, and years not published yet.

Worked by hand from the example contract: P3 responds in 30 min 7×24, arrives in 1 h (4 h out of hours), restores in
24 h 7×24, pausable; P4 responds in 1 h, arrives in 2 h (1 working day), restores in 3 working days, all 5×8, where
5×8 is Monday to Friday 09:00-12:00 and 13:00-18:00. The table is in docs/why/incident-clocks.md.
"""

from datetime import timedelta

import pytest
from tests.integration.servicedesk.support import by, local

from opspact.contracts.calendars import load_public_holidays
from opspact.core.clocks import ClockState
from opspact.core.instants import HOUR, MINUTE, to_us
from opspact.kit.actions import Caller
from opspact.servicedesk import actions, clockwork
from opspact.servicedesk.errors import NotPossibleNow
from opspact.servicedesk.models import Incident

P4 = {"impact": "individual", "urgency": "low"}
DONE = {"cause": "x", "resolution": "y", "cause_domain": "vendor"}


def clocks(incident, at):
    return clockwork.clocks_of(incident, local(at))


def due(incident, at, name):
    return clocks(incident, at)[name].deadline


@pytest.mark.parametrize(
    ("opened_at", "response_due", "restore_due"),
    [
        # An ordinary Friday evening: 10 min are left of it, 50 min of Monday.
        ("2026-11-20 17:50", "2026-11-23 09:50", "2026-11-25 17:50"),
        # The eve of the Spring Festival is Saturday 14 February, a make-up working day; 15-23 February are free.
        ("2026-02-13 17:50", "2026-02-14 09:50", "2026-02-25 17:50"),
        ("2026-02-14 17:50", "2026-02-24 09:50", "2026-02-26 17:50"),
        # The National Day: Sunday 20 September and Saturday 10 October are worked, 1-7 October are free.
        ("2026-09-30 17:50", "2026-10-08 09:50", "2026-10-10 17:50"),
        # Over lunch, and before the day opens.
        ("2026-11-23 11:30", "2026-11-23 13:30", "2026-11-26 11:30"),
        ("2026-11-23 07:00", "2026-11-23 10:00", "2026-11-25 18:00"),
        # Labour Day, 1-5 May free, Saturday 9 May worked.
        ("2026-04-30 17:50", "2026-05-06 09:50", "2026-05-08 17:50"),
    ],
)
def test_working_hours_follow_the_state_council(opened, opened_at, response_due, restore_due):
    incident = opened(now=local(opened_at), **P4)
    assert due(incident, opened_at, "response") == to_us(local(response_due))
    assert due(incident, opened_at, "restore") == to_us(local(restore_due))


@pytest.mark.parametrize(
    ("opened_at", "arrival_due"),
    [
        ("2026-11-20 17:50", "2026-11-20 18:50"),  # within working hours: 1 h
        ("2026-11-20 18:00", "2026-11-20 22:00"),  # the day has just closed: 4 h
        ("2026-11-21 10:00", "2026-11-21 14:00"),  # an ordinary Saturday
        ("2026-02-14 10:00", "2026-02-14 11:00"),  # a Saturday that is worked
        ("2026-10-01 10:00", "2026-10-01 14:00"),  # a Thursday that is free
    ],
)
def test_arrival_depends_on_whether_it_was_opened_in_working_hours(opened, opened_at, arrival_due):
    assert due(opened(now=local(opened_at)), opened_at, "arrival") == to_us(local(arrival_due))


def test_round_the_clock_no_hour_is_left_out(opened):
    incident = opened(now=local("2026-12-31 23:59"))
    assert due(incident, "2026-12-31 23:59", "restore") == to_us(local("2027-01-01 23:59"))


def test_lists_know_what_is_due_next_and_when_it_turns_amber(opened, engineer):
    incident = opened(now=local("2026-11-23 10:00"))
    assert (incident.next_due_name, incident.next_due_at) == ("response", local("2026-11-23 10:30"))
    assert incident.next_due_warns_at == local("2026-11-23 10:22:30")
    actions.take(by(engineer, local("2026-11-23 10:10")), incident)
    assert (incident.next_due_name, incident.next_due_at) == ("arrival", local("2026-11-23 11:00"))


def test_a_late_entry_counts_from_when_it_happened(opened, engineer, manager):
    incident = opened(now=local("2026-11-23 10:00"))
    actions.assign(by(manager, local("2026-11-23 10:05")), incident, to=engineer)
    assert clocks(incident, "2026-11-23 12:00")["response"].state is ClockState.BREACHED
    actions.respond(by(engineer, local("2026-11-23 12:00")), incident, at=local("2026-11-23 10:20"))
    assert clocks(incident, "2026-11-23 12:00")["response"].state is ClockState.MET
    event = incident.events.get(kind="responded")
    assert (event.at, event.recorded_at, event.is_late) == (
        local("2026-11-23 10:20"),
        local("2026-11-23 12:00"),
        True,
    )


def test_a_late_entry_between_others_is_replayed_in_its_place(opened, engineer):
    """Paused from 11:00 to 13:00, entered only at 15:00 and 15:01; the restore deadline moves by the two hours."""
    incident = opened(now=local("2026-11-23 10:00"))
    actions.take(by(engineer, local("2026-11-23 10:10")), incident)
    actions.comment(by(engineer, local("2026-11-23 14:00")), incident, text="still waiting")
    caller = by(engineer, local("2026-11-23 15:00"))
    actions.pause(caller, incident, reason="user", text="key to the room", at=local("2026-11-23 11:00"))
    actions.resume(by(engineer, local("2026-11-23 15:01")), incident, at=local("2026-11-23 13:00"))
    assert incident.next_due_at == local("2026-11-23 11:00")  # the arrival, which no pause stops
    assert due(incident, "2026-11-23 15:01", "restore") == to_us(local("2026-11-24 12:00"))


def test_a_step_cannot_be_entered_before_the_one_it_undoes(opened, engineer):
    incident = opened(now=local("2026-11-23 10:00"))
    actions.take(by(engineer, local("2026-11-23 10:10")), incident)
    actions.pause(by(engineer, local("2026-11-23 12:00")), incident, reason="user", text="waits")
    with pytest.raises(NotPossibleNow):
        actions.resume(by(engineer, local("2026-11-23 13:00")), incident, at=local("2026-11-23 11:59"))


def test_a_pause_stops_the_restore_clock_only(opened, engineer):
    incident = opened(now=local("2026-11-23 10:00"))
    actions.take(by(engineer, local("2026-11-23 10:10")), incident)
    actions.pause(by(engineer, local("2026-11-23 10:30")), incident, reason="third_party", text="carrier")
    at_noon = clocks(incident, "2026-11-23 12:00")
    assert (at_noon["restore"].state, at_noon["restore"].elapsed_us) == (ClockState.PAUSED, 30 * MINUTE)
    assert at_noon["arrival"].state is ClockState.BREACHED


def test_a_higher_priority_counts_what_has_elapsed(opened, manager):
    incident = opened(now=local("2026-11-23 10:00"))
    caller = by(manager, local("2026-11-23 13:00"))
    actions.change_priority(caller, incident, impact="global", urgency="high", reason="everybody")
    restore = clocks(incident, "2026-11-23 13:00")["restore"]
    assert (restore.elapsed_us, restore.deadline) == (3 * HOUR, to_us(local("2026-11-23 14:00")))


def test_reopening_goes_on_from_the_time_used(opened, engineer, manager):
    """3 h used, closed over night, reopened: 21 of the 24 h are left."""
    incident = opened(now=local("2026-11-23 10:00"))
    actions.take(by(engineer, local("2026-11-23 10:10")), incident)
    actions.resolve(by(engineer, local("2026-11-23 13:00")), incident, **DONE)
    actions.reopen(by(manager, local("2026-11-24 09:00")), incident, reason="again")
    assert due(incident, "2026-11-24 09:00", "restore") == to_us(local("2026-11-25 06:00"))


def test_a_proposal_accepted_late_ends_the_clock_when_service_came_back(opened, engineer):
    incident = opened(now=local("2026-11-23 10:00"))
    actions.take(by(engineer, local("2026-11-23 10:10")), incident)
    actions.propose_resolution(by(None, local("2026-11-23 11:01")), incident, restored_at=local("2026-11-23 11:00"))
    actions.accept_proposal(by(engineer, local("2026-11-25 10:00")), incident, **DONE)
    restore = clocks(incident, "2026-11-25 10:00")["restore"]
    assert (restore.state, restore.elapsed_us) == (ClockState.MET, HOUR)


def test_a_year_not_published_makes_the_deadline_provisional(opened):
    """The days of 2027 are not published: 1 January counts as an ordinary Friday until they are."""
    incident = opened(now=local("2026-12-31 17:50"), **P4)
    restore = clocks(incident, "2026-12-31 17:50")["restore"]
    assert restore.provisional_years == (2027,)
    assert restore.deadline == to_us(local("2027-01-05 17:50"))
    assert incident.next_due_provisional
    assert not opened(now=local("2026-12-31 17:50")).next_due_provisional, "7×24 waits for no publication"


def test_a_calendar_published_later_moves_open_clocks_within_the_hour(contract, opened):
    from opspact.contracts.models import CalendarDay, CalendarYear
    from opspact.servicedesk.escalation import look_at_due

    incident = opened(now=local("2026-12-31 17:50"), **P4)
    for day in ("2027-01-01", "2027-01-02", "2027-01-03"):
        CalendarDay.objects.create(day=day, kind="holiday")
    CalendarYear.objects.create(year=2027, source="test", loaded_at=local("2026-12-31 17:55"))
    look_at_due(local("2026-12-31 18:50"))
    incident.refresh_from_db()
    assert (incident.next_due_at, incident.next_due_provisional) == (local("2027-01-04 09:50"), False)


def test_loading_the_days_again_replaces_them_and_refuses_a_year_not_published(contract):
    caller = Caller.system(now=local("2026-02-01 00:00"))
    first = load_public_holidays(caller, None, years=[2026])
    assert load_public_holidays(caller, None, years=[2026]) == first
    with pytest.raises(ValueError, match="2027"):
        load_public_holidays(caller, None, years=[2027])


def test_a_cancelled_incident_has_no_clocks(opened, manager):
    incident = opened(now=local("2026-11-23 10:00"))
    actions.cancel(by(manager, local("2026-11-23 12:00")), incident, why="false_alarm", reason="a test")
    assert clocks(incident, "2026-11-23 12:00") == {}
    assert Incident.objects.filter(next_look_at__isnull=False).count() == 0


def test_breached_stays_after_the_end(opened, engineer):
    incident = opened(now=local("2026-11-23 10:00"))
    actions.take(by(engineer, local("2026-11-23 10:31")), incident)
    actions.resolve(by(engineer, local("2026-11-23 10:40")), incident, **DONE)
    assert incident.breached
    assert incident.next_due_at is None


def test_one_microsecond_after_the_deadline_is_late(opened, engineer):
    on_time, late = opened(now=local("2026-11-23 10:00")), opened(now=local("2026-11-23 10:00"))
    actions.take(by(engineer, local("2026-11-23 10:30")), on_time)
    actions.take(by(engineer, local("2026-11-23 10:30") + timedelta(microseconds=1)), late)
    assert (on_time.breached, late.breached) == (False, True)


def test_reports_are_owed_also_after_the_incident_is_closed(opened, engineer, manager):
    """P2 on a Monday at 10:00: first report in 30 min, in writing within 2 WD, that is Wednesday 10:00."""
    incident = opened(now=local("2026-11-23 10:00"), impact="global", urgency="medium")
    owed = clocks(incident, "2026-11-23 10:00")
    assert owed["report"].deadline == to_us(local("2026-11-23 10:30"))
    assert owed["written_report"].deadline == to_us(local("2026-11-25 10:00"))
    actions.take(by(engineer, local("2026-11-23 10:05")), incident)
    actions.arrive(by(engineer, local("2026-11-23 10:15")), incident)
    actions.report(by(engineer, local("2026-11-23 10:20")), incident, form="first", to="duty leader")
    actions.resolve(by(engineer, local("2026-11-23 11:00")), incident, **DONE)
    actions.close(by(manager, local("2026-11-23 12:00")), incident)
    assert (incident.next_due_name, incident.breached) == ("written_report", False)
    actions.report(by(engineer, local("2026-11-24 10:00")), incident, form="written", to="client")
    done = clocks(incident, "2026-11-24 10:00")
    assert (done["report"].state, done["written_report"].state) == (ClockState.MET, ClockState.MET)
    assert (incident.next_due_at, incident.next_look_at) == (None, None)


def test_a_report_owed_at_once_has_no_clock(opened):
    owed = clocks(opened(now=local("2026-11-23 10:00"), impact="global", urgency="high"), "2026-11-23 10:00")
    assert "report" not in owed
    assert owed["written_report"].deadline == to_us(local("2026-11-24 10:00"))
