"""What each step changes, from which states it is possible, and what it answers otherwise."""

from datetime import timedelta

import pytest
from tests.integration.servicedesk.support import MONDAY_10, by, local

from opspact.identity.roles import Role
from opspact.kit.models import AuditEvent, Message
from opspact.servicedesk import actions
from opspact.servicedesk.errors import NotPossibleNow
from opspact.servicedesk.models import Incident, IncidentEvent

State = Incident.State
DONE = {"cause": "disk full", "resolution": "freed space", "cause_domain": "vendor"}
AFTER = MONDAY_10 + timedelta(minutes=5)


def kinds(incident):
    return list(incident.events.values_list("kind", flat=True))


@pytest.fixture
def in_progress(opened, engineer):
    incident = opened()
    actions.take(by(engineer, AFTER), incident)
    return incident


def test_assigning_makes_it_assigned_and_tells_the_assignee(opened, manager, engineer):
    incident = opened()
    actions.assign(by(manager), incident, to=engineer)
    assert (incident.state, incident.assignee) == (State.ASSIGNED, engineer)
    assert Message.objects.filter(user=engineer, text__startswith="Assigned to you").count() == 1


def test_assigning_again_keeps_the_state_and_notes_who_had_it(in_progress, manager, person):
    other = person("zhao", Role.ENGINEER)
    actions.assign(by(manager, AFTER), in_progress, to=other)
    assert (in_progress.state, in_progress.assignee) == (State.IN_PROGRESS, other)
    assert in_progress.events.last().data == {"to": "zhao", "name": "Zhao", "before": "engineer"}


def test_nobody_without_a_role_in_the_contract_is_given_one(opened, manager, person):
    client = person("client", Role.CLIENT_STAFF)
    elsewhere = person("wang", Role.ENGINEER, code="other")
    for user in (client, elsewhere):
        with pytest.raises(NotPossibleNow):
            actions.assign(by(manager), opened(), to=user)


def test_taking_is_the_response(opened, engineer):
    incident = opened()
    actions.take(by(engineer, AFTER), incident)
    assert (incident.state, incident.assignee, incident.responded_at) == (State.IN_PROGRESS, engineer, AFTER)
    assert kinds(incident) == ["opened", "assigned", "responded"]
    assert incident.next_due_name == "arrival"


def test_one_who_comes_second_is_told_who_has_it(in_progress, person):
    with pytest.raises(NotPossibleNow, match=r"Engineer"):
        actions.take(by(person("zhao", Role.ENGINEER), AFTER), in_progress)


def test_the_assignee_takes_what_was_assigned_to_them(opened, manager, engineer, person):
    incident = opened()
    actions.assign(by(manager), incident, to=engineer)
    with pytest.raises(NotPossibleNow):
        actions.take(by(person("zhao", Role.ENGINEER), AFTER), incident)
    actions.take(by(engineer, AFTER), incident)
    assert incident.state == State.IN_PROGRESS


def test_responding_happens_once(opened, manager, engineer):
    incident = opened()
    with pytest.raises(NotPossibleNow):
        actions.respond(by(manager), incident)
    actions.assign(by(manager), incident, to=engineer)
    actions.respond(by(engineer, AFTER), incident)
    assert (incident.state, incident.responded_at) == (State.IN_PROGRESS, AFTER)
    with pytest.raises(NotPossibleNow):
        actions.respond(by(engineer, AFTER), incident)


def test_arriving_is_a_response_too_and_happens_once(opened, engineer):
    incident = opened()
    actions.arrive(by(engineer, AFTER), incident)
    assert (incident.state, incident.responded_at, incident.arrived_at) == (State.IN_PROGRESS, AFTER, AFTER)
    with pytest.raises(NotPossibleNow):
        actions.arrive(by(engineer, AFTER), incident)


