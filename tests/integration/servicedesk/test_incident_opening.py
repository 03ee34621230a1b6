"""Opening an incident: number, priority, frozen promises."""

import pytest
from django.core.exceptions import PermissionDenied
from tests.integration.servicedesk.support import MONDAY_10, by, local

from opspact.identity.roles import Role
from opspact.kit.models import AuditEvent, Message
from opspact.servicedesk import actions
from opspact.servicedesk.errors import NotPossibleNow
from opspact.servicedesk.models import Incident


def test_it_is_numbered_by_contract_and_local_year(opened):
    assert opened(now=local("2026-12-31 23:59")).number == "INC-2026-000001"
    assert opened(now=local("2027-01-01 00:01")).number == "INC-2027-000001"
    assert opened(now=local("2027-01-01 00:01")).number == "INC-2027-000002"


@pytest.mark.parametrize(
    ("impact", "urgency", "priority", "level"),
    [
        # domain table: impact global / department / individual × urgency high / medium / low
        ("global", "high", "P1", "I"),
        ("global", "medium", "P2", "II"),
        ("global", "low", "P3", "III"),
        ("department", "high", "P2", "II"),
        ("department", "medium", "P3", "III"),
        ("department", "low", "P3", "III"),
        ("individual", "high", "P3", "III"),
        ("individual", "medium", "P4", "IV"),
        ("individual", "low", "P4", "IV"),
    ],
)
def test_impact_and_urgency_make_the_priority_and_level(opened, impact, urgency, priority, level):
    incident = opened(impact=impact, urgency=urgency)
    assert (incident.priority, incident.level) == (priority, level)


def test_it_takes_the_middle_where_nobody_judged(opened):
    incident = opened()
    assert (incident.impact, incident.urgency, incident.priority) == ("department", "medium", "P3")


def test_it_refuses_an_impact_the_contract_does_not_know(opened):
    with pytest.raises(NotPossibleNow):
        opened(impact="galactic")


def test_it_refuses_a_time_in_the_future_and_an_opening_before_the_fault(opened):
    with pytest.raises(NotPossibleNow):
        opened(occurred_at=local("2026-11-23 10:01"))
    with pytest.raises(NotPossibleNow):
        opened(occurred_at=local("2026-11-23 09:59"), opened_at=local("2026-11-23 09:58"))


def test_promises_stay_as_they_were_when_the_contract_changes(opened, contract):
    incident = opened()
    version = contract.terms_versions.get()
    changed = version.source.replace(
        "response: {within: 30 min, calendar: 7x24}", "response: {within: 5 min, calendar: 7x24}"
    )
    assert changed != version.source
    contract.terms_versions.create(version=2, source=changed, sha256="0" * 64, loaded_at=MONDAY_10)
    actions.comment(by(None), incident, text="x")
    incident = Incident.objects.get()
    assert incident.terms_version == 1
    assert incident.next_due_at == local("2026-11-23 10:30")


def test_the_desk_is_told(opened, person):
    desk = person("desk", Role.SERVICE_DESK)
    engineer = person("engineer", Role.ENGINEER)
    incident = opened()
    assert [message.url for message in Message.objects.filter(user=desk)] == [incident.get_absolute_url()]
    assert not Message.objects.filter(user=engineer)


def test_level_one_is_told_to_everybody_at_once(opened, person):
    people = [person("desk", Role.SERVICE_DESK), person("li", Role.ENGINEER), person("boss", Role.CLIENT_MANAGER)]
    opened(impact="global", urgency="high")
    assert {message.user for message in Message.objects.all()} == set(people)


def test_a_third_party_opens_none_and_the_refusal_is_on_record(contract, person):
    stranger = person("carrier", Role.THIRD_PARTY)
    with pytest.raises(PermissionDenied):
        actions.open_incident(by(stranger), contract, title="x")
    row = AuditEvent.objects.get(action="servicedesk.incident.open")
    assert (row.result, row.user_name) == (AuditEvent.Result.DENIED, "carrier")
