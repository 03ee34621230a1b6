"""The first run: the code from the terminal, and the three."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from opspact.accounts.first_run import THREE, Administrator
from opspact.identity.roles import Role

_NAMES = {Role.SYSTEM_ADMIN: "sysadmin", Role.SECURITY_ADMIN: "secadmin", Role.AUDIT_ADMIN: "auditadmin"}


class FirstRunForm(forms.Form):
    code = forms.CharField(
        label=_("One-time code"),
        help_text=_(
            "It was printed where OpsPact was started, and lies in the data directory: secrets/first-run-code."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in THREE:
            name = forms.CharField(label=_("Full name"), max_length=60)
            username = forms.CharField(label=_("User name"), max_length=60, initial=_NAMES[role])
            username.widget.attrs["autocomplete"] = "off"
            self.fields |= {
                f"{role}_name": name,
                f"{role}_username": username,
                f"{role}_password": _password(_("Password")),
                f"{role}_again": _password(_("Password once more")),
            }

    @property
    def people(self) -> list[tuple[Role, list[forms.BoundField]]]:
        """Each administrator with their four fields."""
        parts = ("name", "username", "password", "again")
        return [(role, [self[f"{role}_{part}"] for part in parts]) for role in THREE]

    def clean(self) -> dict[str, Any]:
        for role in THREE:
            if self.cleaned_data.get(f"{role}_password") != self.cleaned_data.get(f"{role}_again"):
                self.add_error(f"{role}_again", ValidationError(_("The two passwords differ.")))
        return self.cleaned_data

    def administrators(self) -> tuple[Administrator, ...]:
        data = self.cleaned_data
        return tuple(
            Administrator(role, data[f"{role}_username"], data[f"{role}_name"], data[f"{role}_password"])
            for role in THREE
        )


def _password(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, widget=widget, strip=False)
