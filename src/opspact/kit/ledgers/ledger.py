"""A ledger: its records, its fields, and what holds for them as a whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from opspact.core.inputs import Wrong
from opspact.identity.roles import Role
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.kinds import LANGUAGES
from opspact.kit.permissions import declare

Words = str | Promise
VERBS = {
    "view": _("See: {ledger}"),
    "edit": _("Add and change: {ledger}"),
    "delete": _("Delete and restore: {ledger}"),
    "import": _("Import: {ledger}"),
    "export": _("Export: {ledger}"),
}


def _nothing(contract: Any, records: Sequence[Any]) -> dict[int, list[tuple[str, Wrong]]]:
    return {}


def _none(contract: Any) -> tuple[Field, ...]:
    return ()


@dataclass(frozen=True)
class Ledger:
    """`name` ("assets.asset") is also the stem of its permissions: `.view`, `.edit`, `.delete`, `.import`, `.export`.

    `key` names the field that identifies a record in its contract; `also_by` further fields a row may be recognised
    by when its key is empty (a serial number). `extra_fields(contract)` are typed fields defined as data.
    `check(contract, records)` finds what is wrong between records about to be written: by position in `records`, pairs
    of field name and Wrong; a record's `was` has what its changed fields held before.
    `before_write(caller, contract, records)` completes them, such as by giving them codes.
    """

    name: str
    model: type[Model]
    title: Words
    one: Words
    fields: tuple[Field, ...]
    key: str = "code"
    also_by: tuple[str, ...] = ()
    apart_by: tuple[str, ...] = ()
    """Fields that keep records apart which agree in `also_by`, such as the routing domain of an address."""
    extra_fields: Callable[[Any], tuple[Field, ...]] = _none
    related: tuple[str, ...] = ()
    check: Callable[[Any, Sequence[Any]], dict[int, list[tuple[str, Wrong]]]] = _nothing
    check_delete: Callable[[Any, Sequence[Any]], dict[int, list[tuple[str, Wrong]]]] = _nothing
    before_write: Callable[[Any, Any, Sequence[Any]], None] = lambda caller, contract, records: None
    after_write: Callable[[Any, Any, Sequence[Any]], None] = lambda caller, contract, records: None
    """What follows for others, in the same transaction, once records were written, taken off or put back."""
    also_written: tuple[str, ...] = ()
    """Columns that `before_write` sets beside the fields."""
    searched: tuple[str, ...] = ("code", "name")
    """Attributes that the list's search looks in."""
    url_name: str = ""
    icon: str = "list"
    viewers: frozenset[Role] = frozenset()
    editors: frozenset[Role] = frozenset()
    order: int = 50
    door: str = "ledgers"
    notes: tuple[Words, ...] = ()
    is_key_given: bool = True
    """False: a new record may come without its key, `before_write` gives one."""
    _cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        ledgers.add(self)
        for verb, words in VERBS.items():
            roles = self.viewers if verb in ("view", "export") else self.editors
            declare(self.permission(verb), format_lazy(words, ledger=self.title), roles)

    def permission(self, verb: str) -> str:
        return f"{self.name}.{verb}"

    def records(self, contract: Any, *, deleted: bool = False) -> QuerySet[Any]:
        """The contract's records, the deleted ones only when asked for."""
        found = self.model._default_manager.filter(contract=contract, deleted_at__isnull=not deleted)
        return found.select_related(*self.related) if self.related else found

    def all_fields(self, contract: Any) -> tuple[Field, ...]:
        """The declared fields and those the contract's data defines, not bound."""
        return (*self.fields, *self.extra_fields(contract))

    def bound_fields(self, contract: Any) -> tuple[Field, ...]:
        """All fields with their references looked up: for reading a workbook or showing a form."""
        return tuple(each.bound(contract) for each in self.all_fields(contract))

    @cached_property
    def key_field(self) -> Field:
        return next(each for each in self.fields if each.name == self.key)

    def clashing(self, record: Any, message: str) -> tuple[str, str]:
        """The field whose value the database says is taken, and the value; the key when it names none of ours."""
        names = [each.name for each in self.fields if not each.is_extra and each.name in message]
        name = names[0] if names and self.key not in names else self.key
        return name, next(each for each in self.fields if each.name == name).text(record)


class _Ledgers:
    """All ledgers by name, in their order."""

    def __init__(self) -> None:
        self._all: dict[str, Ledger] = {}

    def add(self, ledger: Ledger) -> None:
        if ledger.name in self._all:
            raise ValueError(f"{ledger.name} is declared twice")
        self._all[ledger.name] = ledger

    def __getitem__(self, name: str) -> Ledger:
        return self._all[name]

    def get(self, name: str) -> Ledger | None:
        return self._all.get(name)

    def all(self) -> list[Ledger]:
        return sorted(self._all.values(), key=lambda ledger: (ledger.order, ledger.name))


ledgers = _Ledgers()


def headers_of(fields: Iterable[Field]) -> dict[str, Field]:
    """Every header a field may stand under, bare, in every language the program speaks."""
    found: dict[str, Field] = {}
    for each in fields:
        names = {each.name, *each.also}
        for language in LANGUAGES:
            with override(language):
                names.add(str(each.label))
        for name in names:
            found.setdefault(bare(name), each)
    return found


def bare(text: str) -> str:
    """A header without blanks, marks and what stands in brackets, in small letters."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"\(.*?\)|[\s*:_/、,]", "", folded).lower()


registered: dict[type[Any], Ledger] = {}
"""By model the ledger that keeps its records; see `registering`."""
