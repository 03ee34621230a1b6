"""The lists of addresses and prefixes, and their forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets.actions.ipam_release import release_many
from opspact.assets.ipam import tree, usage
from opspact.assets.models import IpAddress, Prefix
from opspact.assets.models.fields import Place
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.filters import LedgerFilter, filterset_of
from opspact.kit.ledgers.forms import ReasonForm
from opspact.kit.ledgers.pages import LedgerList
from opspact.kit.ledgers.pages.record import EditPage
from opspact.kit.ledgers.reading import read_network, text_of
from opspact.kit.lists import BulkAction, Column, Tab

NEST = "　"
"""An ideographic space for each prefix a prefix lies in."""


def _nested(prefix: Prefix) -> str:
    return f"{NEST * prefix.depth}{prefix.code}"  # type: ignore[attr-defined]


class OwnCodeEdit(EditPage):
    """A form without the code, which follows from the record."""

    def fields(self, request: HttpRequest, record: Any) -> Sequence[Field]:
        return [each for each in super().fields(request, record) if each.name != self.ledger.key]


class Within(LedgerFilter):
    """Also narrows to what lies anywhere in a prefix."""

    within = django_filters.CharFilter(label=gettext_lazy("Anywhere in the prefix"), method="lies_in")
    attribute: ClassVar[str]

    def lies_in(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        try:
            return queryset.filter(**{f"{self.attribute}__within": read_network(text_of(value))})
        except Wrong:
            return queryset.none()


class PrefixList(LedgerList):
    """Prefixes as a tree: by routing domain, the common one first, and by address, each under the one it lies in."""

    @cached_property
    def filterset_class(self) -> Any:  # type: ignore[override]
        made = filterset_of(self.ledger, self.request.contract)
        return type("PrefixFilter", (Within, made), {"Meta": made.Meta, "attribute": "prefix"})  # type: ignore[attr-defined]

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        key, *others = super().columns
        nested = replace(key, label=_("Prefix"), value=_nested, sort="place", width="l")
        own = [replace(each, phone=False) if each.name != "purpose" else each for each in others]
        purpose, *rest = [each for each in own if each.name != "prefix"]
        full = (
            Column("share", _("Used"), value=lambda row: row.usage.share, kind="percent", phone=True),
            Column("free", _("Free"), value=lambda row: row.usage.free, kind="number"),
        )
        return (nested, purpose, *full, *rest)

    def base_queryset(self, request: HttpRequest) -> QuerySet[Prefix]:
        return super().base_queryset(request).annotate(place=Place("vrf", "prefix"))

    def prepare(self, request: HttpRequest, records: list[Prefix]) -> None:
        super().prepare(request, records)
        depths, usages = tree.depths(records), usage.usages(records)
        for record in records:
            record.depth = depths.get(record.pk, 0)  # type: ignore[attr-defined]
            record.usage = usages[record.pk]  # type: ignore[attr-defined]


class AddressList(LedgerList):
    """Addresses in their order as numbers."""

    tabs = (
        Tab(gettext_lazy("assigned"), "state=assigned"),
        Tab(gettext_lazy("reserved"), "state=reserved"),
        Tab(gettext_lazy("released"), "state=released"),
    )

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        key, *others = super().columns
        return (replace(key, label=_("IP address"), sort="ip"), *(each for each in others if each.name != "ip"))

    @cached_property
    def filterset_class(self) -> Any:  # type: ignore[override]
        made = filterset_of(self.ledger, self.request.contract)
        return type("IpAddressFilter", (Within, made), {"Meta": made.Meta, "attribute": "ip"})  # type: ignore[attr-defined]

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        free = BulkAction(
            "release",
            gettext_lazy("Release"),
            "assets.ipaddress.release",
            gettext_lazy("Release %(count)s addresses? For all assigned ones the client is asked one question."),
            self._release,
            form=ReasonForm,
        )
        return (free, *super().bulk_actions)

    def _release(self, caller: Caller, picked: QuerySet[IpAddress], *, reason: str) -> str:
        done = release_many(caller, self.request.contract, list(picked), reason)
        return words_of_release(done)


def words_of_release(done: dict[str, int]) -> str:
    return _("%(released)s released, %(asked)s wait for the client, %(left)s left as they are.") % done


def query_within(prefix: Prefix) -> str:
    """The query of the lists of everything in a prefix, what lies in its children included."""
    return f"within={prefix.prefix}" + (f"&vrf={prefix.vrf_id}" if prefix.vrf_id else "")
