"""What can be done to an incident from its page: each step's word, permission, form, and when it is possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.identity.models import User
from opspact.kit.permissions import may
from opspact.servicedesk import actions, forms
from opspact.servicedesk.models import Incident

State = Incident.State


@dataclass(frozen=True)
class Step:
    """`run(caller, incident, **fields of the form)`; without a form the button does it at once."""

    name: str
    label: str | Promise
    icon: str
    permission: str
    run: Callable[..., Any]
    possible: Callable[[Incident, User], bool]
    form: type[forms.StepForm] | None = None
    is_main: bool = False
    is_dangerous: bool = False

    @property
    def has_form(self) -> bool:
        """For templates, which would call the class itself."""
        return self.form is not None


def _open(incident: Incident, user: User) -> bool:
    return incident.is_open


def _is_free(incident: Incident, user: User) -> bool:
    return incident.state in (State.NEW, State.ASSIGNED) and incident.assignee_id in (None, user.pk)


def _is_proposed(incident: Incident, user: User) -> bool:
    return incident.is_open and incident.resolution_proposed_at is not None


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "accept",
            _("Confirm and resolve"),
            "circle-check",
            "servicedesk.incident.decide_proposal",
            actions.accept_proposal,
            _is_proposed,
            forms.ConclusionForm,
            is_main=True,
        ),
        Step(
            "decline",
            _("Not over yet"),
            "x",
            "servicedesk.incident.decide_proposal",
            actions.decline_proposal,
            _is_proposed,
            forms.ReasonForm,
        ),
        Step(
            "take",
            _("Take it"),
            "user-check",
            "servicedesk.incident.take",
            actions.take,
            _is_free,
            is_main=True,
        ),
        Step(
            "assign",
            _("Assign"),
            "user-plus",
            "servicedesk.incident.assign",
            actions.assign,
            _open,
            forms.AssignForm,
        ),
        Step(
            "respond",
            _("Respond"),
            "headset",
            "servicedesk.incident.respond",
            actions.respond,
            lambda incident, user: incident.state == State.ASSIGNED and incident.responded_at is None,
            forms.TimedForm,
        ),
        Step(
            "arrive",
            _("Arrived"),
            "map-pin",
            "servicedesk.incident.arrive",
            actions.arrive,
            lambda incident, user: incident.is_open and incident.arrived_at is None,
            forms.TimedForm,
        ),
        Step(
            "restore",
            _("Service is back"),
            "heartbeat",
            "servicedesk.incident.restore",
            actions.restore,
            lambda incident, user: incident.is_open and incident.restored_at is None,
            forms.TimedForm,
        ),
        Step(
            "resume",
            _("Resume"),
            "player-play",
            "servicedesk.incident.resume",
            actions.resume,
            lambda incident, user: incident.state == State.PAUSED,
            forms.TimedForm,
            is_main=True,
        ),
        Step(
            "resolve",
            _("Resolve"),
            "circle-check",
            "servicedesk.incident.resolve",
            actions.resolve,
            lambda incident, user: incident.is_open and not _is_proposed(incident, user),
            forms.ResolveForm,
            is_main=True,
        ),
        Step(
            "pause",
            _("Pause"),
            "player-pause",
            "servicedesk.incident.pause",
            actions.pause,
            lambda incident, user: incident.state == State.IN_PROGRESS,
            forms.PauseForm,
        ),
        Step(
            "close",
            _("Close"),
            "lock",
            "servicedesk.incident.close",
            actions.close,
            lambda incident, user: incident.state == State.RESOLVED,
            is_main=True,
        ),
        Step(
            "reopen",
            _("Reopen"),
            "lock-open",
            "servicedesk.incident.reopen",
            actions.reopen,
            lambda incident, user: incident.state in (State.RESOLVED, State.CLOSED),
            forms.ReasonForm,
        ),
        Step(
            "priority",
            _("Change priority"),
            "arrows-sort",
            "servicedesk.incident.change_priority",
            actions.change_priority,
            _open,
            forms.PriorityForm,
        ),
        Step(
            "report",
            _("Reported"),
            "send",
            "servicedesk.incident.report",
            actions.report,
            lambda incident, user: incident.state != State.CANCELLED,
            forms.ReportForm,
        ),
        Step(
            "cancel",
            _("Cancel the incident"),
            "circle-x",
            "servicedesk.incident.cancel",
            actions.cancel,
            _open,
            forms.CancelForm,
            is_dangerous=True,
        ),
        Step(
            "comment",
            pgettext_lazy("incident", "Comment"),
            "message",
            "servicedesk.incident.comment",
            actions.comment,
            lambda incident, user: True,
            forms.CommentForm,
        ),
    )
}


def possible_now(incident: Incident, user: User) -> list[Step]:
    """The steps this person may take on the incident as it stands, comments apart."""
    return [
        step
        for step in STEPS.values()
        if step.name != "comment"
        and step.possible(incident, user)
        and may(user, step.permission, incident.contract.code)
    ]
