"""Escalation: whom a clock reaches when so much of its time is used up (contract terms, `escalation`).

The steps go up one after the other: the first reaches who works on it, the second the service manager as well, the
third and later ones the client's manager as well. Each step of a clock is taken once for a priority, by whichever
worker comes first. While a proposed resolution waits for an answer, the restore clock escalates nothing: service is
back, and only the confirmation is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from opspact.core.clocks import Clock
from opspact.core.instants import from_us
from opspact.core.words import N_
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller, action
from opspact.servicedesk import clockwork, notices
from opspact.servicedesk.actions.steps import record
from opspact.servicedesk.models import Incident, IncidentEvent
from opspact.servicedesk.promises import Promises
from opspact.servicedesk.queries import people

TARGET_WORDS = {
    "response": N_("response"),
    "arrival": N_("arrival"),
    "restore": N_("restore"),
    "resolve": N_("resolution"),
    "report": N_("first report"),
    "written_report": N_("written report"),
}


def look_at_due(now: datetime) -> int:
    """Escalate what is due and keep the lists' columns right; how many incidents were looked at.

    One transaction each, so that a broken one stops nobody; one that another worker holds is left to it.
    """
    due = Incident.objects.filter(next_look_at__lte=now).order_by("next_look_at").values_list("pk", flat=True)
    looked = 0
    for pk in list(due):
        with transaction.atomic():
            held = Incident.objects.select_for_update(skip_locked=True, of=("self",)).select_related("contract")
            incident = held.filter(pk=pk, next_look_at__lte=now).first()
            if incident is not None:
                look_at(incident, now)
                looked += 1
    return looked


def look_at(incident: Incident, now: datetime) -> None:
    clocks = clockwork.refresh(incident, now)
    for clock in clocks.values():
        if not clockwork.is_running(clock) or (clock.name == "restore" and incident.resolution_proposed_at):
            continue
        if steps := _new_steps(incident, clock, now):
            escalate(Caller.system(now=now), incident, clock=clock, percents=steps)


@action("servicedesk.incident.escalate")
def escalate(caller: Caller, incident: Incident, *, clock: Clock, percents: list[int]) -> None:
    """Take the steps: one event each, and one message about the highest."""
    promises = Promises.thaw(incident.terms)
    names = {int(step.percent): list(step.to) for step in promises.escalation.steps}
    for percent in percents:
        record(
            caller,
            incident,
            IncidentEvent.Kind.ESCALATED,
            max(from_us(clock.escalations[percent]), incident.opened_at),
            once=_once(clock, percent),
            target=clock.name,
            percent=percent,
            priority=clock.priority,
            to=names[percent],
        )
    highest = max(percents)
    text = (
        N_("Overdue, %(target_word)s: %(number)s %(title)s")
        if highest >= 100
        else N_("%(percent)s%% of the time for the %(target_word)s is used: %(number)s %(title)s")
    )
    rank = sorted(names).index(highest)
    notices.tell(caller, incident, reached(incident, rank), text, percent=highest, target_word=TARGET_WORDS[clock.name])


def reached(incident: Incident, rank: int) -> Iterable[User]:
    """Whom the step of that rank, from 0, reaches."""
    code = incident.contract.code
    hands = [incident.assignee] if incident.assignee else people(code, Role.SERVICE_DESK)
    roles = [Role.SERVICE_MANAGER, Role.CLIENT_MANAGER][: min(rank, 2)]
    return [*hands, *people(code, *roles)] if roles else hands


def _new_steps(incident: Incident, clock: Clock, now: datetime) -> list[int]:
    """The steps whose time has come and that nobody has taken."""
    wanted = {int(step.percent) for step in Promises.thaw(incident.terms).escalation.steps}
    come = [percent for percent, at in clock.escalations.items() if percent in wanted and from_us(at) <= now]
    keys = {_once(clock, percent): percent for percent in come}
    taken = set(incident.events.filter(once__in=keys).values_list("once", flat=True))
    return sorted(percent for key, percent in keys.items() if key not in taken)


def _once(clock: Clock, percent: int) -> str:
    return f"escalated:{clock.name}:{percent}:{clock.priority}"
