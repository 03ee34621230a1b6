"""Whose incident it is to see, for each role; a role in the contract is not enough for what is not theirs."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from tests.integration.servicedesk.support import by, make_contract

from opspact.identity.roles import Role
from opspact.kit.models import AuditEvent
from opspact.servicedesk import actions, queries
from opspact.servicedesk.models import Incident

ALL, REPORTED, ASSIGNED, NONE = "all", "reported", "assigned", "none"


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.SERVICE_MANAGER, ALL),
        (Role.SERVICE_DESK, ALL),
        (Role.ENGINEER, ALL),
        (Role.CLIENT_MANAGER, ALL),
        (Role.CLIENT_STAFF, REPORTED),
        (Role.CLIENT_ASSET_MANAGER, REPORTED),
        (Role.THIRD_PARTY, ASSIGNED),
    ],
)
def test_each_role_sees_what_is_its_own(contract, opened, person, manager, role, sees):
    me = person("me", role)
    nobodys, reported, assigned = opened(), opened(), opened()
    Incident.objects.filter(pk=reported.pk).update(reported_by=me)
    Incident.objects.filter(pk=assigned.pk).update(assignee=me)
    wanted = {ALL: {nobodys, reported, assigned}, REPORTED: {reported}, ASSIGNED: {assigned}}[sees]
    assert set(queries.visible_to(me, contract)) == wanted
    assert {each for each in Incident.objects.select_related("contract") if queries.may_see(me, each)} == wanted


def test_nobody_sees_another_contract_or_anything_unsigned(contract, opened, person):
    opened()
    me = person("me", Role.SERVICE_MANAGER)
    other = make_contract("other")
    theirs = actions.open_incident(by(None), other, title="theirs")
    assert theirs not in queries.visible_to(me, contract)
    for user in (me, AnonymousUser(), person("admin2", Role.ENGINEER, code="third")):
        assert not queries.visible_to(user, other).exists()
        assert not queries.may_see(user, theirs)


def test_two_roles_add_up(contract, opened, person, manager):
    person("me", Role.CLIENT_STAFF)
    me = person("me", Role.THIRD_PARTY)
    own = opened(user=me)
    given = opened()
    opened()
    actions.assign(by(manager), given, to=me)
    assert set(queries.visible_to(me, contract)) == {own, given}


def test_a_third_party_cannot_touch_what_is_not_assigned_to_it(opened, person, manager):
    carrier = person("carrier", Role.THIRD_PARTY)
    incident = opened()
    with pytest.raises(PermissionDenied):
        actions.comment(by(carrier), incident, text="let me in")
    denied = AuditEvent.objects.get(action="servicedesk.incident.comment")
    assert (denied.result, denied.subject_id) == (AuditEvent.Result.DENIED, str(incident.pk))
    actions.assign(by(manager), incident, to=carrier)
    actions.respond(by(carrier), incident)
    actions.comment(by(carrier), incident, text="on the way")
    actions.restore(by(carrier), incident)
    with pytest.raises(PermissionDenied):
        actions.resolve(by(carrier), incident, cause="a", resolution="b", cause_domain="vendor")


def test_client_staff_cannot_touch_what_others_reported(opened, person):
    with pytest.raises(PermissionDenied):
        actions.comment(by(person("staff", Role.CLIENT_STAFF)), opened(), text="me too")


def test_the_client_manager_comments_closes_and_reopens_and_does_no_more(opened, person, engineer):
    boss, incident = person("boss", Role.CLIENT_MANAGER), opened()
    actions.comment(by(boss), incident, text="hurry")
    for forbidden in (
        lambda: actions.take(by(boss), incident),
        lambda: actions.assign(by(boss), incident, to=engineer),
        lambda: actions.change_priority(by(boss), incident, impact="global", urgency="high", reason="x"),
        lambda: actions.cancel(by(boss), incident, why="false_alarm", reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()
    actions.resolve(by(engineer), incident, cause="a", resolution="b", cause_domain="vendor")
    actions.close(by(boss), incident)
    actions.reopen(by(boss), incident, reason="no")


def test_the_audit_trail_names_an_incident_by_its_number_and_tells_no_words(opened, manager):
    incident = opened(title="Secret of the command centre")
    actions.comment(by(manager), incident, text="Nobody may know")
    for row in AuditEvent.objects.all():
        assert "Secret" not in f"{row.subject_label} {row.detail}"
        assert "Nobody" not in f"{row.subject_label} {row.detail}"
    assert AuditEvent.objects.get(action="servicedesk.incident.comment").subject_label == incident.number
