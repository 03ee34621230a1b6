"""Business systems: how each stands, and by which rule."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from opspact.contracts.models import BusinessSystem
from opspact.core.availability.expressions import Expression
from opspact.core.instants import to_us
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.permissions import may
from opspact.kit.shown import formats
from opspact.kit.shown.states import STATE_WORDS
from opspact.monitoring.actions import clear_rule, set_rule
from opspact.monitoring.forms import RuleForm
from opspact.monitoring.models import Check, SystemRule, Target
from opspact.monitoring.queries.ledgers import default_rules
from opspact.monitoring.queries.systems import SystemNow, systems_now
from opspact.monitoring.queries.targets import standings
from opspact.monitoring.views import strips
from opspact.monitoring.words import ended_words


@needs("monitoring.system.view")
def systems(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    standing = systems_now(request.contract, now)
    down = [str(each.system) for each in standing if each.state == "down"]
    if down:
        n = len(down)
        words = ngettext(
            "%(n)d of %(all)d systems is down: %(names)s.", "%(n)d of %(all)d systems are down: %(names)s.", n
        )
        sentence = words % {"n": n, "all": len(standing), "names": _(", ").join(down)}
    else:
        watched = sum(each.state is not None for each in standing)
        sentence = _("No system is down; %(watched)d of %(all)d are watched.") % {
            "watched": watched,
            "all": len(standing),
        }
    rows = [(each, strips.of_system(each)) for each in standing]
    return render(
        request,
        "monitoring/systems.html",
        {"rows": rows, "sentence": sentence, "ended": ended_words(request.contract, now)},
    )


class SystemPage(View):
    """One system: its state, its last 30 days, its targets, and the rule by which it is up."""

    permission = "monitoring.system.view"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self._show(request, self._system(request, code), None)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        if not may(request.user, "monitoring.rule.set", request.contract.code):
            raise PermissionDenied
        system = self._system(request, code)
        form = RuleForm(request.POST, contract=request.contract)
        if form.is_valid():
            given, caller = form.cleaned_data, Caller.of(request)
            try:
                if given["expression"] is None:
                    clear_rule(caller, request.contract, system=system, starts_at=given["starts_at"])
                else:
                    set_rule(
                        caller,
                        request.contract,
                        system=system,
                        expression=given["expression"],
                        starts_at=given["starts_at"],
                    )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The rule is set."))
                return redirect("monitoring:system", contract=request.contract.code, code=system.code)
        return self._show(request, system, form)

    def _system(self, request: HttpRequest, code: str) -> BusinessSystem:
        mine = BusinessSystem.objects.filter(scope_items__contract=request.contract).distinct()
        return get_object_or_404(mine, code=code)

    def _show(self, request: HttpRequest, system: BusinessSystem, form: RuleForm | None) -> HttpResponse:
        now = timezone.now()
        (standing,) = systems_now(request.contract, now, [system])
        targets = list(Target.objects.filter(contract=request.contract, system=system).select_related("contract"))
        found = standings(targets)
        rules = SystemRule.objects.filter(contract=request.contract, system=system).order_by("-starts_at")
        checks = Check.objects.filter(target__in=targets).select_related("target").order_by("target__code", "kind")
        default = default_rules(checks).get(system.pk)
        if form is None and may(request.user, "monitoring.rule.set", request.contract.code):
            form = RuleForm(contract=request.contract, initial={"starts_at": timezone.localtime(now).replace(second=0)})
        context: dict[str, Any] = {
            "system": system,
            "standing": standing,
            "strip": strips.of_system(standing),
            "sentence": sentence(standing, request.contract.as_of(now)),
            "ended": ended_words(request.contract, now),
            "targets": [(target, found[target.pk]) for target in targets],
            "rules": [(rule, rule_words(rule.parsed), json.dumps(rule.expression)) for rule in rules],
            "default": rule_words(default) if default else "",
            "form": form,
        }
        return render(request, "monitoring/system.html", context)


def sentence(standing: SystemNow, at: datetime) -> str:
    """ "OA 已正常 3 d 04 h。", as of `at`."""
    if standing.state is None or standing.since is None:
        return _("Nothing watches %(system)s yet.") % {"system": standing.system}
    if standing.since <= standing.start:
        words = _("%(system)s has been %(state)s for more than 30 days.")
        return words % {"system": standing.system, "state": STATE_WORDS[standing.state]}
    return _("%(system)s has been %(state)s for %(duration)s.") % {
        "system": standing.system,
        "state": STATE_WORDS[standing.state],
        "duration": formats.duration(to_us(at) - standing.since),
    }


def rule_words(rule: Expression) -> str:
    """The rule as people read it: "all of (A/http, any of (B/icmp, C/icmp))"."""
    if rule.code:
        return rule.code
    members = _(", ").join(rule_words(member) for member in rule.of)
    if rule.need == len(rule.of):
        return _("all of (%(members)s)") % {"members": members}
    if rule.need == 1:
        return _("any of (%(members)s)") % {"members": members}
    return _("at least %(need)s of (%(members)s)") % {"need": rule.need, "members": members}
