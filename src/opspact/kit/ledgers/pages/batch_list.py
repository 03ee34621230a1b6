"""What was written into a ledger together: the imports, and what was done to many records on the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.pages.batches import batches_of
from opspact.kit.ledgers.pages.listing import batch_url
from opspact.kit.lists import Column, Empty, ListPage
from opspact.kit.models import LedgerBatch, LedgerBatchRow

_STATUSES = LedgerBatchRow.Status


def _counted(batch: LedgerBatch) -> str:
    return " · ".join(f"{batch.counts[name]} {label}" for name, label in _STATUSES.choices if batch.counts.get(name))


class BatchList(ListPage):
    ledger: ClassVar[Ledger]

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        return (Column("what", _("What"), value=self._what, kind="link", phone=True, width="l"), *self.others)

    others = (
        Column("kind", _("Kind"), value="get_kind_display", sort="kind"),
        Column("state", _("State"), value="get_state_display", sort="state", phone=True, width="fit"),
        Column("counts", _("Records"), value=_counted, phone=True),
        Column("reason", _("Reason")),
        Column("uploaded_by", _("Who"), width="fit"),
        Column("uploaded_at", _("Time"), kind="datetime", sort="uploaded_at"),
    )
    empty = Empty(_("Nothing was imported here, and no field of many records was changed at once."), icon="history")

    def _what(self, batch: LedgerBatch) -> str:
        """The file, or what was done to which fields."""
        if batch.kind != LedgerBatch.Kind.CHANGE:
            return str(batch)
        labels = [str(self._labels[name]) for name in batch.columns if name in self._labels]
        between = pgettext("fields", ", ")
        return f"{batch} · {between.join(labels)}"

    @cached_property
    def _labels(self) -> dict[str, Any]:
        return {each.name: each.label for each in self.ledger.all_fields(self.request.contract)}

    @classmethod
    def declared(cls, ledger: Ledger) -> dict[str, Any]:
        """What the list's class must say of itself, from its ledger."""
        return {
            "name": f"{ledger.name}.batches",
            "permission": ledger.permission("edit"),
            "title": format_lazy(_("Changes of many: {ledger}"), ledger=ledger.title),
            "default_sort": "-uploaded_at",
        }

    def base_queryset(self, request: HttpRequest) -> QuerySet[LedgerBatch]:
        return batches_of(self.ledger, request.contract)

    def row_url(self, record: LedgerBatch) -> str:
        return batch_url(self.ledger, record)
