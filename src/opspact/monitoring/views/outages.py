"""Outages, and the results that made each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opspact.core.instants import to_us
from opspact.kit.guards import needs
from opspact.kit.lists import Column, Empty, ListPage, Tab
from opspact.kit.shown import formats
from opspact.monitoring.explained import why_outage
from opspact.monitoring.filters import OutageFilter
from opspact.monitoring.models import Alert, ObservedInterval
from opspact.monitoring.queries.outages import alert_of, missed_around, outages, results_around
from opspact.monitoring.words import detail_words, kind_words


def lasted(outage: ObservedInterval) -> int:
    """µs, to now while it lasts."""
    return to_us(outage.ends_at or timezone.now()) - to_us(outage.starts_at)


def _noticed(outage: ObservedInterval) -> int:
    return to_us(outage.confirmed_at) - to_us(outage.starts_at)


def _kind(outage: ObservedInterval) -> str:
    return kind_words(outage.checked.kind)


def _incident(outage: Any) -> str:
    found = outage.alert.incident if outage.alert else None
    if found is None:
        return ""
    return format_html('<a class="text-nowrap" href="{}">{}</a>', found.get_absolute_url(), found.number)


def _incident_number(outage: Any) -> str:
    return outage.alert.incident.number if outage.alert and outage.alert.incident else ""


class OutagesPage(ListPage):
    name = "monitoring.outages"
    permission = "monitoring.target.view"
    title = gettext_lazy("Outages")
    columns = (
        Column("target", gettext_lazy("Target"), value="checked.target", kind="link", phone=True, width="l"),
        Column("kind", gettext_lazy("Kind of check"), value=_kind),
        Column("system", gettext_lazy("Business system"), value="checked.target.system"),
        Column("starts_at", gettext_lazy("From"), kind="datetime", sort="starts_at", phone=True),
        Column("ends_at", gettext_lazy("Until"), kind="datetime"),
        Column("lasted", gettext_lazy("Duration"), value=lasted, kind="duration", phone=True),
        Column("noticed", gettext_lazy("Noticed after"), value=_noticed, kind="duration", default=False),
        Column("incident", gettext_lazy("Incident"), value=_incident, kind="html", export=_incident_number),
    )
    filterset_class = OutageFilter
    default_sort = "-starts_at"
    tabs = (Tab(gettext_lazy("Lasts still"), "open=yes"),)
    empty = Empty(gettext_lazy("Outages that monitoring confirmed stand here, with the results that made them."))

    def base_queryset(self, request: HttpRequest) -> QuerySet[ObservedInterval]:
        return outages(request.contract).select_related("checked__target__system", "checked__target__contract")

    def prepare(self, request: HttpRequest, records: list[Any]) -> None:
        alerts = Alert.objects.filter(
            checked__in=[each.checked_id for each in records], opened_at__in=[each.starts_at for each in records]
        ).select_related("incident__contract")
        found = {(alert.checked_id, alert.opened_at): alert for alert in alerts}
        for each in records:
            each.alert = found.get((each.checked_id, each.starts_at))

    def row_url(self, record: ObservedInterval) -> str:
        return reverse("monitoring:outage", kwargs={"contract": self.contract_code, "pk": record.pk})

    def sentence(self, request: HttpRequest) -> str:
        n = outages(request.contract).filter(ends_at=None).count()
        return ngettext("%(n)d outage lasts still.", "%(n)d outages last still.", n) % {"n": n}


@needs("monitoring.target.view")
def outage(request: HttpRequest, pk: int) -> HttpResponse:
    rows = outages(request.contract).select_related("checked__target__system", "checked__target__contract", "revision")
    found = get_object_or_404(rows, pk=pk)
    begin, end = results_around(found)
    context = {
        "outage": found,
        "target": found.checked.target,
        "kind": kind_words(found.checked.kind),
        "sentence": sentence(found, timezone.now()),
        "why": why_outage(found),
        "alert": alert_of(found),
        "begin": [(each, detail_words(each.detail)) for each in begin],
        "end": [(each, detail_words(each.detail)) for each in end],
        "missed": missed_around(found),
    }
    return render(request, "monitoring/outage.html", context)


def sentence(found: ObservedInterval, now: datetime) -> str:
    """ "OA 门户 中断 23 min，09:12 至 09:35。" """
    params = {
        "name": found.checked.target.name,
        "duration": formats.duration(lasted(found)),
        "start": formats.exact(found.starts_at),
        "end": formats.exact(found.ends_at),
    }
    if found.ends_at is None:
        return _("%(name)s has been down for %(duration)s, since %(start)s.") % params
    return _("%(name)s was down for %(duration)s, from %(start)s to %(end)s.") % params