def test_it_pauses_only_for_a_reason_of_the_contract_and_with_words(in_progress, engineer):
    with pytest.raises(NotPossibleNow):
        actions.pause(by(engineer, AFTER), in_progress, reason="lunch", text="hungry")
    with pytest.raises(NotPossibleNow):
        actions.pause(by(engineer, AFTER), in_progress, reason="user", text=" ")
    actions.pause(by(engineer, AFTER), in_progress, reason="third_party", text="carrier digs")
    assert in_progress.state == State.PAUSED
    actions.resume(by(engineer, AFTER), in_progress)
    assert in_progress.state == State.IN_PROGRESS
    with pytest.raises(NotPossibleNow):
        actions.resume(by(engineer, AFTER), in_progress)


def test_a_new_incident_cannot_pause(opened, engineer):
    with pytest.raises(NotPossibleNow):
        actions.pause(by(engineer), opened(), reason="user", text="x")


def test_restoring_leaves_the_cause_to_be_found(in_progress, engineer):
    actions.restore(by(engineer, AFTER), in_progress)
    assert (in_progress.state, in_progress.restored_at) == (State.IN_PROGRESS, AFTER)
    with pytest.raises(NotPossibleNow):
        actions.restore(by(engineer, AFTER), in_progress)


def test_resolving_wants_cause_resolution_and_who_is_responsible(in_progress, engineer):
    for missing in DONE:
        with pytest.raises(NotPossibleNow):
            actions.resolve(by(engineer, AFTER), in_progress, **{**DONE, missing: ""})
    assert Incident.objects.get().restored_at is None, "half of a refused resolution stayed"
    actions.resolve(by(engineer, AFTER), in_progress, **DONE)
    assert (in_progress.state, in_progress.restored_at, in_progress.resolved_at) == (State.RESOLVED, AFTER, AFTER)
    assert (in_progress.next_due_at, in_progress.next_due_name) == (None, "")


def test_resolving_keeps_the_instant_at_which_service_came_back(in_progress, engineer):
    actions.restore(by(engineer, AFTER), in_progress)
    actions.resolve(by(engineer, AFTER + timedelta(hours=1)), in_progress, **DONE)
    assert in_progress.restored_at == AFTER
    assert kinds(in_progress).count("restored") == 1


def test_a_machine_proposes_and_a_person_accepts(in_progress, engineer):
    back = AFTER + timedelta(minutes=3)
    later = AFTER + timedelta(hours=1)
    assert actions.propose_resolution(by(None, later), in_progress, restored_at=back)
    assert (in_progress.state, in_progress.restored_at) == (State.IN_PROGRESS, None)
    assert Message.objects.filter(user=engineer, text__startswith="Recovered").exists()
    actions.accept_proposal(by(engineer, later), in_progress, **DONE)
    assert (in_progress.state, in_progress.restored_at) == (State.RESOLVED, back)
    assert in_progress.resolution_proposed_at is None


def test_a_proposal_can_be_declined_and_made_again(in_progress, engineer):
    actions.propose_resolution(by(None, AFTER), in_progress, restored_at=AFTER)
    actions.decline_proposal(by(None, AFTER), in_progress, reason="down again")
    with pytest.raises(NotPossibleNow):
        actions.accept_proposal(by(engineer, AFTER), in_progress, **DONE)
    with pytest.raises(NotPossibleNow):
        actions.decline_proposal(by(engineer, AFTER), in_progress, reason="again")
    assert actions.propose_resolution(by(None, AFTER), in_progress, restored_at=AFTER)


def test_there_is_nothing_to_propose_once_people_resolved_it(in_progress, engineer):
    actions.resolve(by(engineer, AFTER), in_progress, **DONE)
    assert not actions.propose_resolution(by(None, AFTER), in_progress, restored_at=AFTER)
    assert "proposed" not in kinds(in_progress)


def test_a_new_incident_resolves_without_ever_being_assigned(opened, manager):
    incident = opened()
    actions.propose_resolution(by(None, AFTER), incident, restored_at=AFTER)
    actions.accept_proposal(by(manager, AFTER), incident, **DONE)
    assert incident.state == State.RESOLVED


