"""Alerts, and putting on record that somebody has seen them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from opspact.kit.actions import Caller
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab
from opspact.kit.shown.states import tag
from opspact.monitoring.actions import acknowledge
from opspact.monitoring.filters import AlertFilter
from opspact.monitoring.models import Alert
from opspact.monitoring.words import detail_words, kind_words

_TONES = {Alert.State.OPEN: "bad", Alert.State.SUPPRESSED: "info", Alert.State.RESOLVED: "good"}


def state_tag(alert: Alert) -> SafeString:
    return tag(alert.state.label, _TONES[alert.state])


def _kind(alert: Alert) -> str:
    return kind_words(alert.checked.kind)


def _detail(alert: Alert) -> str:
    return detail_words(alert.detail)


def _incident(alert: Alert) -> str:
    found = alert.incident
    if found is None:
        return ""
    return format_html('<a class="text-nowrap" href="{}">{}</a>', found.get_absolute_url(), found.number)


def _acknowledge(caller: Caller, picked: QuerySet[Alert]) -> str:
    alerts = list(picked.select_related("contract"))
    done = acknowledge(caller, alerts[0].contract, alerts=alerts) if alerts else 0
    return ngettext("%(n)d alert acknowledged.", "%(n)d alerts acknowledged.", done) % {"n": done}


class AlertsPage(ListPage):
    name = "monitoring.alerts"
    permission = "monitoring.alert.view"
    title = _("Alerts")
    columns = (
        Column("target", _("Target"), value="checked.target", kind="link", phone=True, width="l"),
        Column("kind", _("Kind of check"), value=_kind),
        Column("system", _("Business system"), value="checked.target.system", default=False),
        Column("state", _("State"), value=state_tag, kind="html", phone=True, export=lambda alert: alert.state.label),
        Column("opened_at", _("Began"), kind="datetime", sort="opened_at", phone=True),
        Column("resolved_at", _("Ended"), kind="datetime"),
        Column("detail", _("Detail"), value=_detail, width="l"),
        Column("acknowledged_by", _("Acknowledged by")),
        Column("acknowledged_at", _("Acknowledged at"), kind="datetime", default=False),
        Column(
            "incident",
            _("Incident"),
            value=_incident,
            kind="html",
            export=lambda alert: alert.incident.number if alert.incident else "",
        ),
    )
    filterset_class = AlertFilter
    default_sort = "-opened_at"
    tabs = (Tab(_("Open"), "state=open"), Tab(_("Not acknowledged"), "state=open&seen=no"))
    empty = Empty(_("Each confirmed outage of a check raises one alert; with it an incident is opened."))
    bulk_actions = (
        BulkAction(
            "acknowledge",
            _("Acknowledge"),
            "monitoring.alert.acknowledge",
            _("Put on record that you have seen %(count)s alerts?"),
            _acknowledge,
        ),
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        return Alert.objects.filter(contract=request.contract).select_related(
            "checked__target__system", "checked__target__contract", "incident__contract", "acknowledged_by"
        )

    def row_url(self, record: Any) -> str:
        return record.checked.target.get_absolute_url()

    def sentence(self, request: HttpRequest) -> str:
        unresolved = Alert.objects.filter(contract=request.contract, resolved_at=None, is_suppressed=False)
        n, unseen = unresolved.count(), unresolved.filter(acknowledged_at=None).count()
        words = ngettext(
            "%(n)d alert is open, %(unseen)d not acknowledged.",
            "%(n)d alerts are open, %(unseen)d not acknowledged.",
            n,
        )
        return words % {"n": n, "unseen": unseen}
