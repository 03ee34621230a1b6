"""The list of incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from opspact.core.instants import to_us
from opspact.identity.models import User
from opspact.kit.actions import Caller
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab
from opspact.servicedesk import actions, shown
from opspact.servicedesk.filters import IncidentFilter
from opspact.servicedesk.forms import BulkAssignForm, BulkCommentForm
from opspact.servicedesk.models import Incident
from opspact.servicedesk.queries import open_figures, visible_to


def _age(incident: Incident) -> int:
    """µs from the opening to the end, or to now."""
    end = incident.closed_at or incident.resolved_at or timezone.now()
    return to_us(end) - to_us(incident.opened_at)


def _due(incident: Incident) -> Any:
    return shown.due_tag(incident, timezone.now())


def _due_at(incident: Incident) -> datetime | None:
    return incident.next_due_at


def each_of(picked: QuerySet[Incident], act: Any) -> str:
    """Do it to each by its own action; what was refused is said with its reason and stops nobody else."""
    done, refused = 0, []
    for incident in picked.select_related("contract", "assignee"):
        try:
            act(incident)
        except (ValidationError, PermissionDenied) as error:
            refused.append(" ".join(getattr(error, "messages", [f"{incident.number}: {error}"])))
        else:
            done += 1
    said = [ngettext("%(n)d incident done.", "%(n)d incidents done.", done) % {"n": done}]
    if refused:
        said.append(_("Refused: %(why)s") % {"why": " ".join(refused[:5])})
    return " ".join(said)


def _take(caller: Caller, picked: QuerySet[Incident]) -> str:
    return each_of(picked, lambda incident: actions.take(caller, incident))


def _assign(caller: Caller, picked: QuerySet[Incident], *, to: User) -> str:
    return each_of(picked, lambda incident: actions.assign(caller, incident, to=to))


def _comment(caller: Caller, picked: QuerySet[Incident], *, text: str) -> str:
    return each_of(picked, lambda incident: actions.comment(caller, incident, text=text))


def _close(caller: Caller, picked: QuerySet[Incident]) -> str:
    return each_of(picked, lambda incident: actions.close(caller, incident))


class IncidentsPage(ListPage):
    name = "servicedesk.incidents"
    permission = "servicedesk.incident.view"
    title = gettext_lazy("Incidents")
    template_name = "servicedesk/incidents.html"
    columns = (
        Column("number", gettext_lazy("Number"), kind="link", sort="number", phone=True, width="m"),
        Column("title", gettext_lazy("Title"), sort="title", phone=True),
        Column("system", gettext_lazy("Business system"), sort="system__code"),
        Column("priority", gettext_lazy("Priority"), sort="priority", width="s"),
        Column("level", gettext_lazy("Level"), sort="level", default=False),
        Column(
            "state",
            gettext_lazy("State"),
            value=shown.state_tag,
            kind="html",
            sort="state",
            export=lambda incident: incident.get_state_display(),
        ),
        Column("assignee", gettext_lazy("Assignee"), sort="assignee__name", width="s"),
        Column(
            "due", gettext_lazy("Next due"), value=_due, kind="html", sort="next_due_at", phone=True, export=_due_at
        ),
        Column("opened_at", gettext_lazy("Opened at"), kind="datetime", sort="opened_at"),
        Column("age", gettext_lazy("Age"), value=_age, kind="duration"),
        Column("source", gettext_lazy("Source"), value="get_source_display", default=False),
        Column("caller_name", gettext_lazy("Reported by"), default=False),
        Column("occurred_at", gettext_lazy("Occurred at"), kind="datetime", default=False),
        Column("restored_at", gettext_lazy("Restored at"), kind="datetime", default=False),
        Column("resolved_at", gettext_lazy("Resolved at"), kind="datetime", default=False),
        Column("cause_domain", gettext_lazy("Responsible"), value="get_cause_domain_display", default=False),
        Column("breached", gettext_lazy("Overdue"), kind="bool", default=False),
    )
    filterset_class = IncidentFilter
    default_sort = "-opened_at"
    tabs = (
        Tab(gettext_lazy("All open"), "state=open&sort=due"),
        Tab(gettext_lazy("New"), "state=new"),
        Tab(gettext_lazy("Mine"), "mine=yes&state=open&sort=due"),
        Tab(gettext_lazy("Overdue"), "breached=yes&state=open"),
        Tab(gettext_lazy("To close"), "state=resolved"),
    )
    empty = Empty(
        gettext_lazy("Faults that the contract's people handle stand here, with what is due when."),
        gettext_lazy("Open an incident"),
        "servicedesk:open",
        "servicedesk.incident.open",
        icon="ticket",
    )
    bulk_actions = (
        BulkAction(
            "take",
            gettext_lazy("Take them"),
            "servicedesk.incident.take",
            gettext_lazy("Take %(count)s incidents? That is also the response."),
            _take,
        ),
        BulkAction(
            "assign",
            gettext_lazy("Assign"),
            "servicedesk.incident.assign",
            gettext_lazy("Assign %(count)s incidents?"),
            _assign,
            form=BulkAssignForm,
        ),
        BulkAction(
            "comment",
            pgettext_lazy("incident", "Comment"),
            "servicedesk.incident.comment",
            gettext_lazy("The same comment on %(count)s incidents."),
            _comment,
            form=BulkCommentForm,
        ),
        BulkAction(
            "close",
            gettext_lazy("Close"),
            "servicedesk.incident.close",
            gettext_lazy("Close %(count)s incidents? Only resolved ones can be closed."),
            _close,
        ),
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        return visible_to(request.user, request.contract).select_related("contract", "system", "assignee")

    def row_url(self, record: Incident) -> str:
        return record.get_absolute_url()

    def sentence(self, request: HttpRequest) -> str:
        figures = open_figures(visible_to(request.user, request.contract), timezone.now())
        words = ngettext(
            "%(open)d incident is open: %(unassigned)d without an assignee, %(overdue)d overdue.",
            "%(open)d incidents are open: %(unassigned)d without an assignee, %(overdue)d overdue.",
            figures["open"],
        )
        return words % figures
