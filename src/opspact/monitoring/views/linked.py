"""What monitoring says on the pages of the ledgers: an asset's or a circuit's checks, a carrier's availability."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from opspact.assets.models import Asset, Carrier, Circuit
from opspact.core.instants import DAY, to_us
from opspact.kit.lists.attaching import give
from opspact.monitoring.models import Alert, Check, ObservedInterval
from opspact.monitoring.queries.carriers import CarrierFigures
from opspact.monitoring.queries.circuits import TERM, figures, period_of
from opspact.monitoring.queries.targets import value_words
from opspact.monitoring.queries.timelines import of_checks
from opspact.monitoring.views import strips
from opspact.monitoring.views.outages import lasted
from opspact.monitoring.words import ended_words, kind_words

MOST_CHECKS = 20
MOST_OUTAGES = 10
YEAR = timedelta(days=365)


def panel(request: HttpRequest, subject: Asset | Circuit) -> dict[str, Any] | None:
    """The linked checks as they stand, their last 30 days, and the outages of the last year with their incidents."""
    name = "circuit" if isinstance(subject, Circuit) else "asset"
    rows = Check.objects.filter(**{f"target__{name}": subject}).order_by("target__code", "kind")
    checks = list(rows.select_related("state", "target")[:MOST_CHECKS])
    give([check.target for check in checks], "contract", request.contract)
    now = timezone.now()
    at = request.contract.as_of(now)
    return {
        "checks": _shown(checks, at, now),
        "outages": _outages(checks, at),
        "ended": ended_words(request.contract, now),
        "link": urlencode({name: subject.code, "name": subject.name}),
    }


def _shown(checks: list[Check], at: datetime, now: datetime) -> list[tuple[Check, Any, Any, Any]]:
    """Each check with its kind, its value and its last 30 days before `at`."""
    if not checks:
        return []
    end = to_us(at)
    start = end - 30 * DAY
    timelines = of_checks(checks, start, end, now)
    return [
        (check, kind_words(check.kind), value_words(check), strips.of_check(check, timelines[check.pk], start, end))
        for check in checks
    ]


def _outages(checks: list[Check], at: datetime) -> list[tuple[ObservedInterval, int, Alert | None]]:
    """The newest outages of the year before `at`: how long, and the alert with its incident."""
    if not checks:
        return []
    found = ObservedInterval.objects.filter(checked__in=checks, seen="down", starts_at__gte=at - YEAR)
    outages = list(found.select_related("checked__target__contract").order_by("-starts_at")[:MOST_OUTAGES])
    alerts = Alert.objects.filter(
        checked__in=checks, opened_at__in=[each.starts_at for each in outages]
    ).select_related("incident__contract")
    by_start = {(alert.checked_id, alert.opened_at): alert for alert in alerts}
    return [(each, lasted(each), by_start.get((each.checked_id, each.starts_at))) for each in outages]


def carrier_panel(request: HttpRequest, carrier: Carrier) -> dict[str, Any] | None:
    """What the carrier's circuits came to in the term so far."""
    now = timezone.now()
    circuits = list(carrier.circuits.filter(deleted_at=None).select_related("contract").order_by("code"))
    if not circuits:
        return None
    found = figures(request.contract, circuits, period_of(request.contract, TERM, now), now)
    page = reverse("monitoring:circuits", kwargs={"contract": request.contract.code})
    return {"figures": CarrierFigures(carrier, tuple(found)), "page": f"{page}?period={TERM}"}
