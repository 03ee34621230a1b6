"""What ends when: a bar for each certificate in use over the next twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from opspact.assets.certificates.judging import days_left
from opspact.assets.ledgers.certificates import CERTIFICATES
from opspact.kit.ledgers.pages.listing import record_url

DAYS = 365
SHOWN = 12


@dataclass(frozen=True)
class Bar:
    """`width` in days of DAYS; `fill` is the state whose colour it has."""

    name: str
    url: str
    width: int
    fill: str
    words: str


@dataclass(frozen=True)
class Strip:
    bars: list[Bar]
    more: int
    days: int = DAYS


def strip_of(certificates: QuerySet[Any], now: datetime) -> Strip | None:
    """The certificates in use that end first; None when there is none with an end."""
    ending = certificates.filter(replaced_by=None, ends_at__isnull=False).order_by("ends_at", "pk")
    rows = list(ending.select_related("contract")[:SHOWN])
    if not rows:
        return None
    return Strip([_bar(row, now) for row in rows], ending.count() - len(rows))


def _bar(certificate: Any, now: datetime) -> Bar:
    days = days_left(certificate.ends_at, now)
    fill = "down" if days < 7 else "degraded" if days < 60 else "up"
    if days < 0:
        words = ngettext("expired %(n)s day ago", "expired %(n)s days ago", -days) % {"n": -days}
    else:
        words = ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    return Bar(certificate.name, record_url(CERTIFICATES, certificate), max(2, min(days, DAYS)), fill, words)