def test_it_closes_only_when_resolved(in_progress, manager, engineer):
    with pytest.raises(NotPossibleNow, match="In progress"):
        actions.close(by(manager, AFTER), in_progress)
    actions.resolve(by(engineer, AFTER), in_progress, **DONE)
    actions.close(by(manager, AFTER), in_progress)
    assert (in_progress.state, in_progress.closed_at) == (State.CLOSED, AFTER)


@pytest.mark.parametrize("closed", [False, True])
def test_it_reopens_with_a_reason(in_progress, manager, engineer, closed):
    actions.resolve(by(engineer, AFTER), in_progress, **DONE)
    if closed:
        actions.close(by(manager, AFTER), in_progress)
    with pytest.raises(NotPossibleNow):
        actions.reopen(by(manager, AFTER), in_progress, reason="")
    actions.reopen(by(manager, AFTER), in_progress, reason="slow again")
    assert (in_progress.state, in_progress.restored_at, in_progress.closed_at) == (State.IN_PROGRESS, None, None)
    assert in_progress.next_due_name == "restore"


def test_a_changed_priority_needs_a_reason_and_a_change(opened, manager):
    incident = opened()
    with pytest.raises(NotPossibleNow):
        actions.change_priority(by(manager), incident, impact="global", urgency="high", reason="")
    with pytest.raises(NotPossibleNow):
        actions.change_priority(by(manager), incident, impact="department", urgency="medium", reason="same")
    actions.change_priority(by(manager), incident, impact="global", urgency="high", reason="everybody")
    assert (incident.priority, incident.level) == ("P1", "I")
    assert incident.next_due_at == local("2026-11-23 10:10")


def test_a_cancelled_incident_owes_nothing_and_stays_cancelled(opened, manager, engineer):
    first, second = opened(), opened()
    with pytest.raises(NotPossibleNow):
        actions.cancel(by(manager), second, why="duplicate", reason="same", duplicate_of=second)
    actions.cancel(by(manager), second, why="duplicate", reason="same", duplicate_of=first)
    assert (second.state, second.next_due_at, second.breached) == (State.CANCELLED, None, False)
    assert second.events.last().data == {"why": "duplicate", "duplicate_of": first.number}
    with pytest.raises(NotPossibleNow):
        actions.take(by(engineer), second)
    with pytest.raises(NotPossibleNow):
        actions.reopen(by(manager), second, reason="x")


def test_a_comment_needs_words_and_is_possible_in_every_state(in_progress, manager, engineer):
    with pytest.raises(NotPossibleNow):
        actions.comment(by(manager), in_progress, text="  ")
    actions.resolve(by(engineer, AFTER), in_progress, **DONE)
    actions.close(by(manager, AFTER), in_progress)
    actions.comment(by(manager, AFTER), in_progress, text="thanks")
    assert Message.objects.filter(user=engineer, text__startswith="New comment").count() == 1


def test_no_step_lies_in_the_future_or_before_the_opening(in_progress, engineer):
    for at in (AFTER + timedelta(seconds=1), MONDAY_10 - timedelta(seconds=1)):
        with pytest.raises(NotPossibleNow):
            actions.restore(by(engineer, AFTER), in_progress, at=at)


def test_every_step_leaves_an_event_and_an_audit_row(in_progress, engineer):
    actions.report(by(engineer, AFTER), in_progress, form="first", to="duty leader")
    assert kinds(in_progress)[-1] == "reported"
    rows = AuditEvent.objects.filter(subject_type="servicedesk.incident").values_list("action", flat=True)
    assert set(rows) == {"servicedesk.incident.take", "servicedesk.incident.report"}


def test_events_cannot_be_changed(in_progress):
    from django.db import Error, transaction

    event = in_progress.events.first()
    for change in (lambda: event.save(), lambda: IncidentEvent.objects.filter(pk=event.pk).delete()):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            change()
