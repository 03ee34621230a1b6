"""Bandwidth as people write it: 100M, 2Mbps, 1G, 64k, 1.5 Gbit/s, 百兆; kept in Mbit/s."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers.kinds import Kind
from opspact.kit.ledgers.reading import text_of

_WRITTEN = re.compile(
    r"(\d{1,7}(?:\.\d{1,6})?)\s*(k|m|g|千|兆|千兆|吉)?\s*(?:b|bit|bits|bps|b/s|bit/s|bits/s|比特)?(?:/s|ps|每秒)?",
    re.IGNORECASE,
)
_MBPS = {"k": Decimal("0.001"), "千": Decimal("0.001"), "m": Decimal(1), "兆": Decimal(1)} | dict.fromkeys(
    ("g", "千兆", "吉"), Decimal(1000)
)
_WORDS = {"十兆": Decimal(10), "百兆": Decimal(100), "千兆": Decimal(1000), "万兆": Decimal(10000)}
_FINEST = Decimal("0.001")
_MOST = Decimal(1_000_000)


def read_bandwidth(text: str) -> Decimal:
    """Mbit/s, to 1 kbit/s; a bare number counts as Mbit/s. Raises Wrong."""
    bare = text.replace(",", "").replace(" ", "")
    if bare in _WORDS:
        return _WORDS[bare]
    if not (match := _WRITTEN.fullmatch(bare)):
        raise Wrong(N_("“%(found)s” is no bandwidth; write it like 100M, 2Mbps or 1G"), found=shown(text))
    mbps = Decimal(match[1]) * _MBPS[(match[2] or "m").lower()]
    if not _FINEST <= mbps <= _MOST or mbps != mbps.quantize(_FINEST):
        raise Wrong(N_("“%(found)s” is no bandwidth from 1k to 1000G"), found=shown(text))
    return mbps


def bandwidth_text(mbps: Decimal | None) -> str:
    """100M, 2.5G, 64k: the shortest that reads back as the same; "" for none."""
    if mbps is None:
        return ""
    for unit, size in (("G", Decimal(1000)), ("M", Decimal(1))):
        if mbps >= size:
            return f"{_plain(mbps / size)}{unit}"
    return f"{_plain(mbps * 1000)}k"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Bandwidth(Kind):
    """A Decimal of Mbit/s."""

    width: int = field(default=10, init=False)

    def parse(self, text: str) -> Decimal:
        return read_bandwidth(text)

    def text(self, value: Any) -> str:
        return bandwidth_text(value)

    def plain(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def revived(self, plain: Any) -> Decimal | None:
        return None if plain is None else Decimal(plain)

    def form_field(self, **common: Any) -> forms.Field:
        return _BandwidthField(**common)


class _BandwidthField(forms.CharField):
    """Typed as in Excel; clean gives Mbit/s."""

    def prepare_value(self, value: Any) -> Any:
        return bandwidth_text(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = text_of(super().clean(value))
        try:
            return read_bandwidth(text) if text else None
        except Wrong as wrong:
            raise ValidationError(_(wrong.msgid) % wrong.params) from wrong
