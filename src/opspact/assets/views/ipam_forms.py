"""What is asked for when addresses and prefixes are taken, released, swept or brought in."""

from __future__ import annotations

import ipaddress
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets.actions.ipam import MOST
from opspact.assets.ledgers.ipam import prefixes, vrfs
from opspact.assets.models import Asset, Prefix, Vrf

DAY = {"type": "date"}
CLOCK = {"type": "time"}


class TakeForm(forms.Form):
    """The next free addresses of a prefix."""

    how_many = forms.IntegerField(label=gettext_lazy("Number of addresses"), min_value=1, max_value=MOST, initial=1)
    asset = forms.CharField(label=gettext_lazy("Device (asset code)"), max_length=60, required=False)
    name = forms.CharField(label=gettext_lazy("Host name"), max_length=120, required=False)
    user = forms.CharField(label=gettext_lazy("Used by"), max_length=60, required=False)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=60, required=False)
    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=120, required=False)
    is_reserved = forms.BooleanField(label=gettext_lazy("Only reserve"), required=False)
    reserved_until = forms.DateField(
        label=gettext_lazy("Reserved until"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, contract: Any) -> None:
        super().__init__(data, prefix="take")
        self.contract = contract

    def clean_asset(self) -> Asset | None:
        code = self.cleaned_data["asset"].strip()
        if not code:
            return None
        found = Asset.objects.filter(contract=self.contract, deleted_at=None, code=code).first()
        if found is None:
            raise ValidationError(_("there is no “%(found)s” here") % {"found": code})
        return found

    @property
    def values(self) -> dict[str, Any]:
        names = ("asset", "name", "user", "department", "purpose")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


class TakePrefixForm(forms.Form):
    """The next free prefix of a length."""

    length = forms.IntegerField(label=gettext_lazy("Length"), help_text=gettext_lazy("24 for a /24."))
    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=120, required=False)

    def __init__(self, data: Any, *, prefix: Prefix) -> None:
        network = ipaddress.ip_network(str(prefix.prefix))
        usual = 24 if network.version == 4 else 64
        super().__init__(data, prefix="cut", initial={"length": max(usual, network.prefixlen + 1)})
        field = self.fields["length"]
        assert isinstance(field, forms.IntegerField)
        field.widget.attrs |= {"min": network.prefixlen + 1, "max": network.max_prefixlen}


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=120)


class TableForm(forms.Form):
    """A table of seen addresses, pasted or as a file."""

    device = forms.CharField(
        label=gettext_lazy("Device it was read from"), max_length=60, required=False,
        help_text=gettext_lazy("Name or asset code of the switch or router."),
    )  # fmt: skip
    vrf = forms.ModelChoiceField(label=gettext_lazy("Routing domain"), queryset=Vrf.objects.none(), required=False)
    text = forms.CharField(
        label=gettext_lazy("Pasted output"), required=False, max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 10, "class": "op-code"}),
        help_text=gettext_lazy("display arp, display mac-address, show ip arp, ip neigh, arp -a; or CSV."),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("or a file (.txt, .csv, .xlsx)"), required=False)

    def __init__(self, *args: Any, contract: Any) -> None:
        super().__init__(*args)
        self.fields["vrf"].queryset = vrfs(contract)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("file"):
            raise ValidationError(_("Paste the output, or choose a file."))
        return cleaned


class SweepForm(forms.Form):
    """Which prefix is to be swept, on whose word."""

    prefix = forms.CharField(label=gettext_lazy("Prefix"), max_length=60)
    reference = forms.CharField(
        label=gettext_lazy("Document of the authorisation"), max_length=200, required=False,
        help_text=gettext_lazy("Where no recorded authorisation covers the prefix, the client is asked."),
    )  # fmt: skip
    per_second = forms.IntegerField(
        label=gettext_lazy("Packets a second"), min_value=1, max_value=500, initial=50,
        help_text=gettext_lazy("Low enough that nobody notices."),
    )  # fmt: skip

    from_time = forms.TimeField(
        label=gettext_lazy("Only from"), required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"),
        help_text=gettext_lazy("Such as 22:00 to 06:00; outside these hours it rests. Empty: at any time."),
    )  # fmt: skip
    until_time = forms.TimeField(
        label=gettext_lazy("Only until"), required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )

    def __init__(self, data: Any, *, contract: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.contract = contract

    def clean_prefix(self) -> Prefix:
        code = self.cleaned_data["prefix"].strip()
        found = prefixes(self.contract).filter(code=code).first()
        if found is None:
            raise ValidationError(_("there is no “%(found)s” here") % {"found": code})
        return found

    @property
    def hours(self) -> tuple[time, time] | None:
        first, last = self.cleaned_data.get("from_time"), self.cleaned_data.get("until_time")
        return (first, last) if first is not None and last is not None else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("from_time") is None) != (cleaned.get("until_time") is None):
            raise ValidationError({"until_time": _("Give both hours, or none.")})
        return cleaned
