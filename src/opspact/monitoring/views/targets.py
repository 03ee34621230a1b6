"""The list of targets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from opspact.kit.actions import Caller
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab
from opspact.monitoring.actions import set_active
from opspact.monitoring.filters import TargetFilter
from opspact.monitoring.models import Target
from opspact.monitoring.queries.targets import MOST, standings, troubled


def _switch(caller: Caller, picked: QuerySet[Target], *, active: bool) -> str:
    targets = list(picked.select_related("contract"))
    if not targets:
        return ""
    done = set_active(caller, targets[0].contract, targets=targets, active=active)
    if active:
        return ngettext("%(n)d target is watched again.", "%(n)d targets are watched again.", done) % {"n": done}
    return ngettext("%(n)d target is no longer watched.", "%(n)d targets are no longer watched.", done) % {"n": done}


def _seen(target: Target) -> str | None:
    return target.standing.seen


def _since(target: Target) -> datetime | None:
    return target.standing.since


class TargetsPage(ListPage):
    name = "monitoring.targets"
    permission = "monitoring.target.view"
    title = _("Targets")
    template_name = "monitoring/targets.html"
    columns = (
        Column("code", _("Code"), kind="link", sort="code", phone=True),
        Column("name", _("Name"), sort="name", phone=True, width="l"),
        Column("address", _("Address"), sort="address"),
        Column("kinds", _("Checks"), value="standing.kinds"),
        Column("system", _("Business system")),
        Column("site", _("Site")),
        Column("state", _("State"), value=_seen, kind="state", phone=True),
        Column("since", _("Since"), value=_since, kind="datetime"),
        Column("value", _("Last value"), value="standing.value"),
        Column("last_at", _("Last result"), value="standing.last_at", kind="datetime", default=False),
        Column("is_active", _("Watched"), kind="bool", default=False),
    )
    filterset_class = TargetFilter
    default_sort = "code"
    tabs = (
        Tab(_("Down"), "state=down"),
        Tab(_("Unknown"), "state=unknown"),
        Tab(_("Degraded"), "state=degraded"),
        Tab(_("Not watched"), "watched=no"),
    )
    empty = Empty(
        _("Targets are the addresses that are watched: devices, servers, ports, pages, certificates."),
        _("Import from Excel"),
        "monitoring:imports",
        "monitoring.target.import",
        icon="target",
    )
    bulk_actions = (
        BulkAction(
            "watch",
            _("Watch"),
            "monitoring.target.edit",
            _("Watch %(count)s targets again?"),
            lambda caller, picked: _switch(caller, picked, active=True),
        ),
        BulkAction(
            "unwatch",
            _("Stop watching"),
            "monitoring.target.edit",
            _("Stop watching %(count)s targets? Their time counts as unknown from now on, and their alerts end."),
            lambda caller, picked: _switch(caller, picked, active=False),
            is_dangerous=True,
        ),
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        return Target.objects.filter(contract=request.contract).select_related("contract", "system", "site")

    def prepare(self, request: HttpRequest, records: list[Any]) -> None:
        found = standings(records)
        for target in records:
            target.standing = found[target.pk]

    def row_url(self, record: Target) -> str:
        return record.get_absolute_url()

    def sentence(self, request: HttpRequest) -> str:
        if not Target.objects.filter(contract=request.contract).exists():
            return ""
        counts = troubled(request.contract)
        if not any(counts.values()):
            return gettext("Every watched check is up.")
        return gettext("Checks: %(down)s down, %(unknown)s unknown, %(degraded)s degraded, all others up.") % {
            seen: n if n <= MOST else gettext("more than %(n)s") % {"n": MOST} for seen, n in counts.items()
        }
