"""Fields that name another record, by its code or its name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers.kinds import Kind
from opspact.kit.ledgers.reading import text_of

Among = Callable[[Any], QuerySet[Any]]
OFFERED = 2000
PICKED = 300
"""More than these are not picked from a list on a page, but typed."""


def _code_and_name(record: Any) -> tuple[str, ...]:
    return record.code, record.name


@dataclass(frozen=True)
class Reference(Kind):
    """One of few enough records to look up all of them: systems, sites, categories.

    `among(contract)` are those there are; `spell` the ways one is written, the first being the one that is shown.
    """

    among: Among = field(default=lambda contract: QuerySet(), hash=False)
    spell: Callable[[Any], Iterable[str]] = field(default=_code_and_name, hash=False)
    records: tuple[Model, ...] | None = field(default=None, hash=False, compare=False)
    known: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)

    def bound(self, contract: Any) -> Reference:
        records = tuple(self.among(contract))
        known: dict[str, Any] = {}
        for record in records:
            ways = [way for way in self.spell(record) if way]
            for spelling in (*ways, " ".join(ways)):
                known.setdefault(text_of(spelling).lower(), record)
        return replace(self, records=records, known=known)

    def parse(self, text: str) -> Any:
        if (found := self.known.get(" ".join(text.lower().split()))) is not None:
            return found
        near = difflib.get_close_matches(text.lower(), list(self.known), n=1, cutoff=0.5)
        if near:
            meant = self.text(self.known[near[0]])
            raise Wrong(N_("there is no “%(found)s” here; did you mean “%(meant)s”?"), found=shown(text), meant=meant)
        raise Wrong(N_("there is no “%(found)s” here"), found=shown(text))

    def text(self, value: Any) -> str:
        return "" if value is None else next(iter(self.spell(value)))

    def plain(self, value: Any) -> int | None:
        return None if value is None else value.pk

    def revived(self, plain: Any) -> Any:
        return next((record for record in self.records or () if record.pk == plain), None)

    def seen(self, value: Any) -> str:
        """Its name, where the code alone would say little."""
        if value is None or self.spell is not _code_and_name:
            return self.text(value)
        return value.name or value.code

    def label(self, record: Any) -> str:
        """All its ways of being written, for a choice among many; none that another one holds already."""
        ways: list[str] = []
        for way in self.spell(record):
            if way and not any(way in other for other in ways):
                ways.append(way)
        return " ".join(ways)

    def offered(self, contract: Any, most: int) -> list[tuple[Any, str]]:
        """The keys and labels of at most so many, for a drop-down; without making records where code and name do."""
        found = self.among(contract)
        if self.spell is _code_and_name:
            plain = found.values_list("pk", "code", "name")[:most]
            return [(pk, " ".join(way for way in ways if way)) for pk, *ways in plain]
        return [(record.pk, self.label(record)) for record in found[:most]]

    def choices(self) -> list[str]:
        return [self.text(record) for record in self.records or ()][:OFFERED]

    def form_field(self, **common: Any) -> forms.Field:
        records = self.records or ()
        return _RecordCode(self, **common) if len(records) > PICKED else _RecordChoice(self, **common)


class _RecordChoice(forms.ChoiceField):
    """A drop-down of records that are already here; clean gives the record."""

    def __init__(self, kind: Reference, **common: Any) -> None:
        self.options = {str(record.pk): record for record in kind.records or ()}
        labels = [(key, kind.label(record)) for key, record in self.options.items()]
        super().__init__(choices=[("", "—"), *labels], **common)

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        return self.options.get(super().clean(value))


@dataclass(frozen=True)
class BigReference(Kind):
    """One of very many records, such as assets: written by its code, looked up when it is read."""

    is_short: bool = field(default=True, init=False)
    among: Among = field(default=lambda contract: QuerySet(), hash=False)
    by: str = "code"
    show: str = "name"
    """What stands behind the code on pages; "" nothing."""
    records: QuerySet[Any] | None = field(default=None, hash=False, compare=False)
    known: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    def bound(self, contract: Any) -> BigReference:
        return replace(self, records=self.among(contract), known={})

    def warm(self, texts: Iterable[str]) -> None:
        """Look up the records of many texts at once."""
        assert self.records is not None, "a reference is bound to a contract before it reads"
        wanted = sorted({text.split()[0] for text in texts if text} - set(self.known))
        for start in range(0, len(wanted), 5000):
            found = self.records.filter(**{f"{self.by}__in": wanted[start : start + 5000]})
            self.known.update((getattr(record, self.by), record) for record in found)

    def parse(self, text: str) -> Any:
        code = text.split()[0]
        if code not in self.known:
            self.warm([code])
        if code not in self.known:
            raise Wrong(N_("there is no “%(found)s” here"), found=shown(text))
        return self.known[code]

    def text(self, value: Any) -> str:
        return "" if value is None else str(getattr(value, self.by))

    def plain(self, value: Any) -> int | None:
        return None if value is None else value.pk

    def revived(self, plain: Any) -> Any:
        assert self.records is not None, "a reference is bound to a contract before it reads"
        return None if plain is None else self.records.filter(pk=plain).first()

    def form_field(self, **common: Any) -> forms.Field:
        return _RecordCode(self, **common)


class _RecordCode(forms.CharField):
    """The code of a record, typed or scanned; clean gives the record."""

    def __init__(self, kind: Reference | BigReference, **common: Any) -> None:
        super().__init__(max_length=200, **common)
        self.kind = kind

    def prepare_value(self, value: Any) -> Any:
        return self.kind.text(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        text = text_of(super().clean(value))
        try:
            return self.kind.parse(text) if text else None
        except Wrong as wrong:
            raise ValidationError(_(wrong.msgid) % wrong.params) from wrong
