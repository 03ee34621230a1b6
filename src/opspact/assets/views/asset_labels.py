"""The page that prints labels of the picked assets."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from opspact.assets.actions.labels import MOST, PERMISSION, print_labels
from opspact.assets.labels.drawing import Layout
from opspact.assets.labels.formats import FORMATS
from opspact.assets.labels.words import LINES, USUAL, Content
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.assets.views.assets import AssetList
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller


class LabelForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("Paper"), choices=lambda: [(each.name, str(each.label)) for each in FORMATS.values()]
    )
    symbol = forms.ChoiceField(
        label=gettext_lazy("Code on the label"),
        choices=(("qr", gettext_lazy("QR")), ("bars", "Code 128"), ("both", gettext_lazy("QR and Code 128"))),
    )
    says = forms.ChoiceField(
        label=gettext_lazy("The QR code says"),
        choices=(
            ("url", gettext_lazy("the address of the asset's page: any phone's camera opens it")),
            ("mark", gettext_lazy("contract and code only: no address of a server on the label")),
        ),
        help_text=gettext_lazy("Stocktaking reads both, and old labels after the server has moved."),
    )
    lines = forms.MultipleChoiceField(
        label=gettext_lazy("Beside the code"),
        required=False,
        choices=[(name, words) for name, (words, _read) in LINES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    start = forms.IntegerField(
        label=gettext_lazy("First free label on the sheet"),
        min_value=1,
        max_value=max(each.per_page for each in FORMATS.values()),
        help_text=gettext_lazy("Counted row by row from the upper left, to use up a sheet that was begun."),
    )
    copies = forms.IntegerField(label=gettext_lazy("Copies of each"), min_value=1, max_value=10)
    shift_x = forms.FloatField(label=gettext_lazy("Shift to the right (mm)"), min_value=-10, max_value=10)
    shift_y = forms.FloatField(
        label=gettext_lazy("Shift down (mm)"),
        min_value=-10,
        max_value=10,
        help_text=gettext_lazy("Mends a printer that feeds the sheet askew. Print at 100 %, not “fit to page”."),
    )
    is_framed = forms.BooleanField(label=gettext_lazy("Draw the edges, for cutting plain paper"), required=False)

    USUAL = {
        "format": "a4-3x8",
        "symbol": "qr",
        "says": "url",
        "lines": list(USUAL),
        "start": 1,
        "copies": 1,
        "shift_x": 0,
        "shift_y": 0,
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        format_ = FORMATS.get(cleaned.get("format", ""))
        if format_ and cleaned.get("start", 1) > format_.per_page:
            words = _("This sheet has %(n)s labels.") if format_.is_sheet else _("A roll has no begun sheet: take 1.")
            self.add_error("start", words % {"n": format_.per_page} if format_.is_sheet else words)
        return cleaned

    def layout(self) -> Layout:
        cleaned = self.cleaned_data
        return Layout(
            format=FORMATS[cleaned["format"]],
            skip=cleaned["start"] - 1,
            shift_x=cleaned["shift_x"],
            shift_y=cleaned["shift_y"],
            is_framed=cleaned["is_framed"],
        )


class LabelsPage(View):
    """The assets are named by `pk=1,2,3`, or by `all` and the list's `query`."""

    permission = PERMISSION
    form_class: ClassVar[type[LabelForm]] = LabelForm

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, self.form_class(initial=LabelForm.USUAL))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                return self._file(request, form)
            except Wrong as wrong:
                form.add_error(None, _(wrong.msgid) % wrong.params)
        return self._show(request, form)

    def _file(self, request: HttpRequest, form: LabelForm) -> HttpResponse:
        cleaned, contract = form.cleaned_data, request.contract
        address_of = (lambda asset: address(request, asset)) if cleaned["says"] == "url" else None
        content = Content(cleaned["lines"], cleaned["symbol"], address_of)
        assets = picked(request).order_by("code")[: MOST // cleaned["copies"]]
        labels = [content.label(asset) for asset in assets for _copy in range(cleaned["copies"])]
        made = print_labels(Caller.of(request), contract, labels=labels, layout=form.layout())
        response = HttpResponse(made, content_type="application/pdf")
        name = f"labels-{contract.code}-{timezone.localdate()}.pdf"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _show(self, request: HttpRequest, form: LabelForm) -> HttpResponse:
        found = picked(request)
        context = {
            "form": form,
            "count": found.count(),
            "most": MOST,
            "codes": list(found.order_by("code").values_list("code", flat=True)[:12]),
            "back": reverse("assets:asset_list", kwargs={"contract": request.contract.code}),
        }
        return render(request, "assets/labels.html", context)


def picked(request: HttpRequest) -> QuerySet[Asset]:
    """The assets of the address; those of the contract only, and none for a filter with a wrong value."""
    records = ASSETS.records(request.contract).select_related("contract", *ASSETS.related)
    if request.GET.get("all"):
        listing = AssetList()
        listing.ledger = ASSETS  # type: ignore[misc]
        listing.setup(request)
        filters = listing.filterset_class(QueryDict(request.GET.get("query", "")), queryset=records, request=request)
        return filters.qs if filters.is_valid() else records.none()
    keys = [int(key) for key in request.GET.get("pk", "").split(",") if key.isdecimal() and len(key) < 18]
    return records.filter(pk__in=keys)


def address(request: HttpRequest, asset: Asset) -> str:
    """The address that a scanned label opens."""
    path = reverse("assets:asset_by_code", kwargs={"contract": asset.contract.code, "code": asset.code})
    return request.build_absolute_uri(path)
