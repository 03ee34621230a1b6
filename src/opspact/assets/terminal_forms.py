"""The forms of lending, taking back, mending and updating address books."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets import signatures
from opspact.assets.actions.loans import AFTERWARDS
from opspact.assets.labels import marks
from opspact.assets.ledgers.loans import terminals
from opspact.assets.ledgers.terminals import address_books
from opspact.core.inputs import Wrong

MOST_AT_ONCE = 200
PAPER, SCREEN = "paper", "screen"


class SignaturePad(forms.HiddenInput):
    """A canvas that writes the strokes into a hidden field; see assets/signature.js."""

    input_type = "hidden"
    template_name = "assets/signature_pad.html"

    @property
    def is_hidden(self) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"width": signatures.WIDTH, "height": signatures.HEIGHT}


class _Signed(forms.Form):
    """Signed here, or on the printed slip."""

    signed = forms.ChoiceField(
        label=gettext_lazy("How it is signed"),
        choices=(
            (SCREEN, gettext_lazy("Drawn here")),
            (PAPER, gettext_lazy("On paper: print the slip, then attach its scan")),
        ),
        initial=SCREEN,
        widget=forms.RadioSelect(),
    )
    signature = forms.CharField(label=gettext_lazy("Sign here"), required=False, widget=SignaturePad())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("signed") == PAPER:
            return cleaned | {"signature": ""}
        try:
            signatures.check(cleaned.get("signature", ""))
        except Wrong as wrong:
            raise ValidationError({"signature": _(wrong.msgid) % wrong.params}) from wrong
        return cleaned


class LendForm(_Signed):
    """One signature for all terminals that go out together."""

    terminals = forms.CharField(
        label=gettext_lazy("Terminals"),
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("Label numbers, one a line: type them, or scan the labels with a USB scanner."),
    )
    borrower = forms.CharField(label=gettext_lazy("Borrower"), max_length=60)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=60, required=False)
    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=200, required=False)
    due_on = forms.DateField(
        label=gettext_lazy("To be returned by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    field_order = ("terminals", "borrower", "department", "purpose", "due_on", "signed", "signature")

    def __init__(self, *args: Any, contract: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract

    def clean_terminals(self) -> list[Any]:
        """The terminals in the order scanned; a label scanned twice counts once."""
        codes = list(
            dict.fromkeys(marks.read(line).code for line in self.cleaned_data["terminals"].splitlines() if line.strip())
        )
        if len(codes) > MOST_AT_ONCE:
            raise ValidationError(_("At most %(most)s terminals go out at once.") % {"most": MOST_AT_ONCE})
        found = {terminal.code: terminal for terminal in terminals(self.contract).filter(code__in=codes)}
        if unknown := [code for code in codes if code not in found]:
            raise ValidationError(_("Not on the ledger: %(codes)s.") % {"codes": "、".join(unknown[:20])})
        return [found[code] for code in codes]


class _Afterwards(forms.Form):
    usage = forms.ChoiceField(
        label=gettext_lazy("Use afterwards"),
        choices=(("", gettext_lazy("as before")), *((each.value, each.label) for each in AFTERWARDS)),
        required=False,
    )


class ReturnForm(_Afterwards, _Signed):
    condition = forms.CharField(
        label=gettext_lazy("Condition at return"), max_length=200, initial=gettext_lazy("Complete and undamaged")
    )
    field_order = ("condition", "usage", "signed", "signature")


class BulkReturnForm(_Afterwards):
    """Many at once; they are signed for on paper."""

    condition = forms.CharField(
        label=gettext_lazy("Condition at return"), max_length=200, initial=gettext_lazy("Complete and undamaged")
    )
    field_order = ("condition", "usage")

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MendForm(_Afterwards):
    mended_at = forms.DateTimeField(
        label=gettext_lazy("Mended at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    what = forms.CharField(
        label=gettext_lazy("What was done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("mended_at", "what", "usage")


class BookForm(forms.Form):
    """Which version the picked terminals carry now, and since when."""

    book = forms.ModelChoiceField(label=gettext_lazy("Address book"), queryset=None, empty_label=None)
    day = forms.DateField(
        label=gettext_lazy("Updated on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book"].queryset = address_books(request.contract)


class EntriesForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("Columns: name, department, number. Several numbers of one person: 、 or / between."),
    )
