"""Relations and cables on the pages of others: what an asset needs and is needed by, its cables, a system's footing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opspact.assets.impact.subjects import graph_url, of_asset
from opspact.assets.ledgers import common
from opspact.assets.ledgers.cables import CABLES, Colour, port_a, port_z
from opspact.assets.ledgers.relations import RELATIONS
from opspact.assets.models import Asset, Cable, Relation, RelationKind
from opspact.assets.racks.cabling import Port, trace
from opspact.assets.views.impact import in_short
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists.attaching import attach, give
from opspact.kit.permissions import may

EDIT = "assets.relation.edit"
SHOWN = 30
"""So many suffering things and a box on a page looks no further; the page about impact does."""
BACKWARDS: dict[str, Promise] = {
    RelationKind.RUNS_ON: pgettext_lazy("relation", "carries"),
    RelationKind.DEPENDS_ON: pgettext_lazy("relation", "is needed by"),
    RelationKind.PART_OF: pgettext_lazy("relation", "has as a part"),
    RelationKind.CONNECTS: pgettext_lazy("relation", "is connected from"),
    RelationKind.BACKS_UP: pgettext_lazy("relation", "is backed up by"),
    RelationKind.LOCATED_IN: pgettext_lazy("relation", "has in it"),
}
"""Each kind read from its second end."""
SWATCHES = {
    Colour.BLUE: "#2f6fd0", Colour.GREY: "#8d9499", Colour.YELLOW: "#f2c21b", Colour.RED: "#d2362f",
    Colour.GREEN: "#2f9a4c", Colour.ORANGE: "#ef8220", Colour.AQUA: "#35c0c4", Colour.PURPLE: "#7d4fc0",
    Colour.PINK: "#ef8db5", Colour.WHITE: "#ffffff", Colour.BLACK: "#1c1f21",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A relation as one of its ends reads it."""

    words: str
    other: str
    other_url: str
    group: str
    url: str


