"""What the list of incidents can be narrowed by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import BusinessSystem
from opspact.identity.models import User
from opspact.servicedesk.forms import assignable, systems_of
from opspact.servicedesk.models import Incident

OPEN = "open"
YES = (("yes", _("yes")),)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class IncidentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Number or words"), method="find", widget=forms.SearchInput())
    state = django_filters.ChoiceFilter(
        label=_("State"), method="in_state", choices=[(OPEN, _("all open")), *Incident.State.choices]
    )
    priority = django_filters.ChoiceFilter(label=_("Priority"), choices=())
    assignee = django_filters.ModelChoiceFilter(label=_("Assignee"), queryset=User.objects.none())
    system = django_filters.ModelChoiceFilter(label=_("Business system"), queryset=BusinessSystem.objects.none())
    since = django_filters.DateFilter("opened_at", "date__gte", label=_("Opened from"), widget=_day())
    until = django_filters.DateFilter("opened_at", "date__lte", label=_("Opened until"), widget=_day())
    mine = django_filters.ChoiceFilter(label=_("Mine"), choices=YES, method="of_mine")
    breached = django_filters.ChoiceFilter(label=_("Overdue"), choices=YES, method="of_breached")

    class Meta:
        model = Incident
        fields = ("q", "state", "priority", "assignee", "system", "since", "until", "mine", "breached")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = self.request.contract
        levels = contract.terms.service_levels
        self.filters["priority"].extra["choices"] = [(each.priority, each.priority) for each in levels]
        self.filters["assignee"].queryset = assignable(contract.code)
        self.filters["system"].queryset = systems_of(contract)

    def find(self, queryset: QuerySet[Incident], name: str, value: str) -> QuerySet[Incident]:
        return queryset.filter(Q(number__icontains=value) | Q(title__icontains=value) | Q(symptom__icontains=value))

    def in_state(self, queryset: QuerySet[Incident], name: str, value: str) -> QuerySet[Incident]:
        return queryset.filter(state__in=Incident.OPEN_STATES if value == OPEN else [value])

    def of_mine(self, queryset: QuerySet[Incident], name: str, value: str) -> QuerySet[Incident]:
        return queryset.filter(Q(assignee=self.request.user) | Q(reported_by=self.request.user))

    def of_breached(self, queryset: QuerySet[Incident], name: str, value: str) -> QuerySet[Incident]:
        running_late = Q(state__in=Incident.OPEN_STATES, next_due_at__lt=datetime.now(UTC))
        return queryset.filter(Q(breached=True) | running_late)
