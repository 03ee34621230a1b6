"""A rack drawn front and rear, placing and moving what stands in it, and finding a rack with room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from opspact.assets.ledgers import common
from opspact.assets.models import Asset, Face, Rack
from opspact.assets.racks import moving
from opspact.assets.racks.elevation import Drawn, elevation
from opspact.assets.racks.space import FRONT, REAR, Block, share
from opspact.assets.racks.standing import Filled, filled, places_for
from opspact.assets.views import rack_undo
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.ledgers.pages.record import RecordPage
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.permissions import may

EDIT_ASSET, VIEW_RACK = "assets.asset.edit", "assets.rack.view"
SUGGESTED = 100


@dataclass(frozen=True)
class Row:
    """A line of the list beside the drawing, from the top: an asset, or free units."""

    units: str
    asset: Asset | None = None
    url: str = ""
    place_url: str = ""
    height: int = 0

    @property
    def face(self) -> str:
        return Face(self.asset.face).label if self.asset and self.asset.face != Face.BOTH else ""


class RackPage(RecordPage):
    template_name = "assets/rack.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        may_place = may(request.user, EDIT_ASSET, request.contract.code) and not record.deleted_at
        (rack,) = filled([record])
        return {
            "filled": rack,
            "sentence": sentence(rack),
            "front": drawing(rack, FRONT, may_place),
            "rear": drawing(rack, REAR, may_place),
            "rows": rows(rack, may_place),
            "budgets": budgets(rack),
            "undoable": rack_undo.offered(request) if may_place else None,
        }


def place_url(rack: Rack, **query: Any) -> str:
    url = reverse("assets:rack_place", kwargs={"contract": rack.contract.code, "pk": rack.pk})
    return f"{url}?{urlencode(query)}"


def asset_url(asset: Asset) -> str:
    return reverse("assets:asset", kwargs={"contract": asset.contract.code, "pk": asset.pk})


def drawing(rack: Filled, face: str, may_place: bool) -> SafeString:
    drawn = [
        Drawn(block, asset.name, f"{units_words(block)} {asset} · {asset.get_lifecycle_display()}", asset_url(asset),
              asset.lifecycle)
        for asset, block in rack.blocks
    ]  # fmt: skip
    url = (lambda unit: place_url(rack.rack, u_pos=unit, face=face)) if may_place else None
    return elevation(rack.rack.units, drawn, face, url)


def units_words(block: Block) -> str:
    return f"U{block.first}" if block.height == 1 else f"U{block.first}–{block.last}"


def rows(rack: Filled, may_place: bool) -> list[Row]:
    """Assets and runs of free units from the top down."""
    found = [
        (block.last, Row(units_words(block), asset, asset_url(asset), place_url(rack.rack, asset=asset.code)))
        for asset, block in rack.blocks
    ]
    for run in rack.space.runs:
        words = units_words(Block(run.first, run.height, Face.BOTH))
        url = place_url(rack.rack, u_pos=run.first) if may_place else ""
        found.append((run.last, Row(words, place_url=url, height=run.height)))
    return [row for _top, row in sorted(found, key=lambda pair: -pair[0])]


def sentence(rack: Filled) -> str:
    space = rack.space
    words = _("%(free)s of %(units)s U are free, %(largest)s of them in a row at most.")
    text = words % {"free": space.free, "units": space.units, "largest": space.largest}
    if space.power_left is not None and space.power_left < 0:
        text += " " + _("The power budget is exceeded by %(watts)s W.") % {"watts": -space.power_left}
    if space.ports_left is not None and space.ports_left < 0:
        text += " " + _("There are %(ports)s ports more than planned.") % {"ports": -space.ports_left}
    return text


def budgets(rack: Filled) -> list[tuple[str, int, int | None, int | None, str]]:
    """Word, used, budget, per cent, unit."""
    space = rack.space
    return [
        (_("Units"), space.used, space.units, share(space.used, space.units), "U"),
        (_("Power"), space.power_used, space.power_budget, share(space.power_used, space.power_budget), "W"),
        (_("Ports"), space.ports_used, space.port_budget, share(space.ports_used, space.port_budget), ""),
    ]


class PlaceForm(forms.Form):
    """Which asset stands where. An asset is known by its code, typed, scanned, or chosen from those without a rack."""

    asset = forms.CharField(
        label=gettext_lazy("Asset code"), max_length=80, widget=forms.TextInput({"list": "unplaced"})
    )
    rack = forms.ModelChoiceField(Rack.objects.none(), label=gettext_lazy("Rack"))
    u_pos = forms.IntegerField(label=gettext_lazy("Lowest U"), min_value=1, max_value=60)
    units = forms.IntegerField(
        label=gettext_lazy("Height (U)"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=gettext_lazy("Empty: as the asset or its model says."),
    )
    face = forms.ChoiceField(label=gettext_lazy("Mounted at"), choices=Face.choices)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, contract: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract
        self.fields["rack"].queryset = common.racks(contract)  # type: ignore[attr-defined]

    def clean_asset(self) -> Asset:
        code = self.cleaned_data["asset"].split()[0]
        found = Asset.objects.select_related("contract", "rack", "model").filter(contract=self.contract, code=code)
        if (asset := found.filter(deleted_at=None).first()) is None:
            raise forms.ValidationError(_("there is no asset “%(found)s” here") % {"found": code})
        return asset


class PlacePage(View):
    """Putting an asset into a rack, or moving it to other units or another rack."""

    permission = EDIT_ASSET

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rack = self._rack(request, pk)
        initial: dict[str, Any] = {"rack": rack, "face": Face.BOTH}
        asset = Asset.objects.filter(contract=request.contract, code=request.GET.get("asset", "")).first()
        if asset is not None:
            initial |= {"asset": asset.code, "u_pos": asset.u_pos, "units": asset.units, "face": asset.face}
        initial |= {name: request.GET[name] for name in ("u_pos", "face") if name in request.GET}
        return self._show(request, rack, PlaceForm(initial=initial, contract=request.contract), asset)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rack = self._rack(request, pk)
        form = PlaceForm(request.POST, contract=request.contract)
        if not form.is_valid():
            return self._show(request, rack, form, None)
        given = dict(form.cleaned_data)
        asset = given.pop("asset")
        was = rack_undo.place_of(asset)
        try:
            rack_undo.offer(request, moving.place(Caller.of(request), asset, **given), was)
        except RecordRefused as refused:
            for problems in refused.problems.values():
                for name, wrong in problems:
                    form.add_error(name if name in form.fields else None, _(wrong.msgid) % wrong.params)
            return self._show(request, rack, form, asset)
        words = _("%(asset)s stands in rack %(rack)s at U%(unit)s.")
        messages.success(request, words % {"asset": asset, "rack": given["rack"].code, "unit": given["u_pos"]})
        return redirect("assets:rack", contract=request.contract.code, pk=given["rack"].pk)

    def _rack(self, request: HttpRequest, pk: int) -> Rack:
        return get_object_or_404(common.racks(request.contract).select_related("contract", "room"), pk=pk)

    def _show(self, request: HttpRequest, rack: Rack, form: PlaceForm, asset: Asset | None) -> HttpResponse:
        back = reverse("assets:rack", kwargs={"contract": request.contract.code, "pk": rack.pk})
        query = {"rack": rack.pk, **{name: request.GET[name] for name in ("u_pos", "face") if name in request.GET}}
        new = f"{reverse('assets:asset_new', kwargs={'contract': request.contract.code})}?{urlencode(query)}"
        context = {"rack": rack, "form": form, "asset": asset, "back": back, "new": new, "unplaced": unplaced(rack)}
        return render(request, "assets/rack_place.html", context)


def unplaced(rack: Rack) -> list[tuple[str, str]]:
    """Codes and names to choose from: what is in no rack, of this room or of none, the newest first."""
    found = Asset.objects.filter(contract=rack.contract, rack=None, deleted_at=None).exclude(lifecycle="scrapped")
    near = found.filter(room=rack.room) | found.filter(room=None)
    return list(near.order_by("-pk").values_list("code", "name")[:SUGGESTED])


@needs(EDIT_ASSET)
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The asset named in the form leaves the rack."""
    rack = get_object_or_404(common.racks(request.contract), pk=pk)
    if request.method == "POST":
        asked = request.POST.get("asset", "")
        key = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
        among = Asset.objects.select_related("contract").filter(contract=request.contract, rack=rack)
        asset = get_object_or_404(among, pk=key)
        was = rack_undo.place_of(asset)
        rack_undo.offer(request, moving.take_out(Caller.of(request), asset), was)
        messages.success(request, _("%(asset)s stands in no rack now.") % {"asset": asset})
    return redirect("assets:rack", contract=request.contract.code, pk=rack.pk)


class FindForm(forms.Form):
    """What something needs to find a place."""

    room = forms.ModelChoiceField(None, label=gettext_lazy("Machine room"), required=False)
    units = forms.IntegerField(label=gettext_lazy("Units in a row"), min_value=1, max_value=60)
    power = forms.IntegerField(label=gettext_lazy("Power (W)"), min_value=0, required=False)

    def __init__(self, *args: Any, contract: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = common.rooms(contract)  # type: ignore[attr-defined]


@needs(VIEW_RACK)
def find(request: HttpRequest) -> HttpResponse:
    """Racks with so many free units in a row and so much power left, those it fits into best first."""
    form = FindForm(request.GET or None, contract=request.contract, initial={"units": 1})
    found = None
    if form.is_valid():
        racks = common.racks(request.contract).select_related("room__site", "contract")
        if form.cleaned_data["room"]:
            racks = racks.filter(room=form.cleaned_data["room"])
        places = places_for(list(racks), form.cleaned_data["units"], form.cleaned_data["power"] or 0)
        found = [
            (each, units_words(Block(run.first, run.height, Face.BOTH)), place_url(each.rack, u_pos=run.first))
            for each, run in places
        ]
    return render(request, "assets/rack_find.html", {"form": form, "found": found})
