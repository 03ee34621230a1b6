"""Incidents in words: the sentence, the clocks' faces, the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.core.clocks import Clock, ClockState
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.instants import from_us, to_us
from opspact.kit.shown import formats
from opspact.kit.shown.clocks import ClockFace
from opspact.kit.shown.states import tag
from opspact.kit.shown.why import name_inputs
from opspact.servicedesk.clockwork import is_running
from opspact.servicedesk.models import Incident, IncidentEvent
from opspact.servicedesk.promises import Promises

TARGETS: dict[str, Promise] = {
    "response": gettext_lazy("response"),
    "arrival": gettext_lazy("arrival"),
    "restore": gettext_lazy("restore"),
    "resolve": gettext_lazy("resolution"),
    "report": gettext_lazy("first report"),
    "written_report": gettext_lazy("written report"),
}
CLOCK_WORDS: dict[str, Promise] = {
    ClockState.MET: gettext_lazy("met"),
    ClockState.BREACHED: gettext_lazy("missed"),
    ClockState.STOPPED: gettext_lazy("not needed any more"),
}
_TONES = {
    Incident.State.NEW: "warn",
    Incident.State.ASSIGNED: "info",
    Incident.State.IN_PROGRESS: "info",
    Incident.State.RESOLVED: "good",
}

name_inputs(
    {
        "target": gettext_lazy("Time to keep"),
        "priority": gettext_lazy("Priority"),
        "calendar": gettext_lazy("Calendar"),
        "budget_us": gettext_lazy("Allowed working time"),
        "started_at": gettext_lazy("Started at"),
    }
)


@dataclass(frozen=True)
class ShownClock:
    face: ClockFace
    why: Explanation


def state_tag(incident: Incident) -> SafeString:
    return tag(incident.get_state_display(), _TONES.get(Incident.State(incident.state), ""))


def due_tag(incident: Incident, now: datetime) -> SafeString | str:
    """What is due next and in how long, amber from 75% on and red when overdue."""
    if incident.next_due_at is None:
        return tag(_("overdue"), "bad") if incident.breached and incident.is_open else ""
    left = to_us(incident.next_due_at) - to_us(now)
    name = TARGETS[incident.next_due_name]
    if left < 0:
        return tag(_("%(what)s overdue by %(over)s") % {"what": name, "over": formats.duration(-left)}, "bad")
    warns = incident.next_due_warns_at is not None and incident.next_due_warns_at <= now
    words = _("%(what)s in %(left)s") % {"what": name, "left": formats.duration(left)}
    if incident.next_due_provisional:
        words = _("%(words)s, provisional") % {"words": words}
    return tag(words, "warn" if warns else "")


def sentence(incident: Incident, clocks: Mapping[str, Clock], now: datetime) -> str:
    """What, since when, who has it, and what is due in how long."""
    system = str(incident.system) if incident.system else _("No system named")
    since = formats.near(incident.occurred_at, now)
    facts = {"system": system, "title": incident.title, "since": since, "state": incident.get_state_display()}
    who = (
        _("%(name)s has it") % {"name": incident.assignee}
        if incident.assignee
        else (_("nobody has it") if incident.is_open else "")
    )
    first = _("%(system)s: %(title)s, since %(since)s, %(state)s") % facts
    parts = [part for part in (first, who, _what_is_due(incident, clocks)) if part]
    return _("%(parts)s.") % {"parts": _("; ").join(parts)}


def _what_is_due(incident: Incident, clocks: Mapping[str, Clock]) -> str:
    running = [clock for clock in clocks.values() if is_running(clock) and clock.deadline is not None]
    if not running:
        return ""
    clock = min(running, key=lambda each: each.deadline or 0)
    left = clock.budget_us - clock.elapsed_us
    words = _("%(target)s overdue by %(left)s") if left < 0 else _("%(target)s due in %(left)s")
    return words % {"target": TARGETS[clock.name], "left": formats.duration(abs(left))}


def clocks_shown(incident: Incident, clocks: Mapping[str, Clock]) -> list[ShownClock]:
    """The faces in the order in which they fall due, each with its explanation."""
    promises = Promises.thaw(incident.terms)
    names = {calendar.code: calendar.name for calendar in promises.calendars}
    reasons = {rank.code: rank.name for rank in promises.pauses.reasons}
    order = list(TARGETS)
    return [
        ShownClock(_face(clock, names, reasons), _why(clock, promises, names, reasons))
        for clock in sorted(clocks.values(), key=lambda each: order.index(each.name))
    ]


def _face(clock: Clock, names: Mapping[str, str], reasons: Mapping[str, str]) -> ClockFace:
    paused = ""
    if clock.state is ClockState.PAUSED:
        reason = next((str(step.params["reason"]) for step in reversed(clock.steps) if "reason" in step.params), "")
        paused = reasons.get(reason, reason)
    return ClockFace(
        label=str(TARGETS[clock.name]),
        left_us=clock.budget_us - clock.elapsed_us,
        allowed_us=clock.budget_us,
        calendar=names.get(clock.calendar_code, clock.calendar_code),
        due_at=from_us(clock.deadline) if clock.deadline is not None else None,
        paused_because=paused,
        stopped_at=from_us(clock.stopped_at) if clock.stopped_at is not None else None,
        is_provisional=bool(clock.provisional_years),
    )


def _why(clock: Clock, promises: Promises, names: Mapping[str, str], reasons: Mapping[str, str]) -> Explanation:
    """Core's explanation with codes replaced by words."""
    level = promises.level_for(clock.priority)
    plain = clock.explain(level.clause if level.agreed else "")
    inputs = {**plain.inputs, "target": str(TARGETS[clock.name]), "calendar": names.get(clock.calendar_code, "")}
    kinds = dict(IncidentEvent.Kind.choices)

    def worded(params: Mapping[str, Plain]) -> dict[str, Plain]:
        said = dict(params)
        for name, words in (("event", kinds), ("state", CLOCK_WORDS), ("reason", reasons)):
            if name in said:
                said[name] = str(words.get(str(said[name]), said[name]))
        return said

    steps = [Step(step.text, worded(step.params)) for step in plain.steps]
    steps += [
        Step("The holidays of %(year)s are not published yet; this day is provisional.", {"year": str(year)})
        for year in clock.provisional_years
    ]
    return replace(plain, inputs=inputs, steps=tuple(steps))
