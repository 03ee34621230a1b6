"""The contract's terms on one page: what was loaded, as it is used."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.contracts.models import BusinessSystem, Contract
from opspact.contracts.terms.durations import Unit
from opspact.contracts.terms.service import Goal
from opspact.kit.guards import needs
from opspact.kit.shown.formats import day


@needs("contracts.contract.view")
def terms(request: HttpRequest) -> HttpResponse:
    contract: Contract = request.contract
    found = contract.terms
    context = {
        "terms": found,
        "version": contract.terms_version,
        "sentence": _sentence(contract),
        "parties": contract.parties.select_related("organisation"),
        "kpis": contract.kpis.all(),
        "levels": [(each, _within(each.response), _within(each.restore)) for each in found.service_levels],
        "systems": _systems(contract),
        "unsigned": [level for level in found.service_levels if not level.agreed],
    }
    return render(request, "contracts/terms.html", context)


def _sentence(contract: Contract) -> str:
    """Where the term stands today."""
    now = timezone.now()
    last = timezone.localtime(contract.ends_at - timedelta(microseconds=1))
    span = {"start": day(timezone.localtime(contract.starts_at).date()), "end": day(last.date())}
    if now < contract.starts_at:
        return _("Service runs from %(start)s to %(end)s; it has not begun.") % span
    if now >= contract.ends_at:
        return _("Service ran from %(start)s to %(end)s; the term is over.") % span
    left = (contract.ends_at - now).days
    return _("Service runs from %(start)s to %(end)s; %(left)s days are left.") % {**span, "left": left}


def _systems(contract: Contract) -> list[dict[str, Any]]:
    """The systems in scope, each with the indicators that measure it."""
    rows = BusinessSystem.objects.filter(scope_items__contract=contract).distinct()
    measured: dict[int, list[str]] = {}
    for item in contract.scope_items.select_related("kpi").order_by("kpi__position"):
        measured.setdefault(item.system_id, []).append(str(item.kpi))
    return [{"system": system, "kpis": _(", ").join(measured.get(system.pk, []))} for system in rows]


def _within(goal: Goal) -> str:
    """10 min, 4 h, 3 working days."""
    length = goal.within
    if length.unit is not Unit.WORKING_DAYS:
        return str(length)
    return ngettext("%(n)d working day", "%(n)d working days", length.amount) % {"n": length.amount}
