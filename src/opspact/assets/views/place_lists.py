"""The lists of racks and of machine rooms, with how full they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.assets.models import Asset
from opspact.assets.racks.standing import filled
from opspact.kit.ledgers.pages.listing import LedgerList
from opspact.kit.lists import Column
from opspact.kit.shown import formats

STANDING = Asset.objects.filter(deleted_at=None).exclude(lifecycle="scrapped")


class RackList(LedgerList):
    template_name = "assets/racks.html"

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """After the height what is left of it; the room by its name."""
        return [more for each in super().columns for more in self._with_space(each)]

    def _with_space(self, column: Column) -> Sequence[Column]:
        if column.name != "units":
            return (column,)
        free = Column("free", _("Free (U)"), value="space.free", kind="number", phone=True)
        return column, free, Column("largest", _("Largest run (U)"), value="space.largest", kind="number")

    def prepare(self, request: HttpRequest, records: list[Any]) -> None:
        super().prepare(request, records)
        for record, found in zip(records, filled(records), strict=True):
            record.space = found.space

    def sentence(self, request: HttpRequest) -> str:
        racks = self.base_queryset(request)
        found = racks.prefetch_related(None).aggregate(n=Count("pk"), units=Sum("units"))
        if not found["n"]:
            return ""
        standing = STANDING.filter(rack__in=racks.prefetch_related(None).values("pk")).count()
        words = ngettext("%(n)s rack with %(units)s U.", "%(n)s racks with %(units)s U.", found["n"])
        text = words % {"n": formats.number(found["n"]), "units": formats.number(found["units"])}
        words = ngettext("%(n)s asset stands in them.", "%(n)s assets stand in them.", standing)
        return f"{text} {words % {'n': formats.number(standing)}}"


class RoomList(LedgerList):
    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        key, name, *others = super().columns
        racks = Column("racks", _("Racks"), value="rack_count", kind="number", phone=True)
        return key, name, racks, Column("assets", _("Assets"), value="asset_count", kind="number"), *others

    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        there = Count("racks", filter=Q(racks__deleted_at=None))
        return super().base_queryset(request).annotate(rack_count=there)

    def prepare(self, request: HttpRequest, records: list[Any]) -> None:
        super().prepare(request, records)
        found = STANDING.filter(room__in=records).values("room").annotate(n=Count("pk")).values_list("room", "n")
        counts = dict(found)
        for record in records:
            record.asset_count = counts.get(record.pk, 0)

    def sentence(self, request: HttpRequest) -> str:
        rooms = list(self.base_queryset(request).prefetch_related(None).values_list("rack_count", flat=True))
        words = ngettext("%(n)s machine room", "%(n)s machine rooms", len(rooms)) % {"n": len(rooms)}
        racks = ngettext("%(n)s rack", "%(n)s racks", sum(rooms)) % {"n": formats.number(sum(rooms))}
        return _("%(rooms)s with %(racks)s.") % {"rooms": words, "racks": racks} if rooms else ""
