"""Setting one field of many records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opspact.core.inputs import Wrong
from opspact.kit.ledgers.ledger import Ledger


def change_form(ledger: Ledger) -> Any:
    """A form class that asks for a field, its value as people write it, and the reason; it cleans to `values`."""

    class ChangeForm(forms.Form):
        field = forms.ChoiceField(label=pgettext_lazy("ledger", "Field"))
        value = forms.CharField(
            label=gettext_lazy("New value"),
            required=False,
            max_length=4000,
            help_text=gettext_lazy("Written as in Excel; empty empties the field."),
        )
        reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

        def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            unique = {ledger.key, *ledger.also_by}
            self.choosable = {
                each.key: each
                for each in ledger.all_fields(request.contract)
                if each.is_written and each.name not in unique
            }
            self.contract = request.contract
            self.fields["field"].choices = [(key, each.label) for key, each in self.choosable.items()]

        def clean(self) -> dict[str, Any]:
            cleaned = super().clean() or {}
            if "field" not in cleaned:
                return cleaned
            each = self.choosable[cleaned["field"]].bound(self.contract)
            try:
                value = each.parse(cleaned.get("value", ""))
            except Wrong as wrong:
                raise ValidationError({"value": _(wrong.msgid) % wrong.params}) from wrong
            if value is None and each.required:
                raise ValidationError({"value": _("this must be filled")})
            return {"values": {each.name: value}, "reason": cleaned.get("reason", "")}

    return ChangeForm
