"""Adding and changing a target by hand, and switching it off and on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.monitoring.actions import TargetRefused, save_target, set_active
from opspact.monitoring.forms import CheckForm
from opspact.monitoring.models import Check
from opspact.monitoring.views.target import the_target
from opspact.probes.settings import write_settings


class _CheckPage(View):
    permission = "monitoring.target.edit"
    is_new = True

    def initial(self, request: HttpRequest, **place: str) -> dict[str, Any]:
        """A circuit's or an asset's page leads here with what is to be watched."""
        return {name: request.GET[name] for name in ("asset", "circuit", "name") if name in request.GET}

    def get(self, request: HttpRequest, **place: str) -> HttpResponse:
        return self._show(request, CheckForm(contract=request.contract, initial=self.initial(request, **place)), place)

    def post(self, request: HttpRequest, **place: str) -> HttpResponse:
        initial = self.initial(request, **place)
        form = CheckForm(request.POST, contract=request.contract, initial=initial)
        if form.is_valid():
            cleaned = dict(form.cleaned_data)
            given = {name: str(value or "") for name, value in cleaned.items()}
            by, reference = given.pop("authorised_by"), given.pop("reference")
            given |= {name: str(initial[name]) for name in form.fixed if name in initial}
            caller = Caller.of(request)
            try:
                saved = save_target(
                    caller,
                    request.contract,
                    values=given,
                    authorised_by=by,
                    reference=reference,
                    is_new=self.is_new,
                )
            except TargetRefused as refused:
                for problem in refused.problems:
                    form.add_error(problem.field if problem.field in form.fields else None, problem.text)
            else:
                messages.success(request, _("%(target)s is saved.") % {"target": saved})
                return redirect(saved)
        return self._show(request, form, place)

    def _show(self, request: HttpRequest, form: CheckForm, place: dict[str, str]) -> HttpResponse:
        code = request.contract.code
        back = reverse("monitoring:targets", kwargs={"contract": code})
        if "code" in place:
            back = reverse("monitoring:target", kwargs={"contract": code, "code": place["code"]})
        draft = f"monitoring.check.{code}.{'.'.join(place.values())}"
        return render(request, "monitoring/check_form.html", {"form": form, "back": back, "draft": draft, **place})


class NewTarget(_CheckPage):
    """A target with its first check."""


class NewCheck(_CheckPage):
    """One more check for a target."""

    def initial(self, request: HttpRequest, **place: str) -> dict[str, Any]:
        found = the_target(request, place["code"])
        return {
            "code": found.code,
            "name": found.name,
            "address": found.address,
            "system": found.system.code if found.system else "",
            "site": found.site.code if found.site else "",
            "asset": found.asset.code if found.asset else "",
            "circuit": found.circuit.code if found.circuit else "",
        }


class EditCheck(NewCheck):
    """One check; name, system and site are those of its target."""

    is_new = False

    def initial(self, request: HttpRequest, **place: str) -> dict[str, Any]:
        check = get_object_or_404(
            Check, target__contract=request.contract, target__code=place["code"], kind=place["kind"]
        )
        return super().initial(request, **place) | {
            "kind": check.kind,
            "address": check.address,
            "interval_s": check.interval_s,
            "settings": write_settings(check.settings),
        }


@require_POST
@needs("monitoring.target.edit")
def watch(request: HttpRequest, code: str) -> HttpResponse:
    """Switch the target on, or off once that is confirmed."""
    found = the_target(request, code)
    active = request.POST.get("active") == "1"
    if not active and not request.POST.get("confirmed"):
        text = _("Stop watching %(target)s? Its time counts as unknown from now on, and its alerts end.")
        context = {
            "title": _("Stop watching"),
            "text": text % {"target": found},
            "button": _("Stop watching"),
            "action": request.path,
            "hidden": [("active", "0"), ("confirmed", "1")],
            "danger": True,
        }
        return render(request, "kit/parts/confirm.html" if request.htmx else "kit/confirm.html", context)
    set_active(Caller.of(request), request.contract, targets=[found], active=active)
    words = _("%(target)s is watched again.") if active else _("%(target)s is no longer watched.")
    messages.success(request, words % {"target": found})
    return redirect(found)
