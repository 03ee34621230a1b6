"""Restoring, resolving, closing, and what undoes them.

A machine only proposes: monitoring says that service is back, a person confirms it and writes down the cause.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.servicedesk import notices
from opspact.servicedesk.actions.steps import Kind, State, begin, happened, move, record
from opspact.servicedesk.errors import NotPossibleNow
from opspact.servicedesk.models import Incident

NO_PROPOSAL = {"resolution_proposed_at": None, "proposed_restored_at": None}


@action("servicedesk.incident.restore")
def restore(caller: Caller, incident: Incident, *, at: datetime | None = None, text: str = "") -> None:
    """Service is back and the restore clock ends; the cause may still be looked for."""
    begin(caller, incident)
    when = happened(caller, incident, at)
    _restore(caller, incident, when, text)


@action("servicedesk.incident.propose")
def propose_resolution(caller: Caller, incident: Incident, *, restored_at: datetime) -> bool:
    """Say that service has been back since `restored_at`; a person accepts or declines.

    A later recovery replaces a proposal still waiting. False when nothing is left to propose, because the incident was
    resolved or cancelled, or restored by a person. Clocks run on until somebody accepts, and then end at `restored_at`.
    """
    begin(caller, incident)
    when = happened(caller, incident, max(restored_at, incident.opened_at))
    if not incident.is_open or incident.restored_at:
        return False
    move(incident, incident.OPEN_STATES, resolution_proposed_at=caller.now, proposed_restored_at=when)
    record(caller, incident, Kind.PROPOSED, caller.now, restored_at=when.isoformat())
    notices.resolution_proposed(caller, incident)
    return True


@action("servicedesk.incident.decide_proposal")
def accept_proposal(
    caller: Caller, incident: Incident, *, cause: str, resolution: str, cause_domain: str, cause_code: str = ""
) -> None:
    """Resolve the incident as proposed: restored at the proposed instant."""
    begin(caller, incident)
    conclusion = _conclusion(cause, resolution, cause_domain, cause_code)
    if incident.proposed_restored_at is None:
        raise NotPossibleNow(_("Nothing is proposed."))
    _restore(caller, incident, incident.proposed_restored_at, "", proposed=True)
    _resolve(caller, incident, conclusion)


@action("servicedesk.incident.decide_proposal")
def decline_proposal(caller: Caller, incident: Incident, *, reason: str) -> None:
    """It is not over. Monitoring declines its own proposal when the outage comes back."""
    begin(caller, incident)
    if not reason.strip():
        raise NotPossibleNow(_("Say why."))
    move(incident, incident.OPEN_STATES, Q(resolution_proposed_at__isnull=False), **NO_PROPOSAL)
    record(caller, incident, Kind.PROPOSAL_DECLINED, caller.now, reason.strip())


@action("servicedesk.incident.resolve")
def resolve(
    caller: Caller,
    incident: Incident,
    *,
    cause: str,
    resolution: str,
    cause_domain: str,
    cause_code: str = "",
    restored_at: datetime | None = None,
) -> None:
    """The work is done. Restores at `restored_at` (now) if nobody said so before.

    Cause, resolution and who is responsible for the cause are asked for: KPIs and penalties rest on them.
    """
    begin(caller, incident)
    conclusion = _conclusion(cause, resolution, cause_domain, cause_code)
    if incident.restored_at is None:
        _restore(caller, incident, happened(caller, incident, restored_at), "")
    _resolve(caller, incident, conclusion)


@action("servicedesk.incident.close")
def close(caller: Caller, incident: Incident, *, text: str = "") -> None:
    """Accepted as done."""
    begin(caller, incident)
    move(incident, [State.RESOLVED], state=State.CLOSED, closed_at=caller.now)
    record(caller, incident, Kind.CLOSED, caller.now, text.strip())
    notices.ended(caller, incident, N_("Closed: %(number)s %(title)s"))


@action("servicedesk.incident.reopen")
def reopen(caller: Caller, incident: Incident, *, reason: str) -> None:
    """It was not over after all: the restore clock goes on from the time it had used."""
    begin(caller, incident)
    if not reason.strip():
        raise NotPossibleNow(_("Say why."))
    state = State.IN_PROGRESS if incident.assignee_id else State.NEW
    move(
        incident,
        [State.RESOLVED, State.CLOSED],
        state=state,
        restored_at=None,
        resolved_at=None,
        closed_at=None,
        **NO_PROPOSAL,
    )
    record(caller, incident, Kind.REOPENED, caller.now, reason.strip())
    notices.reopened(caller, incident)


@action("servicedesk.incident.cancel")
def cancel(caller: Caller, incident: Incident, *, why: str, reason: str, duplicate_of: Incident | None = None) -> None:
    """Take it out of every count: `why` is "duplicate" or "false_alarm". Raises NotPossibleNow once it is resolved."""
    begin(caller, incident)
    if why not in ("duplicate", "false_alarm"):
        raise ValueError(why)
    if not reason.strip():
        raise NotPossibleNow(_("Say why."))
    if duplicate_of and (duplicate_of.pk == incident.pk or duplicate_of.contract_id != incident.contract_id):
        raise NotPossibleNow(_("The other incident must be another one of this contract."))
    move(incident, incident.OPEN_STATES, state=State.CANCELLED, closed_at=caller.now, **NO_PROPOSAL)
    of = duplicate_of.number if duplicate_of else ""
    record(caller, incident, Kind.CANCELLED, caller.now, reason.strip(), why=why, duplicate_of=of)
    notices.ended(caller, incident, N_("Cancelled: %(number)s %(title)s"))


def _restore(caller: Caller, incident: Incident, when: datetime, text: str, *, proposed: bool = False) -> None:
    state = State.NEW if incident.state == State.NEW else State.IN_PROGRESS
    move(incident, incident.OPEN_STATES, Q(restored_at=None), state=state, restored_at=when, **NO_PROPOSAL)
    record(caller, incident, Kind.RESTORED, when, text, proposed=proposed)


def _conclusion(cause: str, resolution: str, cause_domain: str, cause_code: str) -> dict[str, str]:
    """The columns that say how it ended. Raises NotPossibleNow when one that is needed is missing."""
    if not cause.strip() or not resolution.strip() or cause_domain not in Incident.CauseDomain.values:
        raise NotPossibleNow(_("Cause, resolution and who is responsible are needed."))
    return {
        "cause": cause.strip(),
        "resolution": resolution.strip(),
        "cause_domain": cause_domain,
        "cause_code": cause_code,
    }


def _resolve(caller: Caller, incident: Incident, conclusion: dict[str, str]) -> None:
    move(incident, incident.OPEN_STATES, state=State.RESOLVED, resolved_at=caller.now, **conclusion)
    said = {name: conclusion[name] for name in ("cause_domain", "cause_code")}
    record(caller, incident, Kind.RESOLVED, caller.now, conclusion["cause"], **said)
    notices.resolved(caller, incident)
