"""One device as it was seen, beside what the ledger says of it; and how far a job is."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from opspact.assets.actions.discovery import accept, reject
from opspact.assets.discovery.accepting import told
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import DiscoveryRun, Fact, Proposal
from opspact.assets.views.discovery import AcceptForm, field_word, said, shown_on
from opspact.kit.actions import Caller

EARLIER = 20


class DevicePage(View):
    """Field by field: what the ledger says, what was seen; each accepted or rejected, one or several at once."""

    permission: ClassVar[str] = "assets.discovery.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(request, self._fact(request, pk), AcceptForm(request=request))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        fact = self._fact(request, pk)
        form = AcceptForm(request.POST, request=request)
        picked = [int(key) for key in request.POST.getlist("proposal") if key.isdecimal() and len(key) < 19]
        keys = list(fact.proposals.filter(state="open", pk__in=picked).values_list("pk", flat=True))
        if form.is_valid():
            caller, reason, shown = Caller.of(request), form.cleaned_data["reason"], shown_on(request)
            try:
                if not keys:
                    raise ValidationError(_("Nothing was picked, so nothing was done."))
                if request.POST.get("do") == "reject":
                    done = reject(caller, request.contract, keys, reason, shown=shown)
                else:
                    category = form.cleaned_data["category"]
                    done = accept(caller, request.contract, keys, category, reason, shown=shown)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                stays = done.get("refused") or done.get("newer")
                (messages.warning if stays else messages.success)(request, said(done))
                return redirect(request.path)
        return self._show(request, fact, form)

    def _fact(self, request: HttpRequest, pk: int) -> Fact:
        found = Fact.objects.select_related("asset", *(f"asset__{each}" for each in ASSETS.related))
        return get_object_or_404(found, contract=request.contract, pk=pk)

    def _show(self, request: HttpRequest, fact: Fact, form: AcceptForm) -> HttpResponse:
        waiting = {row.field: row for row in fact.proposals.filter(state="open")}
        earlier = fact.proposals.exclude(state="open").select_related("decided_by").order_by("-decided_at")[:EARLIER]
        asset_url = ""
        if fact.asset_id:
            asset_url = reverse("assets:asset", kwargs={"contract": request.contract.code, "pk": fact.asset_id})
        context = {
            "fact": fact,
            "form": form,
            "asset_url": asset_url,
            "is_new": "" in waiting,
            "rows": _rows(fact, waiting),
            "is_open": bool(waiting),
            "earlier": [(row, field_word(row)) for row in earlier],
        }
        return render(request, "assets/discovery/device.html", context)


def _rows(fact: Fact, waiting: dict[str, Proposal]) -> list[dict[str, Any]]:
    """Every field that was seen, the differing ones with their proposal; the device itself where it is not known."""
    rows = []
    if (new := waiting.get("")) is not None:
        rows.append(
            {"word": field_word(new), "ledger": "", "seen": new.seen_text, "row": new, "why": told(new.refusal)}
        )
    for each in ASSETS.fields:
        if not (seen := fact.values.get(each.name)):
            continue
        row = waiting.get(each.name)
        why = told(row.refusal) if row else ""
        ledger = each.text(fact.asset) if fact.asset else ""
        rows.append({"word": each.label, "ledger": ledger, "seen": seen, "row": row, "why": why})
    return rows


class RunPage(View):
    """How far a job of discovery is, and what it did."""

    permission: ClassVar[str] = "assets.discovery.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(DiscoveryRun.objects.defer("given"), contract=request.contract, pk=pk)
        is_working = run.state == DiscoveryRun.State.WORKING
        percent = min(100, 100 * run.done // run.total) if run.total else 0
        context = {"run": run, "is_working": is_working, "percent": percent, "said": said(run.counts)}
        if request.htmx and request.htmx.target == "run-progress":
            if is_working:
                return render(request, "assets/discovery/progress.html", context)
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "assets/discovery/run.html", context)
