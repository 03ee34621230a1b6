"""Forms of the service desk: opening an incident, and one for each step that needs words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.contracts.models import BusinessSystem, Contract
from opspact.identity.models import User
from opspact.identity.roles import CLIENT_ROLES, VENDOR_ROLES, Discipline, Role
from opspact.kit.permissions import roles_of
from opspact.servicedesk.models import Incident
from opspact.servicedesk.promises import Promises
from opspact.servicedesk.queries import people

LINES = forms.Textarea(attrs={"rows": 4})


class LocalDateTime(forms.DateTimeField):
    """A time on the wall, picked by the browser."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, required=False, **kwargs)


class OpenForm(forms.Form):
    """Few fields: the client's staff are asked for even fewer."""

    title = forms.CharField(label=_("What is wrong?"), max_length=200)
    symptom = forms.CharField(label=_("Symptom"), required=False, widget=LINES, max_length=5000)
    system = forms.ModelChoiceField(
        BusinessSystem.objects.none(), label=_("Business system"), required=False, empty_label=_("not known")
    )
    impact = forms.ChoiceField(label=_("Impact"))
    urgency = forms.ChoiceField(label=_("Urgency"))
    source = forms.ChoiceField(label=_("Source"))
    caller_name = forms.CharField(
        label=_("Reported by"), required=False, max_length=60, help_text=_("Who called, if it was not you.")
    )
    discipline = forms.ChoiceField(label=_("Discipline"), required=False)
    occurred_at = LocalDateTime(label=_("Occurred at"), help_text=_("Left empty: now."))

    def __init__(self, *args: Any, contract: Contract, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        promises = Promises.of(contract.terms_version)
        ranks = promises.priorities
        self.fields["system"].queryset = systems_of(contract)
        self.fields["impact"].choices = [(rank.code, rank.name) for rank in ranks.impacts]
        self.fields["urgency"].choices = [(rank.code, rank.name) for rank in ranks.urgencies]
        self.fields["source"].choices = [
            choice for choice in Incident.Source.choices if choice[0] != Incident.Source.MONITORING
        ]
        self.fields["discipline"].choices = [("", "—"), *Discipline.choices]
        self.initial |= {"impact": promises.usual_impact, "urgency": promises.usual_urgency, "source": "phone"}
        roles = roles_of(user, contract.code)
        if roles & CLIENT_ROLES and not roles & VENDOR_ROLES:
            for name in ("impact", "urgency", "source", "caller_name", "discipline"):
                del self.fields[name]


def systems_of(contract: Contract) -> Any:
    """The business systems in the contract's scope."""
    return BusinessSystem.objects.filter(scope_items__contract=contract).distinct()


class StepForm(forms.Form):
    """A form that knows the incident it is about."""

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident = incident
        self.promises = Promises.thaw(incident.terms)


class CommentForm(StepForm):
    text = forms.CharField(label=pgettext_lazy("incident", "Comment"), widget=LINES, max_length=5000)


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), widget=LINES, max_length=2000)


class TimedForm(StepForm):
    """When it happened, for a late entry, and a word about it."""

    text = forms.CharField(label=_("Note"), required=False, widget=LINES, max_length=2000)
    at = LocalDateTime(label=_("Happened at"), help_text=_("Only for a late entry; left empty it is now."))


class AssignForm(StepForm):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Assign to"))
    discipline = forms.ChoiceField(label=_("Discipline"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = assignable(self.incident.contract.code)
        self.fields["discipline"].choices = [("", "—"), *Discipline.choices]
        self.initial.setdefault("discipline", self.incident.discipline)


def assignable(contract_code: str) -> Any:
    """Who can be given incidents of the contract."""
    return people(contract_code, *VENDOR_ROLES, Role.THIRD_PARTY)


class PauseForm(TimedForm):
    reason = forms.ChoiceField(label=_("Waiting for"))
    field_order = ("reason", "text", "at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(rank.code, rank.name) for rank in self.promises.pauses.reasons]
        self.fields["text"].required = True
        self.fields["text"].label = _("Whom you wait for, and for what")


class PriorityForm(ReasonForm):
    impact = forms.ChoiceField(label=_("Impact"))
    urgency = forms.ChoiceField(label=_("Urgency"))
    field_order = ("impact", "urgency", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ranks = self.promises.priorities
        self.fields["impact"].choices = [(rank.code, rank.name) for rank in ranks.impacts]
        self.fields["urgency"].choices = [(rank.code, rank.name) for rank in ranks.urgencies]
        self.initial |= {"impact": self.incident.impact, "urgency": self.incident.urgency}


class ConclusionForm(StepForm):
    """How it ended. KPIs and penalties rest on who is responsible for the cause."""

    cause = forms.CharField(label=_("Cause"), widget=LINES, max_length=5000)
    resolution = forms.CharField(label=_("Resolution"), widget=LINES, max_length=5000)
    cause_domain = forms.ChoiceField(
        label=_("Responsible for the cause"), choices=[("", "—"), *Incident.CauseDomain.choices]
    )


class ResolveForm(ConclusionForm):
    restored_at = LocalDateTime(
        label=_("Service was back at"), help_text=_("Only for a late entry; left empty it is now.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.incident.restored_at is not None:
            del self.fields["restored_at"]


class ReportForm(StepForm):
    form = forms.ChoiceField(label=_("Form"), choices=[("first", _("first report")), ("written", _("in writing"))])
    to = forms.CharField(label=_("Reported to"), max_length=120)
    at = LocalDateTime(label=_("Happened at"), help_text=_("Only for a late entry; left empty it is now."))


class CancelForm(ReasonForm):
    why = forms.ChoiceField(label=_("Why"), choices=[("duplicate", _("duplicate")), ("false_alarm", _("false alarm"))])
    duplicate_of = forms.ModelChoiceField(
        Incident.objects.none(), label=_("Duplicate of"), required=False, to_field_name="number"
    )
    field_order = ("why", "duplicate_of", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Incident.objects.filter(contract=self.incident.contract, state__in=Incident.OPEN_STATES)
        self.fields["duplicate_of"].queryset = others.exclude(pk=self.incident.pk)


class BulkAssignForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Assign to"))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = assignable(request.contract.code)


class BulkCommentForm(forms.Form):
    text = forms.CharField(label=pgettext_lazy("incident", "Comment"), widget=LINES, max_length=5000)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
