"""What a field of a ledger can hold: how it is read, written, listed, filtered and asked for in a form.

`parse` takes text that `folded` has made of a cell, never empty, and raises Wrong; `text` gives back what `parse`
reads as the same value, so that a workbook goes out and comes in again unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Choices
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers import reading

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Kind:
    """The least a kind must say. `column` is the kind of list column; `width` of the column in Excel, in characters."""

    column: str = field(default="text", init=False)
    width: int = field(default=16, init=False)
    is_short: bool = field(default=False, init=False)
    """Every value is a few characters, which a list never cuts."""

    def bound(self, contract: Any) -> Kind:
        """The kind as it holds in one contract, with what must be looked up looked up once."""
        return self

    def folded(self, cell: object) -> str:
        """A cell or a typed text as `parse` takes it."""
        return reading.text_of(cell)

    def parse(self, text: str) -> Any:
        return text

    def text(self, value: Any) -> str:
        return "" if value is None else str(value)

    def seen(self, value: Any) -> str:
        """As a list shows it, where that is friendlier than what a workbook holds."""
        return self.text(value)

    def plain(self, value: Any) -> Any:
        """The value as JSON keeps it."""
        return value

    def revived(self, plain: Any) -> Any:
        """The value from what JSON kept."""
        return plain

    def choices(self) -> list[str]:
        """What a drop-down offers; empty: anything may be written."""
        return []

    def form_field(self, **common: Any) -> forms.Field:
        return forms.CharField(**common)


@dataclass(frozen=True)
class Text(Kind):
    """One line of at most `longest` characters."""

    longest: int = 200

    def folded(self, cell: object) -> str:
        return reading.words_of(cell)

    def parse(self, text: str) -> str:
        text = " ".join(text.split())
        if len(text) > self.longest:
            raise Wrong(N_("this text is longer than %(max_length)s characters"), max_length=self.longest)
        return text

    def text(self, value: Any) -> str:
        return value or ""

    def form_field(self, **common: Any) -> forms.Field:
        return forms.CharField(max_length=self.longest, **common)


@dataclass(frozen=True)
class LongText(Text):
    """Several lines."""

    longest: int = 4000
    width: int = field(default=40, init=False)

    def parse(self, text: str) -> str:
        if len(text) > self.longest:
            raise Wrong(N_("this text is longer than %(max_length)s characters"), max_length=self.longest)
        return text

    def form_field(self, **common: Any) -> forms.Field:
        return forms.CharField(max_length=self.longest, widget=forms.Textarea(attrs={"rows": 3}), **common)


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number, its bounds included."""

    least: int | None = None
    most: int | None = None
    column: str = field(default="number", init=False)
    width: int = field(default=10, init=False)

    def parse(self, text: str) -> int:
        return reading.read_whole(text, self.least, self.most)

    def form_field(self, **common: Any) -> forms.Field:
        return forms.IntegerField(min_value=self.least, max_value=self.most, **common)


@dataclass(frozen=True)
class Ordinal(Whole):
    """A whole number that counts nothing, such as a port or a VLAN: shown without thousands separators."""

    column: str = field(default="text", init=False)
    is_short: bool = field(default=True, init=False)


@dataclass(frozen=True)
class Amount(Kind):
    """Yuan, exact."""

    places: int = 2
    column: str = field(default="money", init=False)

    def parse(self, text: str) -> Decimal:
        return reading.read_decimal(text, self.places)

    def plain(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def revived(self, plain: Any) -> Decimal | None:
        return None if plain is None else Decimal(plain)

    def form_field(self, **common: Any) -> forms.Field:
        return forms.DecimalField(decimal_places=self.places, max_digits=16, **common)


@dataclass(frozen=True)
class Day(Kind):
    """A calendar day."""

    column: str = field(default="date", init=False)
    width: int = field(default=12, init=False)

    def parse(self, text: str) -> date:
        return reading.read_day(text)

    def plain(self, value: Any) -> str | None:
        return None if value is None else value.isoformat()

    def revived(self, plain: Any) -> date | None:
        return None if plain is None else date.fromisoformat(plain)

    def form_field(self, **common: Any) -> forms.Field:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)


