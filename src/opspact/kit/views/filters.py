"""Filters of the kit's own lists."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.kit.models import Approval, Message
from opspact.kit.registries import inbox_kinds

_YES_NO = (("true", _("yes")), ("false", _("no")))


class MessageFilter(django_filters.FilterSet):
    unread = django_filters.ChoiceFilter(label=_("Unread"), choices=_YES_NO, method="not_read")
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=lambda: [(kind.name, kind.label) for kind in inbox_kinds.all()]
    )

    class Meta:
        model = Message
        fields = ("unread", "kind")

    def not_read(self, queryset: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        return queryset.filter(read_at__isnull=value == "true")


class ApprovalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Approval.State.choices)
    mine = django_filters.ChoiceFilter(label=_("Asked by me"), choices=_YES_NO, method="asked_by_me")

    class Meta:
        model = Approval
        fields = ("state", "mine")

    def asked_by_me(self, queryset: QuerySet[Approval], name: str, value: str) -> QuerySet[Approval]:
        mine = {"asked_by": self.request.user}
        return queryset.filter(**mine) if value == "true" else queryset.exclude(**mine)
