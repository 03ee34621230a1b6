"""Forms of the report pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opspact.reports.content import Content
from opspact.reports.scans import LARGEST_BYTES, SHORTEST_HASH, Paper, Scan
from opspact.reports.weekly.document import TEXT_SECTIONS


class WeekForm(forms.Form):
    day = forms.DateField(
        label=_("A day of the week"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The report covers its Monday to Sunday."),
    )


class SectionsForm(forms.Form):
    """One text a section, in the order of the report."""

    def __init__(self, content: Content, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in content["sections"]:
            if section["code"] in TEXT_SECTIONS:
                self.fields[section["code"]] = forms.CharField(
                    label=section["title"],
                    required=False,
                    initial=section["text"],
                    max_length=10_000,
                    widget=forms.Textarea(attrs={"rows": 4}),
                )


class ReturnForm(forms.Form):
    comment = forms.CharField(
        label=_("What is to be changed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ScanForm(forms.Form):
    """The signed paper: the file, and what is printed and written on it."""

    file = forms.FileField(label=_("Scan (PDF, JPEG or PNG)"))
    number = forms.CharField(label=_("Number on the paper"), max_length=30)
    hash = forms.CharField(
        label=_("Hash in the footer of the paper"),
        min_length=SHORTEST_HASH,
        max_length=80,
        help_text=_("Its first 8 digits are enough."),
    )
    signed_by = forms.CharField(label=_("Signed by"), max_length=60)
    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file

    @property
    def scan(self) -> Scan:
        return Scan(self.cleaned_data["file"].read())

    @property
    def paper(self) -> Paper:
        signed_on: date = self.cleaned_data["signed_on"]
        data = self.cleaned_data
        return Paper(data["number"], data["hash"], data["signed_by"], signed_on)