@dataclass(frozen=True)
class Moment(Kind):
    """A day and a time, aware; on pages and in Excel in local time, to the second where it has seconds."""

    column: str = field(default="datetime", init=False)
    width: int = field(default=20, init=False)

    def parse(self, text: str) -> datetime:
        return reading.read_moment(text)

    def text(self, value: Any) -> str:
        if value is None:
            return ""
        local = localtime(value)
        return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"

    def plain(self, value: Any) -> str | None:
        return None if value is None else value.isoformat()

    def revived(self, plain: Any) -> datetime | None:
        return None if plain is None else datetime.fromisoformat(plain)

    def form_field(self, **common: Any) -> forms.Field:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")
        return forms.DateTimeField(widget=widget, **common)


@dataclass(frozen=True)
class YesNo(Kind):
    """True or false; an empty cell is false."""

    column: str = field(default="bool", init=False)
    width: int = field(default=8, init=False)

    def parse(self, text: str) -> bool:
        return reading.read_yes_no(text)

    def text(self, value: Any) -> str:
        return "" if value is None else _("yes") if value else _("no")

    def choices(self) -> list[str]:
        return [_("yes"), _("no")]

    def form_field(self, **common: Any) -> forms.Field:
        return forms.BooleanField(**(common | {"required": False}))


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words, read in every language the program speaks."""

    is_short: bool = field(default=True, init=False)
    options: type[Choices] | tuple[tuple[str, Any], ...] = ()
    also: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Other words people write, and what they stand for."""

    @cached_property
    def pairs(self) -> tuple[tuple[str, Any], ...]:
        options = self.options if isinstance(self.options, tuple) else tuple(self.options.choices)
        return tuple((str(value), label) for value, label in options)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every word that is read, small letters, and the value it stands for."""
        found = {word.lower(): value for word, value in self.also.items()}
        for value, label in self.pairs:
            found[value.lower()] = value
            for language in LANGUAGES:
                with override(language):
                    found[str(label).lower()] = value
        return found

    @cached_property
    def _labels(self) -> dict[str, Any]:
        return dict(self.pairs)

    def parse(self, text: str) -> str:
        if (found := self.spellings.get(text.lower())) is None:
            listed = "、".join(str(label) for _value, label in self.pairs)
            raise Wrong(N_("“%(found)s” is not one of: %(listed)s"), found=shown(text), listed=listed)
        return found

    def text(self, value: Any) -> str:
        return str(self._labels.get(value, value or ""))

    def choices(self) -> list[str]:
        return [str(label) for _value, label in self.pairs]

    def form_field(self, **common: Any) -> forms.Field:
        blank = [] if common.get("required") else [("", "—")]
        return forms.ChoiceField(choices=[*blank, *self.pairs], **common)


@dataclass(frozen=True)
class Address(Kind):
    """An IPv4 or IPv6 address."""

    is_short: bool = field(default=True, init=False)

    def parse(self, text: str) -> str:
        return reading.read_ip(text)

    def text(self, value: Any) -> str:
        return str(value).split("/")[0] if value else ""

    def plain(self, value: Any) -> str | None:
        return self.text(value) or None


@dataclass(frozen=True)
class Network(Kind):
    """A prefix without host bits."""

    is_short: bool = field(default=True, init=False)
    width: int = field(default=20, init=False)

    def parse(self, text: str) -> str:
        return reading.read_network(text)

    def plain(self, value: Any) -> str | None:
        return str(value) if value else None


@dataclass(frozen=True)
class Hardware(Kind):
    """A MAC address."""

    is_short: bool = field(default=True, init=False)
    width: int = field(default=19, init=False)

    def parse(self, text: str) -> str:
        return reading.read_mac(text)
