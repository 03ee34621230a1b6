"""At 50, 75 and 100 % of a clock the next people are told, once each."""

from datetime import timedelta

import pytest
from tests.integration.servicedesk.support import MONDAY_10, by, local

from opspact.identity.roles import Role
from opspact.kit.models import Message
from opspact.servicedesk import actions, escalation
from opspact.servicedesk.models import Incident, IncidentEvent


@pytest.fixture
def boss(person):
    return person("boss", Role.CLIENT_MANAGER)


def escalated(incident):
    rows = incident.events.filter(kind=IncidentEvent.Kind.ESCALATED)
    return [(row.data["target"], row.data["percent"], row.at) for row in rows]


def told(user, text):
    return Message.objects.filter(user=user, text__startswith=text).count()


def test_each_step_is_taken_once_at_its_instant(opened, engineer, manager, boss):
    """The response of a P3 has 30 min: 15 min, 22 min 30 s and 30 min after 10:00."""
    incident = opened()
    actions.assign(by(manager), incident, to=engineer)
    for minute in range(32):
        escalation.look_at_due(MONDAY_10 + timedelta(minutes=minute))
    of_response = [(percent, at) for target, percent, at in escalated(incident) if target == "response"]
    assert of_response == [
        (50, local("2026-11-23 10:15")),
        (75, local("2026-11-23 10:22:30")),
        (100, local("2026-11-23 10:30")),
    ]
    assert told(engineer, "%(percent)s%%") == 3  # 50 and 75 % of the response, 50 % of the arrival
    assert told(manager, "%(percent)s%%") == 1
    assert (told(manager, "Overdue"), told(boss, "Overdue")) == (1, 1)
    assert told(boss, "%(percent)s%%") == 0
    incident.refresh_from_db()
    assert incident.breached


def test_after_a_silence_only_the_highest_step_is_told_and_all_are_on_record(opened, manager, person, boss):
    desk = person("desk", Role.SERVICE_DESK)
    incident = opened()
    escalation.look_at_due(MONDAY_10 + timedelta(minutes=45))
    assert [percent for target, percent, _ in escalated(incident) if target == "response"] == [50, 75, 100]
    assert (told(desk, "Overdue"), told(desk, "%(percent)s%%")) == (1, 1)  # response overdue; arrival at 75 %


def test_a_clock_that_ended_or_waits_escalates_nothing(opened, engineer):
    incident = opened()
    actions.take(by(engineer), incident)
    actions.arrive(by(engineer), incident)
    actions.pause(by(engineer), incident, reason="user", text="waits")
    escalation.look_at_due(MONDAY_10 + timedelta(days=5))
    assert escalated(incident) == []


def test_a_waiting_proposal_holds_the_restore_escalation(opened, engineer):
    incident = opened()
    actions.take(by(engineer), incident)
    actions.arrive(by(engineer), incident)
    actions.propose_resolution(by(None), incident, restored_at=MONDAY_10)
    escalation.look_at_due(MONDAY_10 + timedelta(days=2))
    assert escalated(incident) == []
    actions.decline_proposal(by(engineer, MONDAY_10 + timedelta(days=2)), incident, reason="down again")
    Incident.objects.update(next_look_at=MONDAY_10)
    escalation.look_at_due(MONDAY_10 + timedelta(days=2))
    assert [percent for _, percent, _ in escalated(incident)] == [50, 75, 100]


def test_the_job_reads_little_when_nothing_is_due(opened, django_assert_num_queries):
    opened()
    with django_assert_num_queries(1):
        assert escalation.look_at_due(MONDAY_10 + timedelta(seconds=1)) == 0
