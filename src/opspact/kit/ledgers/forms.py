"""Forms made from a ledger's fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.writing import RecordRefused


class RecordForm(forms.Form):
    """One record. `values` are by field name, as `actions.create` and `actions.change` take them."""

    def __init__(
        self, data: Any, *, ledger: Ledger, fields: Sequence[Field], record: Any = None, initial: Any = None
    ) -> None:
        self.ledger = ledger
        self.ledger_fields = [each for each in fields if each.is_written]
        if record is not None:
            initial = {each.key: each.read(record) for each in self.ledger_fields} | (initial or {})
        super().__init__(data, initial=initial)
        for each in self.ledger_fields:
            self.fields[each.key] = each.form_field()
        if record is None and not ledger.is_key_given and ledger.key_field.key in self.fields:
            self.fields[ledger.key_field.key].required = False
        if record is not None:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Reason of the change"), max_length=300, required=False
            )
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput(), initial=record.version)

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The fields by their headings, in the order declared; the reason and what is hidden stand last, under none."""
        found: dict[str, list[BoundField]] = {}
        for each in self.ledger_fields:
            found.setdefault(str(each.group or _("Facts")), []).append(self[each.key])
        own = {each.key for each in self.ledger_fields}
        rest = [self[name] for name in self.fields if name not in own]
        return [*found.items(), *([("", rest)] if rest else [])]

    @property
    def values(self) -> dict[str, Any]:
        found = {}
        for each in self.ledger_fields:
            value = self.cleaned_data[each.key]
            # What stands in a form is text of people too: full-width characters are folded by the field's own reading.
            found[each.name] = each.parse(value) if isinstance(value, str) else value
        return found

    def refuse(self, refused: RecordRefused) -> None:
        """Show what the action said, at its fields."""
        for problems in refused.problems.values():
            for name, wrong in problems:
                key = name.replace(".", "__")
                self.add_error(key if key in self.fields else None, _(wrong.msgid) % wrong.params)


class UploadForm(forms.Form):
    """The filled workbook."""

    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"})
    )
    clears = forms.BooleanField(
        label=gettext_lazy("Empty cells empty the field"),
        required=False,
        help_text=gettext_lazy("Otherwise an empty cell leaves the record as it is."),
    )


class ApplyForm(forms.Form):
    """With wrong rows in the file: the rest, or nothing."""

    only_good = forms.TypedChoiceField(
        label=gettext_lazy("Rows to write"),
        choices=(
            ("all", gettext_lazy("All rows, or none while one of them is wrong")),
            ("good", gettext_lazy("Only the rows that nothing is wrong with")),
        ),
        coerce=lambda value: value == "good",
        widget=forms.RadioSelect(),
    )


class ReasonForm(forms.Form):
    """Why something is done to the picked records."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
