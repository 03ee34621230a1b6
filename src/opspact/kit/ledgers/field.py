"""One column of a ledger, everywhere it appears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from opspact.core.inputs import Wrong
from opspact.kit.ledgers.kinds import Kind, Text
from opspact.kit.lists import Column

EXTRA = "extra."


@dataclass(frozen=True)
class Field:
    """`name` is an attribute of the record, or `extra.NAME` for a typed extra field kept in its JSON.

    `also`: other headers people write. `default`: shown in the list unless chosen otherwise; `phone`: also on a phone.
    `filter`: the list can be narrowed by it. `is_written` False: computed, shown and exported but never read.
    `group`: the heading it stands under on the record's page and in the form.
    """

    name: str
    label: str | Promise
    kind: Kind = field(default_factory=Text)
    required: bool = False
    also: Sequence[str] = ()
    default: bool = True
    phone: bool = False
    filter: bool = False
    sort: bool = True
    is_written: bool = True
    group: str | Promise = ""
    help: str | Promise = ""
    width: str = ""

    @cached_property
    def is_extra(self) -> bool:
        return self.name.startswith(EXTRA)

    @property
    def key(self) -> str:
        """The name without a dot, for forms and addresses."""
        return self.name.replace(".", "__")

    def bound(self, contract: Any) -> Field:
        """The field with its references looked up in a contract."""
        kind = self.kind.bound(contract)
        return self if kind is self.kind else replace(self, kind=kind)

    def read(self, record: Any) -> Any:
        if self.is_extra:
            return self.kind.revived(record.extra.get(self.name[len(EXTRA) :]))
        value = getattr(record, self.name, None)  # a new record has no related ones yet
        return None if value == "" else value

    def write(self, record: Any, value: Any) -> None:
        """Set it on the record; nothing is kept as the empty text where the column has one."""
        if self.is_extra:
            kept = dict(record.extra)
            kept.pop(self.name[len(EXTRA) :], None)
            if value not in (None, ""):
                kept[self.name[len(EXTRA) :]] = self.kind.plain(value)
            record.extra = kept
            return
        column = record._meta.get_field(self.name)
        setattr(record, self.name, column.get_default() if value is None and not column.null else value)

    def emptied(self, record: Any) -> Any:
        """What the field reads as once it is emptied: its default where the column must hold something."""
        if self.is_extra or (column := record._meta.get_field(self.name)).null:
            return None
        default = column.get_default()
        return None if default == "" else default

    def parse(self, cell: object) -> Any:
        """The value of a cell or a typed text; None when it is empty. Raises Wrong."""
        text = self.kind.folded(cell)
        return self.kind.parse(text) if text else None

    def text(self, record: Any) -> str:
        """As people read and write it."""
        return self.kind.text(self.read(record))

    def seen(self, record: Any) -> str:
        """As a list shows it."""
        return self.kind.seen(self.read(record))

    @cached_property
    def column(self) -> Column:
        """The list's column."""
        plain = self.kind.column
        return Column(
            self.key,
            self.label,
            value=self.read if plain != "text" else self.seen,
            kind=plain,  # type: ignore[arg-type]
            sort=self.name if self.sort and not self.is_extra else None,
            default=self.default,
            phone=self.phone,
            width=self.width or ("fit" if self.kind.is_short else ""),
        )

    def form_field(self) -> forms.Field:
        made = self.kind.form_field(label=self.label, required=self.required, help_text=self.help)
        if isinstance(made, forms.CharField) and type(made) is forms.CharField:
            made.validators.append(self._validate)
        return made

    def _validate(self, text: str) -> None:
        try:
            self.parse(text)
        except Wrong as wrong:
            raise ValidationError(_(wrong.msgid) % wrong.params) from wrong
