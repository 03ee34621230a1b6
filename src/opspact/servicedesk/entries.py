"""Where incidents show up on pages of the kit: navigation, home, search, top bar, handover, inbox, files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import Contract
from opspact.identity.roles import CLIENT_ROLES, VENDOR_ROLES, Role
from opspact.kit import attachments, registries
from opspact.kit.navigation import entry
from opspact.servicedesk import notices, queries, shown
from opspact.servicedesk.models import Incident

VIEW = "servicedesk.incident.view"
A_FEW = 8
SOON = timedelta(hours=4)


def _open(request: HttpRequest) -> QuerySet[Incident]:
    seen = queries.visible_to(request.user, request.contract).filter(state__in=Incident.OPEN_STATES)
    return seen.select_related("contract", "system", "assignee").order_by(F("next_due_at").asc(nulls_last=True), "pk")


def _card(request: HttpRequest, found: QuerySet[Incident], query: str) -> dict[str, Any] | None:
    """The first few of `found`, and the list that shows all of them; nothing when there are none."""
    rows = list(found[: A_FEW + 1])
    if not rows:
        return None
    now = timezone.now()
    url = reverse("servicedesk:incidents", kwargs={"contract": request.contract.code})
    return {
        "rows": [(each, shown.due_tag(each, now)) for each in rows[:A_FEW]],
        "more_url": f"{url}?{query}" if len(rows) > A_FEW else "",
    }


def _mine(request: HttpRequest) -> dict[str, Any] | None:
    return _card(request, _open(request).filter(assignee=request.user), "mine=yes&state=open&sort=due")


def _reported(request: HttpRequest) -> dict[str, Any] | None:
    return _card(request, _open(request).filter(reported_by=request.user), "mine=yes&state=open")


def _due_soon(request: HttpRequest) -> dict[str, Any] | None:
    found = _open(request).filter(next_due_at__lt=timezone.now() + SOON)
    return _card(request, found, "state=open&sort=due")


def _unassigned(request: HttpRequest) -> dict[str, Any] | None:
    return _card(request, _open(request).filter(assignee=None), "state=new")


def _count_mine(request: HttpRequest) -> int:
    return Incident.objects.filter(
        contract__code=request.contract.code, assignee=request.user, state__in=Incident.OPEN_STATES
    ).count()


def _find(request: HttpRequest, words: str, most: int) -> Iterable[registries.Hit]:
    seen = queries.visible_to(request.user, request.contract)
    found = seen.filter(Q(number__icontains=words) | Q(title__icontains=words) | Q(symptom__icontains=words))
    for incident in found.select_related("contract").order_by("-opened_at")[:most]:
        yield registries.Hit(str(incident), incident.get_absolute_url(), incident.get_state_display())


def _left_open(contract: Contract, at: datetime) -> Iterable[registries.OpenItem]:
    for incident in queries.unfinished(contract, at).select_related("contract"):
        yield registries.OpenItem(str(incident), incident.get_absolute_url(), incident.next_due_at)


entry("servicedesk", "incidents", _("Incidents"), "servicedesk:incidents", VIEW, order=10)
entry("servicedesk", "open", _("Open an incident"), "servicedesk:open", "servicedesk.incident.open", order=20)

for name, title, roles, context, order in (
    ("servicedesk.mine", _("My incidents"), VENDOR_ROLES | {Role.THIRD_PARTY}, _mine, 20),
    ("servicedesk.due", _("Due soon"), VENDOR_ROLES | {Role.CLIENT_MANAGER}, _due_soon, 25),
    ("servicedesk.unassigned", _("Nobody has these"), {Role.SERVICE_MANAGER, Role.SERVICE_DESK}, _unassigned, 30),
    ("servicedesk.reported", _("What I reported"), CLIENT_ROLES, _reported, 20),
):
    registries.home_cards.add(
        registries.HomeCard(name, title, VIEW, frozenset(roles), "servicedesk/card.html", context, order)
    )
registries.indicators.add(
    registries.Indicator(
        "servicedesk.mine",
        _("My incidents"),
        "servicedesk.incident.take",
        "ticket",
        "servicedesk:incidents",
        _count_mine,
    )
)
registries.search_providers.add(
    registries.SearchProvider("servicedesk.incidents", _("Incidents"), VIEW, "ticket", _find)
)
registries.open_items.add(registries.OpenItems("servicedesk.incidents", _("Open incidents"), VIEW, _left_open))
registries.inbox_kinds.add(registries.InboxKind(notices.KIND, _("Incidents"), icon="ticket"))
attachments.carried_by("servicedesk.Incident", queries.may_see)
