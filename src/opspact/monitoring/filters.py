"""What the lists of monitoring can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import BusinessSystem, Site
from opspact.kit.shown.states import STATE_WORDS
from opspact.monitoring.models import Alert, ObservedInterval, Target
from opspact.monitoring.queries import targets as queries
from opspact.monitoring.words import kind_words
from opspact.monitoring.workbook.known import sites_of, systems_of
from opspact.probes.registry import KINDS

YES_NO = (("yes", _("yes")), ("no", _("no")))
SEEN = tuple((state, STATE_WORDS[state]) for state in ("down", "unknown", "degraded", "up"))


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class _OfContract(django_filters.FilterSet):
    """Systems and sites to choose from are those of the page's contract."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = self.request.contract
        if "system" in self.filters:
            codes = [each.pk for each in systems_of(contract)]
            self.filters["system"].queryset = BusinessSystem.objects.filter(pk__in=codes)
        if "site" in self.filters:
            self.filters["site"].queryset = Site.objects.filter(pk__in=[each.pk for each in sites_of(contract)])


class TargetFilter(_OfContract):
    q = django_filters.CharFilter(label=_("Code, name or address"), method="find", widget=forms.SearchInput())
    state = django_filters.ChoiceFilter(label=_("State"), method="seen", choices=SEEN)
    kind = django_filters.ChoiceFilter(label=_("Kind of check"), method="of_kind", choices=())
    system = django_filters.ModelChoiceFilter(label=_("Business system"), queryset=BusinessSystem.objects.none())
    site = django_filters.ModelChoiceFilter(label=_("Site"), queryset=Site.objects.none())
    watched = django_filters.ChoiceFilter(label=_("Watched"), method="is_watched", choices=YES_NO)

    class Meta:
        model = Target
        fields = ("q", "state", "kind", "system", "site", "watched")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(name, kind_words(name)) for name in KINDS]

    def find(self, queryset: QuerySet[Target], name: str, value: str) -> QuerySet[Target]:
        return queries.matching(queryset, value)

    def seen(self, queryset: QuerySet[Target], name: str, value: str) -> QuerySet[Target]:
        return queries.in_state(queryset, value)

    def of_kind(self, queryset: QuerySet[Target], name: str, value: str) -> QuerySet[Target]:
        return queryset.filter(checks__kind=value)

    def is_watched(self, queryset: QuerySet[Target], name: str, value: str) -> QuerySet[Target]:
        return queryset.filter(is_active=value == "yes")


class OutageFilter(_OfContract):
    q = django_filters.CharFilter(label=_("Code or name of the target"), method="find", widget=forms.SearchInput())
    open = django_filters.ChoiceFilter(label=_("Lasts still"), method="is_open", choices=YES_NO)
    system = django_filters.ModelChoiceFilter(
        "checked__target__system", label=_("Business system"), queryset=BusinessSystem.objects.none()
    )
    circuit = django_filters.CharFilter("checked__target__circuit__code", label=_("Leased circuit"))
    since = django_filters.DateFilter("starts_at", "date__gte", label=_("From"), widget=_day())
    until = django_filters.DateFilter("starts_at", "date__lte", label=_("Until"), widget=_day())

    class Meta:
        model = ObservedInterval
        fields = ("q", "open", "system", "circuit", "since", "until")

    def find(self, queryset: QuerySet[ObservedInterval], name: str, value: str) -> QuerySet[ObservedInterval]:
        targets = queries.matching(Target.objects.filter(contract=self.request.contract), value)
        return queryset.filter(checked__target__in=targets)

    def is_open(self, queryset: QuerySet[ObservedInterval], name: str, value: str) -> QuerySet[ObservedInterval]:
        return queryset.filter(ends_at__isnull=value == "yes")


class AlertFilter(_OfContract):
    state = django_filters.ChoiceFilter(label=_("State"), method="in_state", choices=Alert.State.choices)
    seen = django_filters.ChoiceFilter(label=_("Acknowledged"), method="is_seen", choices=YES_NO)
    system = django_filters.ModelChoiceFilter(
        "checked__target__system", label=_("Business system"), queryset=BusinessSystem.objects.none()
    )

    class Meta:
        model = Alert
        fields = ("state", "seen", "system")

    def in_state(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        if value == Alert.State.RESOLVED:
            return queryset.filter(resolved_at__isnull=False)
        return queryset.filter(Q(resolved_at=None), is_suppressed=value == Alert.State.SUPPRESSED)

    def is_seen(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return queryset.filter(acknowledged_at__isnull=value == "no")