class RelateForm(forms.Form):
    """A relation of the asset whose page it stands on, in either direction."""

    way = forms.ChoiceField(label=gettext_lazy("This asset"))
    other = forms.CharField(
        label=gettext_lazy("Code of the other asset or of the system"), max_length=80, widget=forms.TextInput()
    )
    group = forms.CharField(label=gettext_lazy("Redundancy group"), max_length=40, required=False)

    def __init__(self, *args: Any, contract: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract
        onward = [(f"{kind.value}.on", kind.label) for kind in RelationKind]
        backward = [(f"{kind}.back", words) for kind, words in BACKWARDS.items()]
        self.fields["way"].choices = [*onward, *backward]  # type: ignore[attr-defined]

    def clean_other(self) -> Any:
        code = self.cleaned_data["other"].strip()
        found = Asset.objects.filter(contract=self.contract, deleted_at=None, code=code.split()[0]).first()
        found = found or common.systems(self.contract).filter(Q(code__iexact=code) | Q(name=code)).first()
        if found is None:
            raise forms.ValidationError(_("there is no asset or system “%(found)s” here") % {"found": code})
        return found

    def values(self, asset: Asset) -> dict[str, Any]:
        """The relation's fields, `asset` being this end."""
        kind, direction = self.cleaned_data["way"].split(".")
        other, common_values = self.cleaned_data["other"], {"kind": kind, "group": self.cleaned_data["group"]}
        if direction == "on" and isinstance(other, Asset):
            return {**common_values, "asset": asset, "to": other}
        return {**common_values, "asset" if isinstance(other, Asset) else "system": other, "to": asset}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not isinstance(cleaned.get("other"), Asset | None) and cleaned.get("way", "").endswith(".on"):
            self.add_error("way", _("An asset does not need a business system; choose “is needed by” or “carries”."))
        return cleaned


@needs(EDIT)
def relate(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the relation that the box on the asset's page asks for; what is wrong is said on that page. The box asks for
    its form when it is unfolded."""
    found = Asset.objects.select_related("contract")
    asset = get_object_or_404(found, contract=request.contract, deleted_at=None, pk=pk)
    form = RelateForm(request.POST or None, contract=request.contract)
    if request.htmx and not form.is_bound:
        return render(request, "assets/relate.html", {"form": form, "asset": asset})
    if form.is_valid():
        try:
            made = actions.create(Caller.of(request), RELATIONS, request.contract, form.values(asset))
            messages.success(request, _("%(record)s is saved.") % {"record": made})
        except RecordRefused as refused:
            for problems in refused.problems.values():
                for _name, wrong in problems:
                    messages.error(request, _(wrong.msgid) % wrong.params)
    else:
        for errors in form.errors.values():
            for error in errors:
                messages.error(request, error)
    return redirect("assets:asset", contract=request.contract.code, pk=pk)


def relations_panel(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    """What it needs, what needs it, and who suffers if it stops."""
    contract = request.contract
    related = Relation.objects.filter(contract=contract, deleted_at=None).order_by("pk")
    both = give(related.filter(Q(asset=asset) | Q(to=asset))[: SHOWN + 1], "contract", contract)
    onward = [each for each in both if each.asset_id == asset.pk]
    backward = [each for each in both if each.to_id == asset.pk]
    counted = len(backward)
    is_there = asset.deleted_at is None  # what was taken off the ledger has no graph
    if len(both) > SHOWN:
        onward, backward = _some(related.filter(asset=asset), contract), _some(related.filter(to=asset), contract)
        counted = related.filter(to=asset).count()
    attach([*onward, *backward], ("asset", "to"), ("code", "name"))
    attach([*onward, *backward], ("system",))
    return {
        "onward": [_line(each, is_onward=True) for each in onward],
        "backward": [_line(each, is_onward=False) for each in backward],
        "more": max(0, counted - SHOWN),
        "url": graph_url(contract, "asset", asset.pk) if is_there else "",
        **(in_short(contract, of_asset(asset)) if is_there and (counted or asset.system_id) else {}),
        "may_relate": is_there and may(request.user, EDIT, contract.code),
        "asset": asset,
    }


def _some(relations: QuerySet[Relation], contract: Any) -> list[Relation]:
    return give(relations[:SHOWN], "contract", contract)


def _line(relation: Relation, *, is_onward: bool) -> Line:
    other: Any = relation.to if is_onward else relation.asset or relation.system
    words = relation.get_kind_display() if is_onward else BACKWARDS[relation.kind]
    kwargs = {"contract": relation.contract.code, "pk": other.pk}
    is_asset = isinstance(other, Asset)
    url = (
        reverse("assets:asset", kwargs=kwargs)
        if is_asset
        else reverse("assets:impact", kwargs={**kwargs, "kind": "system"})
    )
    return Line(str(words), str(other), url, relation.group, record_url(RELATIONS, relation))


@dataclass(frozen=True)
class CableLine:
    """A cable from this asset's port to the far end, with the ports on the way where it goes through patch panels."""

    port: str
    label: str
    url: str
    colour: str
    swatch: str
    far: str
    far_url: str
    way: list[str]


def cables_panel(request: HttpRequest, asset: Asset) -> dict[str, Any] | None:
    """Each cabled port of the asset and where it ends."""
    mine = _cables(request.contract, [asset.pk], SHOWN * 4)
    if not mine:
        return None
    reader = _Reader(request.contract, {asset.pk: mine})
    lines = [_cable_line(reader, cable, asset) for cable in mine]
    url = reverse("assets:cable_new", kwargs={"contract": request.contract.code})
    return {"lines": sorted(lines, key=lambda line: line.port), "new": f"{url}?a_asset={asset.code}"}


def _cables(contract: Any, assets: list[int], most: int | None = None) -> list[Cable]:
    ends = Q(a_asset__in=assets) | Q(z_asset__in=assets)
    found = list(Cable.objects.filter(ends, contract=contract, deleted_at=None).order_by("a_port", "code")[:most])
    attach(give(found, "contract", contract), ("a_asset", "z_asset"), ("code", "name"))
    return found


class _Reader:
    """The cables of the assets that a trace comes through, each asset read once."""

    def __init__(self, contract: Any, known: dict[int, list[Cable]]) -> None:
        self.contract = contract
        self.cables: dict[int, Cable] = {}
        self.by_asset: dict[int, dict[Port, tuple[int, Port]]] = {}
        for asset, cables in known.items():
            self._keep(asset, cables)

    def at(self, asset: int) -> dict[Port, tuple[int, Port]]:
        if asset not in self.by_asset:
            self._keep(asset, _cables(self.contract, [asset]))
        return self.by_asset[asset]

    def _keep(self, asset: int, cables: list[Cable]) -> None:
        ports: dict[Port, tuple[int, Port]] = {}
        self.by_asset[asset] = ports
        for cable in cables:
            self.cables[cable.pk] = cable
            a, z = port_a(cable), port_z(cable)
            ports |= {near: (cable.pk, far) for near, far in ((a, z), (z, a)) if near.asset == asset}


def _cable_line(reader: _Reader, cable: Cable, asset: Asset) -> CableLine:
    is_a = cable.a_asset_id == asset.pk
    steps = list(trace(port_a(cable) if is_a else port_z(cable), reader.at))
    ends = [_end_of(reader.cables[step.cable], step.port) for step in steps]
    far, port_name = ends[-1]
    return CableLine(
        cable.a_port if is_a else cable.z_port,
        " → ".join(reader.cables[step.cable].code for step in steps),
        record_url(CABLES, cable),
        Colour(cable.colour).label if cable.colour in Colour.values else cable.colour,
        SWATCHES.get(cable.colour, ""),  # type: ignore[call-overload]
        f"{far} {port_name}",
        reverse("assets:asset", kwargs={"contract": cable.contract.code, "pk": far.pk}),
        [f"{end.code} {name}" for end, name in ends[:-1]],
    )


def _end_of(cable: Cable, port: Port) -> tuple[Asset, str]:
    return (cable.a_asset, cable.a_port) if port_a(cable) == port else (cable.z_asset, cable.z_port)


def stands_on(request: HttpRequest, system: Any) -> dict[str, Any] | None:
    """The assets a business system rests on, by its relations or because they name it as theirs."""
    direct = Relation.objects.filter(system=system, deleted_at=None, contract=request.contract).values("to")
    found = Asset.objects.filter(Q(system=system) | Q(pk__in=direct), contract=request.contract, deleted_at=None)
    assets = list(
        found.exclude(lifecycle="scrapped").select_related("category", "contract").order_by("code")[: SHOWN + 1]
    )
    if not assets:
        return None
    url = reverse("assets:impact", kwargs={"contract": request.contract.code, "kind": "system", "pk": system.pk})
    rows = [(each, reverse("assets:asset", kwargs={"contract": each.contract.code, "pk": each.pk})) for each in assets]
    return {"rows": rows[:SHOWN], "has_more": len(rows) > SHOWN, "url": url}
