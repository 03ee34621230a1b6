"""Filters of the kit's own lists."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.kit.models import Approval, Message
from opspact.kit.registries import inbox_kinds


class MessageFilter(django_filters.FilterSet):
    unread = django_filters.BooleanFilter("read_at", lookup_expr="isnull", label=_("Unread"))
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=lambda: [(kind.name, kind.label) for kind in inbox_kinds.all()]
    )

    class Meta:
        model = Message
        fields = ("unread", "kind")


class ApprovalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Approval.State.choices)
    mine = django_filters.BooleanFilter(label=_("Asked by me"), method="asked_by_me")

    class Meta:
        model = Approval
        fields = ("state", "mine")

    def asked_by_me(self, queryset: QuerySet[Approval], name: str, value: bool) -> QuerySet[Approval]:
        return queryset.filter(asked_by=self.request.user) if value else queryset.exclude(asked_by=self.request.user)
