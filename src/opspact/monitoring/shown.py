"""What monitoring shows on the pages of the kit and of rooms below: navigation, home, search, top bar, panels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import Contract
from opspact.identity.roles import CLIENT_ROLES, VENDOR_ROLES, Role
from opspact.kit import registries
from opspact.kit.navigation import entry
from opspact.kit.shown.why import name_inputs
from opspact.monitoring.models import Alert
from opspact.monitoring.queries import targets as targets_queries
from opspact.monitoring.queries.systems import systems_now
from opspact.monitoring.views import linked, strips
from opspact.monitoring.views.alerts import state_tag
from opspact.monitoring.words import ended_words
from opspact.servicedesk.models import Incident

VIEW = "monitoring.target.view"
A_FEW = 8


def _red(request: HttpRequest) -> dict[str, Any] | None:
    alerts = Alert.objects.filter(contract__code=request.contract.code, resolved_at=None, is_suppressed=False)
    chosen = alerts.select_related("checked__target__contract", "incident__contract").order_by("-opened_at")
    rows = list(chosen[: A_FEW + 1])
    return {"alerts": rows[:A_FEW], "has_more": len(rows) > A_FEW} if rows else None


def _systems(request: HttpRequest) -> dict[str, Any] | None:
    now = timezone.now()
    standing = systems_now(request.contract, now)
    if not standing:
        return None
    rows = [(each, strips.of_system(each)) for each in standing]
    return {"rows": rows, "ended": ended_words(request.contract, now)}


def _count_alerts(request: HttpRequest) -> int:
    return Alert.objects.filter(
        contract__code=request.contract.code, resolved_at=None, is_suppressed=False, acknowledged_at=None
    ).count()


def _find(request: HttpRequest, words: str, most: int) -> Iterable[registries.Hit]:
    for target in targets_queries.find(request.contract, words, most):
        yield registries.Hit(str(target), target.get_absolute_url(), target.address)


def _left_open(contract: Contract, at: datetime) -> Iterable[registries.OpenItem]:
    down = Alert.objects.filter(contract=contract, opened_at__lte=at).exclude(resolved_at__lte=at)
    for alert in down.select_related("checked__target__contract").order_by("opened_at"):
        yield registries.OpenItem(str(alert.checked.target), alert.checked.target.get_absolute_url())


def _of_incident(request: HttpRequest, incident: Incident) -> dict[str, Any] | None:
    alerts = list(incident.alerts.select_related("checked__target__contract").order_by("opened_at"))
    return {"alerts": [(alert, state_tag(alert)) for alert in alerts]} if alerts else None


entry("monitoring", "systems", _("Business systems"), "monitoring:systems", "monitoring.system.view", order=10)
entry("monitoring", "targets", _("Targets"), "monitoring:targets", VIEW, order=20, covers="target/")
entry("monitoring", "alerts", _("Alerts"), "monitoring:alerts", "monitoring.alert.view", order=30)
entry("monitoring", "outages", _("Outages"), "monitoring:outages", VIEW, order=40)
entry("monitoring", "circuits", _("Availability of circuits"), "monitoring:circuits", VIEW, order=45)
entry("monitoring", "grants", _("Maintenance"), "monitoring:grants", "monitoring.system.view", order=50)

registries.home_cards.add(
    registries.HomeCard(
        "monitoring.red",
        _("What is red"),
        "monitoring.alert.view",
        frozenset(VENDOR_ROLES | {Role.CLIENT_MANAGER}),
        "monitoring/card_red.html",
        _red,
        order=10,
    )
)
registries.home_cards.add(
    registries.HomeCard(
        "monitoring.systems",
        _("Business systems"),
        "monitoring.system.view",
        frozenset(VENDOR_ROLES | CLIENT_ROLES),
        "monitoring/card_systems.html",
        _systems,
        order=15,
        is_wide=True,
    )
)
registries.indicators.add(
    registries.Indicator(
        "monitoring.alerts",
        _("Alerts not acknowledged"),
        "monitoring.alert.view",
        "bell",
        "monitoring:alerts",
        _count_alerts,
        is_alarm=True,
        order=10,
    )
)
registries.search_providers.add(
    registries.SearchProvider("monitoring.targets", _("Targets"), VIEW, "target", _find, order=20)
)
registries.open_items.add(registries.OpenItems("monitoring.alerts", _("Outages that last still"), VIEW, _left_open))
registries.inbox_kinds.add(registries.InboxKind("monitoring.alert", _("Alerts"), "monitoring.alert.view", "bell"))
registries.panels.add(
    registries.Panel(
        "monitoring.alerts",
        "servicedesk.Incident",
        _("Alerts"),
        "monitoring.alert.view",
        "monitoring/panel_alerts.html",
        _of_incident,
        order=20,
    )
)
for subject in ("assets.Asset", "assets.Circuit"):
    registries.panels.add(
        registries.Panel(
            f"monitoring.linked.{subject}",
            subject,
            _("Monitoring"),
            VIEW,
            "monitoring/panel_linked.html",
            linked.panel,
            order=10,
            is_late=True,
        )
    )
registries.panels.add(
    registries.Panel(
        "monitoring.carrier",
        "assets.Carrier",
        _("Availability"),
        VIEW,
        "monitoring/panel_carrier.html",
        linked.carrier_panel,
        order=10,
        is_late=True,
    )
)
name_inputs(
    {
        "interval_us": _("Interval of the check"),
        "valid_us": _("A result is valid for"),
        "confirm": _("Failures that make an outage"),
        "checks": _("Up while all of these checks are"),
        "circuits": _("Leased circuits added up"),
    }
)
