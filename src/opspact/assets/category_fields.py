"""The typed fields that categories define as data; a category has those of the categories it belongs to as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets.models import Asset, Category, CategoryField
from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers import Amount, Choice, Day, Field, Text, Whole, YesNo
from opspact.kit.ledgers.kinds import Kind

OWN = gettext_lazy("Fields of the category")


@dataclass(frozen=True)
class Number(Amount):
    """A number that is no money."""

    places: int = 4
    column: str = field(default="number", init=False)


KINDS: dict[str, Kind] = {
    CategoryField.Kind.TEXT: Text(),
    CategoryField.Kind.WHOLE: Whole(),
    CategoryField.Kind.AMOUNT: Number(),
    CategoryField.Kind.DAY: Day(),
    CategoryField.Kind.YES_NO: YesNo(),
}


WORDS = dict(CategoryField.Kind.choices) | {CategoryField.Kind.TEXT: gettext_lazy("Free text")}


def rows(contract: Any) -> list[CategoryField]:
    """All fields of the contract's categories in their order."""
    found = CategoryField.objects.filter(category__contract=contract, category__deleted_at=None)
    return list(found.select_related("category").order_by("category__code", "position", "name"))


def used_by(having: Sequence[str], needing: Sequence[str]) -> str:
    """Which categories have a field, and which can't be without it."""
    said = [_("For: %(categories)s") % {"categories": "、".join(having)}]
    if needing:
        said.append(_("Must be filled for: %(categories)s") % {"categories": "、".join(needing)})
    return "　".join(said)


def own_fields(contract: Any) -> tuple[Field, ...]:
    """The fields as the ledger's; a name used in several categories is one column, its choices all of theirs."""
    found: dict[str, Field] = {}
    having: dict[str, list[str]] = defaultdict(list)
    needing: dict[str, list[str]] = defaultdict(list)
    for row in rows(contract):
        having[row.name].append(row.category.name)
        needing[row.name] += [row.category.name] if row.is_required else []
        kind = Choice(tuple((option, option) for option in row.options)) if row.kind == "choice" else KINDS[row.kind]
        if (known := found.get(row.name)) is None:
            made = Field(f"extra.{row.name}", row.label, kind, default=False, filter=True, sort=False, group=OWN)
            found[row.name] = made
        elif isinstance(kind, Choice) and isinstance(known.kind, Choice):
            both = Choice(tuple(dict.fromkeys((*known.kind.pairs, *kind.pairs))))
            found[row.name] = replace(known, kind=both)
    told = lazy(used_by, str)
    return tuple(replace(each, help=told(having[name], needing[name])) for name, each in found.items())


def by_category(contract: Any) -> dict[int, dict[str, CategoryField]]:
    """By category's key, the fields its assets have, by name: its own and those of the categories above it."""
    above = dict(Category.objects.filter(contract=contract, deleted_at=None).values_list("pk", "parent_id"))
    own: dict[int, dict[str, CategoryField]] = {}
    for row in rows(contract):
        own.setdefault(row.category_id, {})[row.name] = row
    return {key: _with_those_above(key, above, own) for key in above}


def check(contract: Any, records: Sequence[Asset]) -> dict[int, list[tuple[str, Wrong]]]:
    """Fields that must be filled, that the category does not have, and choices that are not its own."""
    problems: dict[int, list[tuple[str, Wrong]]] = {}
    defined = by_category(contract)
    if not any(defined.values()):
        return problems
    for position, asset in enumerate(records):
        if found := _wrongs(asset, defined.get(asset.category_id, {})):
            problems[position] = found
    return problems


def check_parents(contract: Any, records: Sequence[Category]) -> dict[int, list[tuple[str, Wrong]]]:
    """Categories that would belong to themselves."""
    above = dict(Category.objects.filter(contract=contract).values_list("pk", "parent_id"))
    above |= {category.pk: category.parent_id for category in records if category.pk}
    problems: dict[int, list[tuple[str, Wrong]]] = {}
    for position, category in enumerate(records):
        seen, key = {category.pk}, category.parent_id
        while key is not None and key not in seen:
            seen.add(key)
            key = above.get(key)
        if key is not None and category.pk is not None:
            problems[position] = [("parent", Wrong(N_("a category can't belong to itself")))]
    return problems


def _with_those_above(
    key: int | None, above: dict[int, int | None], own: dict[int, dict[str, CategoryField]]
) -> dict[str, CategoryField]:
    chain: list[int] = []
    while key is not None and key not in chain:
        chain.append(key)
        key = above.get(key)
    return {name: row for each in reversed(chain) for name, row in own.get(each, {}).items()}


def _is_asked(asset: Asset, name: str) -> bool:
    """A field that was required later does not keep old assets from being moved or counted; whoever touches it, or the
    category, fills it."""
    was = getattr(asset, "was", None)
    return asset.pk is None or was is None or not was or "category" in was or f"extra.{name}" in was


def _wrongs(asset: Asset, fields: dict[str, CategoryField]) -> list[tuple[str, Wrong]]:
    found: list[tuple[str, Wrong]] = []
    for name, row in fields.items():
        value = asset.extra.get(name)
        if row.is_required and value in (None, "") and _is_asked(asset, name):
            message = N_("assets of the category %(category)s need this")
            found.append((f"extra.{name}", Wrong(message, category=asset.category.name)))
        elif row.kind == CategoryField.Kind.CHOICE and value and value not in row.options:
            message = N_("“%(found)s” is not one of: %(listed)s")
            found.append((f"extra.{name}", Wrong(message, found=shown(value), listed="、".join(row.options))))
    for name, value in asset.extra.items():
        if name not in fields and value not in (None, "", False):
            message = N_("assets of the category %(category)s have no such field")
            found.append((f"extra.{name}", Wrong(message, category=asset.category.name)))
    return found
