"""The forms of monitoring. What a field may hold is judged by the actions, as for every other door."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.contracts.models import Contract
from opspact.monitoring.actions.rules import keys_of
from opspact.monitoring.models import GrantedInterval, Target
from opspact.monitoring.models.targets import MAX_INTERVAL_S, MIN_INTERVAL_S
from opspact.monitoring.words import kind_words
from opspact.monitoring.workbook.known import circuits_of, sites_of, systems_of
from opspact.probes.registry import KINDS

NONE = ("", "—")


def _moment(label: Any, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **options)


class CheckForm(forms.Form):
    """One check with its target; fields are named as in the workbook. What `initial` fixes can't be typed over."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=60)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of check"))
    address = forms.CharField(label=gettext_lazy("Address"), max_length=2_000)
    system = forms.ChoiceField(label=gettext_lazy("Business system"), required=False)
    site = forms.ChoiceField(label=gettext_lazy("Site"), required=False)
    interval_s = forms.IntegerField(
        label=gettext_lazy("Interval in seconds"), min_value=MIN_INTERVAL_S, max_value=MAX_INTERVAL_S, initial=60
    )
    settings = forms.CharField(label=gettext_lazy("Thresholds"), required=False, max_length=2_000)
    asset = forms.CharField(
        label=gettext_lazy("Asset"),
        required=False,
        max_length=180,
        help_text=gettext_lazy("Code or name of the asset that is watched: its page shows the state."),
    )
    circuit = forms.ChoiceField(label=gettext_lazy("Leased circuit"), required=False)
    authorised_by = forms.CharField(
        label=gettext_lazy("Authorised by"),
        required=False,
        help_text=gettext_lazy("Who allowed this address to be probed. Needed for an address not watched before."),
    )
    reference = forms.CharField(label=gettext_lazy("Document or occasion"), required=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(name, kind_words(name)) for name in KINDS]
        self.fields["kind"].help_text = "; ".join(f"{_(kind.label)}: {_(kind.address_help)}" for kind in KINDS.values())
        self.fields["system"].choices = [NONE, *((each.code, str(each)) for each in systems_of(contract))]
        self.fields["site"].choices = [NONE, *((each.code, str(each)) for each in sites_of(contract))]
        self.fields["circuit"].choices = [NONE, *((each.code, str(each)) for each in circuits_of(contract))]
        self.fields["settings"].help_text = _("key=value; key=value. %(known)s") % {
            "known": " ".join(f"{name}: {', '.join(kind.settings.model_fields)}." for name, kind in KINDS.items())
        }
        self.fixed = [name for name in ("code", "kind") if self.initial.get(name)]
        for name in self.fixed:
            self.fields[name].disabled = True


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Filled workbook"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("Nothing changes yet: the next page shows row by row what would."),
    )


class ApplyForm(forms.Form):
    """Who allowed it, and whether rows that are wrong may be left out."""

    authorised_by = forms.CharField(label=gettext_lazy("Authorised by"), max_length=120)
    reference = forms.CharField(
        label=gettext_lazy("Document or occasion"),
        max_length=200,
        help_text=gettext_lazy("Where the permission to probe these addresses is written down."),
    )
    only_good = forms.TypedChoiceField(
        label=gettext_lazy("Which rows"),
        coerce=lambda value: value == "good",
        choices=[
            ("all", gettext_lazy("All or nothing")),
            ("good", gettext_lazy("The good rows; wrong ones are left out")),
        ],
        widget=forms.RadioSelect,
        initial="all",
    )


class RuleForm(forms.Form):
    """By what a system is up. The simple shape, or any nesting as JSON."""

    shape = forms.ChoiceField(
        label=gettext_lazy("The system is up when"),
        choices=[
            ("all", gettext_lazy("all of these checks are up")),
            ("any", gettext_lazy("any of these checks is up")),
            ("some", gettext_lazy("at least this many of these checks are up")),
            ("default", gettext_lazy("all active checks of its targets are up (no rule of its own)")),
            ("json", gettext_lazy("this nested rule holds")),
        ],
        widget=forms.RadioSelect,
        initial="all",
    )
    need = forms.IntegerField(label=gettext_lazy("At least"), min_value=1, required=False)
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Checks"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    nested = forms.CharField(
        label=gettext_lazy("Nested rule"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy('JSON such as {"all": [{"check": "A/http"}, {"any": [{"check": "B/icmp"}]}]}'),
    )
    starts_at = _moment(gettext_lazy("Holds from"))

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checks"].choices = [(key, key) for key in sorted(keys_of(contract))]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        members = [{"check": key} for key in given.get("checks", [])]
        match given.get("shape"):
            case "default":
                given["expression"] = None
            case "json":
                try:
                    given["expression"] = json.loads(given.get("nested") or "")
                except ValueError as error:
                    raise ValidationError({"nested": _("This is no JSON: %(why)s") % {"why": error}}) from error
            case "some":
                given["expression"] = {"k": given.get("need") or 0, "of": members}
            case shape:
                given["expression"] = {shape: members}
        return given


class GrantForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=GrantedInterval.Kind.choices)
    system = forms.ChoiceField(label=gettext_lazy("Business system"), required=False)
    target = forms.CharField(
        label=gettext_lazy("or code of a target"), required=False, help_text=gettext_lazy("One of the two.")
    )
    starts_at = _moment(gettext_lazy("From"))
    ends_at = _moment(gettext_lazy("Until"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    clause = forms.CharField(label=gettext_lazy("Clause"), max_length=60, required=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract
        self.systems = {each.code: each for each in systems_of(contract)}
        self.fields["system"].choices = [NONE, *((code, str(each)) for code, each in self.systems.items())]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        code, target = given.get("system"), (given.get("target") or "").strip()
        if bool(code) == bool(target):
            raise ValidationError(_("Choose a business system or a target, one of the two."))
        given["what"] = (
            self.systems[code] if code else Target.objects.filter(contract=self.contract, code=target).first()
        )
        if given["what"] is None:
            raise ValidationError({"target": _("There is no target %(code)s.") % {"code": target}})
        return given
