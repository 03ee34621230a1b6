"""Honest counts that stay cheap: exact up to 10,000, "more than 10,000" beyond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LIMIT = 10_000


@dataclass(frozen=True)
class Count:
    """`n` is exact unless `is_more`."""

    n: int
    is_more: bool = False

    @property
    def figure(self) -> str:
        return _("more than %(n)s") % {"n": f"{self.n:,}"} if self.is_more else f"{self.n:,}"

    @property
    def words(self) -> str:
        if self.is_more:
            return _("More than %(n)s records") % {"n": f"{self.n:,}"}
        return ngettext("%(n)s record", "%(n)s records", self.n) % {"n": f"{self.n:,}"}


def count(queryset: QuerySet[Any]) -> Count:
    """Never reads more than LIMIT + 1 rows."""
    n = queryset.order_by()[: LIMIT + 1].count()
    return Count(LIMIT, is_more=True) if n > LIMIT else Count(n)
