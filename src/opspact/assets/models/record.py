"""What every ledger of this room has: the contract it is kept under, a code, a remark."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import Contract
from opspact.kit.models import LedgerRecord


class Record(LedgerRecord):
    """`code` is unique in the contract and stays taken when the record is deleted."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", editable=False)
    code = models.CharField(_("Code"), max_length=60)
    remark = models.TextField(_("Remark"), blank=True, default="")

    class Meta(LedgerRecord.Meta):
        abstract = True

    def __str__(self) -> str:
        name = getattr(self, "name", "")
        return f"{self.code} {name}".strip()


def once(name: str, *fields: str) -> models.UniqueConstraint:
    """A value is given once in a contract, deleted records included."""
    return models.UniqueConstraint(fields=["contract", *fields], name=name)


def once_if_given(name: str, field: str) -> models.UniqueConstraint:
    """As `once`, but among the records that are there, and empty does not count."""
    filled: Any = models.Q(deleted_at=None) & ~models.Q(**{field: ""})
    return models.UniqueConstraint(fields=["contract", field], condition=filled, name=name)
