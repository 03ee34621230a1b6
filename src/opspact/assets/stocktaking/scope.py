"""Which assets a stocktaking is about: any combination of sites, rooms, categories and departments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from opspact.assets.ledgers import common
from opspact.assets.ledgers.asset import ASSETS, categories
from opspact.assets.models import Asset, Category, Lifecycle
from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers.kinds import LANGUAGES, Kind

Scope = dict[str, list[Any]]
"""By part of PARTS, keys of records or names of departments; a part left out doesn't narrow."""

PARTS = {
    "site": gettext_lazy("Site"),
    "room": gettext_lazy("Machine room"),
    "category": gettext_lazy("Category"),
    "department": gettext_lazy("Department"),
}
EVERYTHING = gettext_lazy("All assets")


def assets_of(contract: Any, scope: Mapping[str, Sequence[Any]]) -> QuerySet[Asset]:
    """The assets to be counted: all that are not scrapped, within every part that the scope names."""
    found = ASSETS.records(contract).exclude(lifecycle=Lifecycle.SCRAPPED)
    for name in ("site", "room"):
        if scope.get(name):
            found = found.filter(**{f"{name}__in": scope[name]})
    if scope.get("category"):
        found = found.filter(category__in=_with_children(contract, scope["category"]))
    if scope.get("department"):
        found = found.filter(department__in=scope["department"])
    return found


def _with_children(contract: Any, wanted: Sequence[int]) -> set[int]:
    """The categories and what belongs to them, however deep."""
    pairs = list(Category.objects.filter(contract=contract).values_list("pk", "parent_id"))
    found = set(wanted)
    while more := {pk for pk, parent in pairs if parent in found} - found:
        found |= more
    return found


@dataclass(frozen=True)
class ScopeKind(Kind):
    """The scope as a field of the ledger of stocktakings: words in Excel and in the history, boxes in the form."""

    width: int = field(default=40, init=False)
    contract: Any = field(default=None, hash=False, compare=False)
    options: Mapping[str, Mapping[Any, str]] = field(default_factory=dict, hash=False, compare=False)

    def bound(self, contract: Any) -> ScopeKind:
        named = {"site": common.sites(contract), "room": common.rooms(contract), "category": categories(contract)}
        options: dict[str, dict[Any, str]] = {
            part: {each.pk: f"{each.code} {each.name}" for each in records} for part, records in named.items()
        }
        departments = ASSETS.records(contract).exclude(department="").order_by("department")
        options["department"] = {each: each for each in departments.values_list("department", flat=True).distinct()}
        return replace(self, contract=contract, options=options)

    def text(self, value: Any) -> str:
        parts = [
            f"{PARTS[part]}：{'、'.join(self._names(part, value[part]))}" for part in PARTS if (value or {}).get(part)
        ]
        return "；".join(parts) or str(EVERYTHING)

    def parse(self, text: str) -> Scope:
        if text.lower() in _spellings(EVERYTHING):
            return {}
        found: Scope = {}
        for clause in re.split(r"[;；]", text):
            label, _colon, names = clause.replace("：", ":").partition(":")
            part = next((part for part, word in PARTS.items() if label.strip().lower() in _spellings(word)), None)
            if part is None:
                example = "机房：一号机房、二号机房；类别：服务器"
                raise Wrong(
                    N_("“%(found)s” is no scope; write it like %(example)s"), found=shown(clause), example=example
                )
            found[part] = [self._key(part, name.strip()) for name in re.split(r"[、,，]", names) if name.strip()]
        return found

    def form_field(self, **common: Any) -> forms.Field:
        return ScopeField(self, **common)

    def _names(self, part: str, keys: Sequence[Any]) -> list[str]:
        return [self.options.get(part, {}).get(key, str(key)) for key in keys]

    def _key(self, part: str, name: str) -> Any:
        for key, spelling in self.options[part].items():
            if name.lower() in (spelling.lower(), *spelling.lower().split(" ", 1)):
                return key
        raise Wrong(N_("there is no “%(found)s” here"), found=shown(name))


class ScopeField(forms.Field):
    """Boxes to tick, with how many assets that makes."""

    def __init__(self, kind: ScopeKind, **common: Any) -> None:
        super().__init__(widget=ScopeWidget(kind), **common)
        self.kind = kind

    def clean(self, value: Any) -> Scope:
        return cleaned(self.kind, value or {})


class ScopeWidget(forms.Widget):
    def __init__(self, kind: ScopeKind) -> None:
        super().__init__()
        self.kind = kind

    def id_for_label(self, id_: str | None) -> str:
        return ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, list[str]]:
        return from_query(data, name)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        picked = {part: {str(key) for key in keys} for part, keys in (value or {}).items()}
        groups = [
            (f"{name}_{part}", label, [(key, text, str(key) in picked.get(part, ())) for key, text in options.items()])
            for part, label in PARTS.items()
            if (options := self.kind.options.get(part))
        ]
        url = reverse("assets:stocktaking_preview", kwargs={"contract": self.kind.contract.code})
        return render_to_string("assets/stocktaking/scope.html", {"groups": groups, "preview": url})


def from_query(data: Any, name: str = "scope") -> dict[str, list[str]]:
    """The ticked boxes of a form or an address."""
    return {part: data.getlist(f"{name}_{part}") for part in PARTS if data.getlist(f"{name}_{part}")}


def cleaned(kind: ScopeKind, said: Mapping[str, Sequence[Any]]) -> Scope:
    """Only what is there; keys as numbers. Raises ValidationError for what is not."""
    found: Scope = {}
    for part, texts in said.items():
        by_text = {str(key): key for key in kind.options[part]}
        if unknown := [text for text in map(str, texts) if text not in by_text]:
            raise forms.ValidationError(_("there is no “%(found)s” here") % {"found": unknown[0]})
        found[part] = [by_text[str(text)] for text in texts]
    return found


def _spellings(word: Any) -> set[str]:
    found = set()
    for language in LANGUAGES:
        with override(language):
            found.add(str(word).lower())
    return found
