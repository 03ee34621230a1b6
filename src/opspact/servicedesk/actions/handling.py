"""The steps between opening and resolving.

`at` makes a late entry (补录): the step counts from that instant, and the timeline shows when it was entered.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from opspact.identity.models import User
from opspact.identity.roles import VENDOR_ROLES, Role
from opspact.kit.actions import Caller, action
from opspact.servicedesk import notices
from opspact.servicedesk.actions.opening import priority_of
from opspact.servicedesk.actions.steps import WAITING, Kind, State, begin, happened, move, record
from opspact.servicedesk.errors import NotPossibleNow
from opspact.servicedesk.models import Incident, IncidentEvent
from opspact.servicedesk.promises import Promises

HANDLERS = VENDOR_ROLES | {Role.THIRD_PARTY}
STARTED = (State.ASSIGNED, State.IN_PROGRESS, State.PAUSED)


@action("servicedesk.incident.assign")
def assign(caller: Caller, incident: Incident, *, to: User, discipline: str = "") -> None:
    """Give the incident to somebody of the vendor or a third party; a new one becomes assigned."""
    begin(caller, incident)
    if not to.is_active or not to.roles_in(incident.contract.code) & HANDLERS:
        raise NotPossibleNow(_("%(name)s can't be given incidents of this contract.") % {"name": to})
    before = incident.assignee
    discipline = discipline or incident.discipline
    if incident.state == State.NEW:
        move(incident, [State.NEW], state=State.ASSIGNED, assignee=to, discipline=discipline)
    else:
        move(incident, STARTED, ~Q(assignee=to), assignee=to, discipline=discipline)
    record(
        caller,
        incident,
        Kind.ASSIGNED,
        caller.now,
        to=to.username,
        name=str(to),
        before=before.username if before else "",
    )
    notices.assigned(caller, incident)


@action("servicedesk.incident.take")
def take(caller: Caller, incident: Incident) -> None:
    """Take it oneself, which is also the response. Of two who take the same one, exactly one gets it."""
    begin(caller, incident)
    if caller.user is None:
        raise NotPossibleNow(_("Only a person takes an incident."))
    free = Q(assignee=None) | Q(assignee=caller.user)
    responded = incident.responded_at or caller.now
    changes = {"state": State.IN_PROGRESS, "assignee": caller.user, "responded_at": responded}
    move(incident, [State.NEW, State.ASSIGNED], free, **changes)
    record(caller, incident, Kind.ASSIGNED, caller.now, to=caller.user.username, name=str(caller.user), before="")
    record(caller, incident, Kind.RESPONDED, caller.now)


@action("servicedesk.incident.respond")
def respond(caller: Caller, incident: Incident, *, at: datetime | None = None, text: str = "") -> None:
    """Somebody has begun to work on it: the response clock ends. Raises NotPossibleNow when that was said before."""
    begin(caller, incident)
    when = happened(caller, incident, at)
    move(incident, [State.ASSIGNED], Q(responded_at=None), state=State.IN_PROGRESS, responded_at=when)
    record(caller, incident, Kind.RESPONDED, when, text)


@action("servicedesk.incident.arrive")
def arrive(caller: Caller, incident: Incident, *, at: datetime | None = None, text: str = "") -> None:
    """Somebody is on the spot; that is a response as well. Raises NotPossibleNow when somebody was there before."""
    begin(caller, incident)
    when = happened(caller, incident, at)
    state = State.PAUSED if incident.state == State.PAUSED else State.IN_PROGRESS
    changes = {"state": state, "arrived_at": when, "responded_at": incident.responded_at or when}
    move(incident, incident.OPEN_STATES, Q(arrived_at=None), **changes)
    record(caller, incident, Kind.ARRIVED, when, text)


@action("servicedesk.incident.report")
def report(caller: Caller, incident: Incident, *, form: str, to: str, at: datetime | None = None) -> None:
    """Say that the incident was reported: `form` is "first" or "written", `to` who received it."""
    begin(caller, incident)
    if form not in ("first", "written"):
        raise ValueError(form)
    record(caller, incident, Kind.REPORTED, happened(caller, incident, at), form=form, to=to)


@action("servicedesk.incident.comment")
def comment(caller: Caller, incident: Incident, *, text: str, at: datetime | None = None) -> IncidentEvent:
    """Add to the timeline; possible in every state. Raises NotPossibleNow for an empty text."""
    begin(caller, incident)
    if not text.strip():
        raise NotPossibleNow(_("Write something first."))
    event = record(caller, incident, Kind.COMMENTED, happened(caller, incident, at), text.strip())
    notices.commented(caller, incident)
    return event


@action("servicedesk.incident.pause")
def pause(caller: Caller, incident: Incident, *, reason: str, text: str, at: datetime | None = None) -> None:
    """Wait for somebody else. Only for a reason the contract allows, and with words; pausable clocks stop meanwhile."""
    begin(caller, incident)
    reasons = {rank.code for rank in Promises.thaw(incident.terms).pauses.reasons}
    if reason not in reasons:
        raise NotPossibleNow(_("The contract has no pause for this reason."))
    if not text.strip():
        raise NotPossibleNow(_("Say whom you wait for, and for what."))
    when = happened(caller, incident, at, after=WAITING)
    move(incident, [State.IN_PROGRESS], state=State.PAUSED)
    record(caller, incident, Kind.PAUSED, when, text.strip(), reason=reason, allowed=True)


@action("servicedesk.incident.resume")
def resume(caller: Caller, incident: Incident, *, text: str = "", at: datetime | None = None) -> None:
    """The wait is over and the clocks go on."""
    begin(caller, incident)
    when = happened(caller, incident, at, after=WAITING)
    move(incident, [State.PAUSED], state=State.IN_PROGRESS)
    record(caller, incident, Kind.RESUMED, when, text.strip())


@action("servicedesk.incident.change_priority")
def change_priority(caller: Caller, incident: Incident, *, impact: str, urgency: str, reason: str) -> None:
    """Judge it anew. The clocks are replayed with the new promises from now on; what has elapsed is kept."""
    begin(caller, incident)
    if not reason.strip():
        raise NotPossibleNow(_("Say why."))
    promises = Promises.thaw(incident.terms)
    priority = priority_of(promises, impact, urgency)
    before = {"impact": incident.impact, "urgency": incident.urgency}
    if before == {"impact": impact, "urgency": urgency}:
        raise NotPossibleNow(_("Impact and urgency are these already."))
    move(
        incident,
        incident.OPEN_STATES,
        Q(**before),
        impact=impact,
        urgency=urgency,
        priority=priority,
        level=promises.level_for(priority).level,
    )
    record(
        caller,
        incident,
        Kind.PRIORITY_CHANGED,
        caller.now,
        reason.strip(),
        priority=priority,
        impact=impact,
        urgency=urgency,
        before=before,
    )
    notices.priority_changed(caller, incident)
