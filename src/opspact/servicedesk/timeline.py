"""The timeline of an incident: its events as happenings in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from opspact.kit.shown import formats
from opspact.kit.shown.happenings import Happening
from opspact.servicedesk.models import Incident, IncidentEvent
from opspact.servicedesk.promises import Promises
from opspact.servicedesk.shown import TARGETS

Kind = IncidentEvent.Kind

ICONS = {
    Kind.OPENED: "flag",
    Kind.ASSIGNED: "user-check",
    Kind.RESPONDED: "headset",
    Kind.ARRIVED: "map-pin",
    Kind.REPORTED: "send",
    Kind.COMMENTED: "message",
    Kind.PAUSED: "player-pause",
    Kind.RESUMED: "player-play",
    Kind.RESTORED: "heartbeat",
    Kind.PROPOSED: "bulb",
    Kind.PROPOSAL_DECLINED: "x",
    Kind.RESOLVED: "circle-check",
    Kind.CLOSED: "lock",
    Kind.REOPENED: "lock-open",
    Kind.PRIORITY_CHANGED: "arrows-sort",
    Kind.CANCELLED: "circle-x",
    Kind.ESCALATED: "trending-up",
}
_CHANGES = {Kind.ASSIGNED, Kind.PRIORITY_CHANGED}


def happenings(incident: Incident, events: Iterable[IncidentEvent]) -> list[Happening]:
    """In the order they happened; one entered late says when it was entered."""
    promises = Promises.thaw(incident.terms)
    return [_happening(event, promises) for event in events]


def _happening(event: IncidentEvent, promises: Promises) -> Happening:
    kind = Kind(event.kind)
    what = _what(event, kind, promises)
    if event.is_late:
        what = _("%(what)s (entered late, %(at)s)") % {"what": what, "at": formats.exact(event.recorded_at)}
    return Happening(
        at=event.at,
        what=what,
        who=str(event.by) if event.by else _("the machine"),
        kind=_stream(event, kind),
        icon=ICONS[kind],
        said=event.text,
    )


def _stream(event: IncidentEvent, kind: Kind) -> Literal["event", "comment", "change", "machine"]:
    if kind is Kind.COMMENTED:
        return "comment"
    if event.by_id is None:
        return "machine"
    return "change" if kind in _CHANGES else "event"


def _what(event: IncidentEvent, kind: Kind, promises: Promises) -> str:
    data, label = event.data, event.get_kind_display()
    match kind:
        case Kind.ASSIGNED:
            return _("Assigned to %(to)s") % {"to": data["name"]}
        case Kind.PAUSED:
            reasons = {rank.code: rank.name for rank in promises.pauses.reasons}
            return f"{label}: {reasons.get(data['reason'], data['reason'])}"
        case Kind.PRIORITY_CHANGED | Kind.OPENED:
            return f"{label}: {data['priority']}"
        case Kind.PROPOSED:
            at = formats.exact(datetime.fromisoformat(data["restored_at"]))
            return _("Resolution proposed: service is back since %(at)s") % {"at": at}
        case Kind.RESOLVED:
            return f"{label}: {dict(Incident.CauseDomain.choices).get(data['cause_domain'], '')}"
        case Kind.REPORTED:
            form = _("in writing") if data["form"] == "written" else _("first report")
            return _("Reported to %(to)s, %(form)s") % {"to": data["to"], "form": form}
        case Kind.CANCELLED:
            why = _("duplicate") if data["why"] == "duplicate" else _("false alarm")
            return f"{label}: {why} {data['duplicate_of']}".rstrip()
        case Kind.ESCALATED:
            facts = {"percent": data["percent"], "target": TARGETS[data["target"]], "to": ", ".join(data["to"])}
            return _("Escalated: %(percent)s%% of the time for the %(target)s is used (%(to)s)") % facts
    return label
