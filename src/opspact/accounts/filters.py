"""The filter rows of the room's lists."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opspact.accounts.labels import VIA, action_label
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit import scope
from opspact.kit.models import AuditEvent
from opspact.kit.permissions import declared

_YES_OR_NO = (("true", _("yes")), ("false", _("no")))


def _search(label: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"type": "search", "placeholder": label})


class UserFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=_("Search"), method="search", widget=_search(_("User name, name or organisation"))
    )
    role = django_filters.ChoiceFilter(label=_("Role"), field_name="grants__role", choices=Role.choices, distinct=True)
    contract = django_filters.ChoiceFilter(label=_("Contract"), field_name="grants__contract_code", distinct=True)
    active = django_filters.TypedChoiceFilter(
        label=_("Active"), field_name="is_active", choices=_YES_OR_NO, coerce=lambda value: value == "true"
    )

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["contract"].extra["choices"] = [(each.code, each.name) for each in scope.every_contract()]

    def search(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return queryset.filter(
            Q(username__icontains=value) | Q(name__icontains=value) | Q(organisation__name__icontains=value)
        )


class AuditFilter(django_filters.FilterSet):
    """Days are days of the site's zone, the last one included."""

    q = django_filters.CharFilter(label=_("Search"), method="search", widget=_search(_("Person, object or address")))
    action = django_filters.ChoiceFilter(label=_("Action"))
    result = django_filters.ChoiceFilter(label=_("Result"), choices=AuditEvent.Result.choices)
    via = django_filters.ChoiceFilter(label=_("Via"), choices=list(VIA.items()))
    contract = django_filters.ChoiceFilter(label=_("Contract"), field_name="contract_code")
    since = django_filters.DateFilter(
        label=_("From day"), method="from_day", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("To day"), method="to_day", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(((name, action_label(name)) for name in declared()), key=lambda pair: pair[1])
        self.filters["action"].extra["choices"] = names
        self.filters["contract"].extra["choices"] = [(each.code, each.name) for each in scope.every_contract()]

    def search(self, queryset: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        wanted = Q(user_name__icontains=value) | Q(subject_label__icontains=value) | Q(ip__startswith=value)
        return queryset.filter(wanted)

    def from_day(self, queryset: QuerySet[AuditEvent], name: str, value: Any) -> QuerySet[AuditEvent]:
        return queryset.filter(at__gte=_midnight(value))

    def to_day(self, queryset: QuerySet[AuditEvent], name: str, value: Any) -> QuerySet[AuditEvent]:
        return queryset.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
