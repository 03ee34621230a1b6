"""Users, their grants, and one's own tokens."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.accounts.policy import TOKEN_AT_MOST
from opspact.identity.models import User
from opspact.identity.roles import Discipline, Role
from opspact.kit import scope


class UserForm(forms.ModelForm):
    """What the system administrator keeps about a person. The user name is chosen once."""

    class Meta:
        model = User
        fields = ["username", "name", "organisation", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].required = False
        if self.instance.pk:
            del self.fields["username"]
        else:
            self.fields["username"].help_text = _("Letters, digits and . @ - _ only. It is never used again.")
            self.fields["username"].widget.attrs["autocomplete"] = "off"


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    contract_code = forms.ChoiceField(
        label=gettext_lazy("Contract"),
        required=False,
        help_text=gettext_lazy("Administrators hold their role in the installation, all others in a contract."),
    )
    discipline = forms.ChoiceField(
        label=gettext_lazy("Discipline"),
        required=False,
        choices=[("", "—"), *Discipline.choices],
        help_text=gettext_lazy("For engineers only."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contracts = [(each.code, f"{each.name} ({each.code})") for each in scope.every_contract()]
        self.fields["contract_code"].choices = [("", _("The installation")), *contracts]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("What uses it, e.g. the monitoring script.")
    )
    contract_code = forms.ChoiceField(label=gettext_lazy("Contract"))
    read_only = forms.BooleanField(label=gettext_lazy("Read only"), required=False, initial=True)
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until the end of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contracts = scope.contracts(user.contract_codes)
        self.fields["contract_code"].choices = [(each.code, each.name) for each in contracts]
        self.fields["expires_on"].initial = timezone.localdate() + timedelta(days=90)

    def clean_expires_on(self) -> date:
        day = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day < today + TOKEN_AT_MOST:
            raise forms.ValidationError(_("A token ends within a year."))
        return day

    @property
    def expires_at(self) -> datetime:
        """The end of the chosen day in the site's zone."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["expires_on"], time(23, 59, 59)))
