"""Who is told what about an incident, in their inbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from opspact.core.words import N_
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit import inbox
from opspact.kit.actions import Caller
from opspact.servicedesk.models import Incident
from opspact.servicedesk.promises import Promises
from opspact.servicedesk.queries import people

KIND = "servicedesk.incident"
DESK = (Role.SERVICE_MANAGER, Role.SERVICE_DESK)


def tell(caller: Caller, incident: Incident, users: Iterable[User | None], text: str, **params: Any) -> None:
    """One message for each of the users but the one who acts. `text` is a msgid; number and title are filled in."""
    receivers = [user for user in users if user is not None and user != caller.user]
    inbox.send(
        receivers,
        kind=KIND,
        text=text,
        at=caller.now,
        contract_code=incident.contract.code,
        url=incident.get_absolute_url(),
        number=incident.number,
        title=incident.title,
        **params,
    )


def opened(caller: Caller, incident: Incident, promises: Promises) -> None:
    """The desk hears of every incident; of a level that is told to everybody at once, the engineers and the client."""
    code, discipline = incident.contract.code, incident.discipline
    if incident.level in promises.escalation.immediate_levels:
        users = people(code, *DESK, Role.ENGINEER, Role.CLIENT_MANAGER)
        tell(caller, incident, users, N_("Level %(level)s: %(number)s %(title)s"), level=incident.level)
        return
    roles = (*DESK, Role.ENGINEER) if discipline else DESK
    users = people(code, *roles, discipline=discipline)
    tell(caller, incident, users, N_("New incident %(number)s: %(title)s"))


def assigned(caller: Caller, incident: Incident) -> None:
    tell(caller, incident, [incident.assignee], N_("Assigned to you: %(number)s %(title)s"))


def commented(caller: Caller, incident: Incident) -> None:
    both = [incident.assignee, incident.reported_by]
    tell(caller, incident, both, N_("New comment on %(number)s %(title)s"))


def resolution_proposed(caller: Caller, incident: Incident) -> None:
    users = [incident.assignee] if incident.assignee else people(incident.contract.code, *DESK)
    tell(caller, incident, users, N_("Recovered, please confirm: %(number)s %(title)s"))


def resolved(caller: Caller, incident: Incident) -> None:
    users = [incident.reported_by, *people(incident.contract.code, Role.SERVICE_DESK)]
    tell(caller, incident, users, N_("Resolved: %(number)s %(title)s"))


def reopened(caller: Caller, incident: Incident) -> None:
    users = [incident.assignee, *people(incident.contract.code, *DESK)]
    tell(caller, incident, users, N_("Reopened: %(number)s %(title)s"))


def priority_changed(caller: Caller, incident: Incident) -> None:
    text = N_("Priority now %(priority)s: %(number)s %(title)s")
    tell(caller, incident, [incident.assignee], text, priority=incident.priority)


def ended(caller: Caller, incident: Incident, text: str) -> None:
    tell(caller, incident, [incident.assignee, incident.reported_by], text)
