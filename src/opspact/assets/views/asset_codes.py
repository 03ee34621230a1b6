"""The rule for asset codes, with the codes it would give next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from opspact.assets import codes
from opspact.assets.actions import codes as actions
from opspact.assets.ledgers import common
from opspact.assets.ledgers.asset import categories
from opspact.assets.models import Asset
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller
from opspact.kit.permissions import may

EXAMPLES = 8
PLACES = (
    ("{category}", gettext_lazy("the abbreviation of the category, or its code")),
    ("{site}", gettext_lazy("the code of the site, X without one")),
    ("{zone}", gettext_lazy("I, E or D for the internal, external or dedicated network, X without one")),
    ("{year}", gettext_lazy("the year in which the code is given")),
    ("{month}", gettext_lazy("the month, two digits")),
    ("{number:4}", gettext_lazy("at the end: a running number of at least so many digits")),
)


class RuleForm(forms.Form):
    pattern = forms.CharField(label=gettext_lazy("Pattern"), max_length=60)

    def clean_pattern(self) -> str:
        pattern = "".join(self.cleaned_data["pattern"].split())
        try:
            codes.check_pattern(pattern)
        except Wrong as wrong:
            raise forms.ValidationError(_(wrong.msgid) % wrong.params) from wrong
        return pattern


class RulePage(View):
    """GET with `pattern` by htmx gives only the examples, while somebody types."""

    permission = actions.VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        in_force = codes.rule_of(request.contract)
        form = RuleForm(request.GET if "pattern" in request.GET else None, initial={"pattern": in_force})
        return self._show(request, form, "assets/code_examples.html" if request.htmx else "assets/code_rule.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RuleForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, "assets/code_rule.html")
        actions.set_rule(Caller.of(request), request.contract, pattern=form.cleaned_data["pattern"])
        messages.success(request, _("New assets get their codes by this rule."))
        return redirect(request.path)

    def _show(self, request: HttpRequest, form: RuleForm, template: str) -> HttpResponse:
        pattern = codes.rule_of(request.contract)
        if form.is_bound:
            pattern = form.cleaned_data["pattern"] if form.is_valid() else ""
        context = {
            "form": form,
            "places": PLACES,
            "examples": _examples(request.contract, pattern) if pattern else [],
            "may_set": may(request.user, actions.SET, request.contract.code),
        }
        return render(request, template, context)


def _examples(contract: Any, pattern: str) -> list[tuple[str, str]]:
    """By category, the code that its next asset would get."""
    site = common.sites(contract).first()
    found = []
    for category in categories(contract)[:EXAMPLES]:
        asset = Asset(contract=contract, category=category, site=site, zone="internal")
        found.append((category.name, codes.upcoming(contract, pattern, asset, timezone.now())))
    return found
