"""Two people at the same moment."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from tests.integration.servicedesk.support import MONDAY_10, by, local, make_contract

from opspact.contracts.calendars import load_public_holidays
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.servicedesk import actions, escalation
from opspact.servicedesk.errors import NotPossibleNow
from opspact.servicedesk.models import Incident, IncidentEvent


@pytest.fixture
def incident(transactional_db):
    load_public_holidays(Caller.system(now=local("2026-01-01 00:00")), None, years=[2026])
    return actions.open_incident(by(None), make_contract("desk"), title="OA is slow")


def at_once(work, arguments):
    """Run `work` with each of the arguments in its own thread and connection, all let go together; what they raised."""
    barrier, failures = Barrier(len(arguments)), []

    def run(argument):
        try:
            barrier.wait()
            work(argument)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_of_four_who_take_the_same_incident_exactly_one_gets_it(incident):
    users = [User.objects.create(username=f"engineer{number}", name=f"E{number}") for number in range(4)]
    for user in users:
        Grant.objects.create(user=user, role=Role.ENGINEER, contract_code="desk")
    failures = at_once(lambda user: actions.take(by(user), Incident.objects.get()), users)
    assert [type(failure) for failure in failures] == [NotPossibleNow] * 3
    found = Incident.objects.get()
    assert found.assignee in users
    assert found.events.filter(kind=IncidentEvent.Kind.RESPONDED).get().by == found.assignee


def test_workers_side_by_side_escalate_each_step_once(incident):
    late = local("2026-11-23 10:31")
    assert at_once(lambda _: escalation.look_at_due(late), [1, 2, 3]) == []
    keys = list(IncidentEvent.objects.filter(kind="escalated").values_list("once", flat=True))
    assert len(keys) == len(set(keys)) == 4  # 50, 75 and 100 % of the response, 50 % of the arrival


def test_numbers_opened_side_by_side_are_all_different(incident):
    contract = incident.contract
    at_once(lambda _: actions.open_incident(by(None), contract, title="x"), list(range(4)))
    numbers = sorted(Incident.objects.values_list("number", flat=True))
    assert numbers == [f"INC-{MONDAY_10.year}-{number:06d}" for number in range(1, 6)]
