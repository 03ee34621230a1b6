"""What every action on an incident is made of: is it the caller's to touch, one conditional UPDATE, one event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from opspact.kit.actions import Caller
from opspact.servicedesk import clockwork
from opspact.servicedesk.errors import NotPossibleNow
from opspact.servicedesk.models import Incident, IncidentEvent
from opspact.servicedesk.queries import may_see

State = Incident.State
Kind = IncidentEvent.Kind

WAITING = (Kind.PAUSED, Kind.RESUMED, Kind.REOPENED)


def begin(caller: Caller, incident: Incident) -> None:
    """Hold the row to the end of the action and read it anew, so that nothing is decided on what another has changed.

    A role in the contract is not enough: raises PermissionDenied unless the caller may see this very incident.
    """
    Incident.objects.select_for_update(of=("self",)).only("pk").get(pk=incident.pk)
    _read_anew(incident)
    if caller.user is not None and not may_see(caller.user, incident):
        raise PermissionDenied(_("This incident is not yours to see."))


def _read_anew(incident: Incident) -> None:
    """Everything but the contract, which never changes."""
    incident.refresh_from_db(fields=[f.name for f in Incident._meta.concrete_fields if f.name != "contract"])


def happened(
    caller: Caller, incident: Incident, at: datetime | None, *, after: Iterable[Kind] = (Kind.REOPENED,)
) -> datetime:
    """When a step took place: now, or the earlier instant of a late entry (补录).

    Raises NotPossibleNow for the future, and for a time before the opening or before the last event of a kind in
    `after`, which the step presupposes.
    """
    if at is None:
        return caller.now
    if at > caller.now:
        raise NotPossibleNow(_("That time lies in the future."))
    if at < incident.opened_at:
        raise NotPossibleNow(_("That time lies before the incident was opened."))
    before = incident.events.filter(kind__in=list(after)).order_by("at").last()
    if before and at < before.at:
        raise NotPossibleNow(
            _("That time lies before “%(event)s” at %(at)s.")
            % {"event": before.get_kind_display(), "at": timezone.localtime(before.at).strftime("%Y-%m-%d %H:%M")}
        )
    return at


def move(incident: Incident, states: Iterable[str], only: Q | None = None, /, **changes: Any) -> None:
    """Change the row if it still is in one of `states` and matches `only`: one UPDATE, so of two callers one wins.

    Raises NotPossibleNow with what holds instead; `incident` then shows the row as it is.
    """
    changed = Incident.objects.filter(only or Q(), pk=incident.pk, state__in=list(states)).update(**changes)
    _read_anew(incident)
    if not changed:
        raise NotPossibleNow(
            _("%(number)s is “%(state)s” and assigned to %(assignee)s: this can't be done now.")
            % {
                "number": incident.number,
                "state": incident.get_state_display(),
                "assignee": incident.assignee or _("nobody"),
            }
        )


def record(
    caller: Caller, incident: Incident, kind: Kind, at: datetime, text: str = "", once: str | None = None, **data: Any
) -> IncidentEvent:
    """Append the event, replay the clocks, keep their cached columns."""
    event = IncidentEvent.objects.create(
        incident=incident,
        at=at,
        recorded_at=caller.now,
        kind=kind,
        by=caller.user,
        via=caller.via,
        text=text,
        data=data,
        once=once,
    )
    if kind in clockwork.MOVES_CLOCKS or kind is Kind.CANCELLED:
        clockwork.refresh(incident, caller.now)
    caller.note(number=incident.number, event=event.pk, **data)
    return event
