"""Defining the fields of a category. What assets say in a field is never lost without somebody confirming it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import JSONField, Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets import category_fields
from opspact.assets.ledgers import common
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category, CategoryField
from opspact.identity.roles import Role
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.ledger import bare, headers_of
from opspact.kit.ledgers.writing import assign, write
from opspact.kit.permissions import declare

PERMISSION = "assets.category.fields"
declare(PERMISSION, gettext_lazy("Define the fields of categories"), common.EDITORS - {Role.ENGINEER})
CHOICE = CategoryField.Kind.CHOICE
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@action(PERMISSION)
def add_field(
    caller: Caller,
    category: Category,
    *,
    label: str,
    kind: str,
    options: Sequence[str] = (),
    is_required: bool = False,
) -> CategoryField:
    """A new field, the last of its category. One called and typed as in another category is the same column.

    Raises ValidationError.
    """
    label, options = _checked(category, label, kind, options)
    last = category.own_fields.aggregate(last=Max("position"))["last"]
    made = CategoryField.objects.create(
        category=category,
        name=_name_for(category, label),
        label=label,
        kind=kind,
        options=list(options),
        is_required=is_required,
        position=0 if last is None else last + 1,
    )
    caller.note(category=category.code, label=label, kind=kind, options=list(options))
    return made


@action(PERMISSION)
def change_field(
    caller: Caller,
    category: Category,
    *,
    field: CategoryField,
    label: str,
    kind: str,
    options: Sequence[str] = (),
    is_required: bool = False,
) -> None:
    """Its label, for every category that shares the column, its choices, whether it must be filled; its kind only
    while no asset says anything in it. Raises ValidationError."""
    label, options = _checked(category, label, kind, options, besides=field.name)
    shared = CategoryField.objects.filter(category__contract=category.contract, name=field.name)
    if kind != field.kind and (shared.count() > 1 or values_in(category.contract, field.name).exists()):
        raise ValidationError({"kind": _("The kind can't change any more: assets say something in this field.")})
    if gone := [option for option in field.options if option not in options]:
        used = holders(field).filter(**{f"extra__{field.name}__in": gone}).count()
        if used:
            message = _("%(n)s assets still have one of %(options)s; change them first.")
            raise ValidationError({"options": message % {"n": used, "options": "、".join(gone)}})
    caller.note(category=category.code, label=label, was=field.label, options=list(options))
    shared.update(label=label)
    CategoryField.objects.filter(pk=field.pk).update(kind=kind, options=list(options), is_required=is_required)


@action(PERMISSION)
def move_field(caller: Caller, category: Category, *, field: CategoryField, up: bool) -> None:
    """One place up or down."""
    fields = list(category.own_fields.order_by("position", "name"))
    at = fields.index(field)
    other = at - 1 if up else at + 1
    if 0 <= other < len(fields):
        fields[at], fields[other] = fields[other], fields[at]
    for position, each in enumerate(fields):
        each.position = position
    CategoryField.objects.bulk_update(fields, ["position"])
    caller.note(category=category.code, label=field.label)


@action(PERMISSION)
def remove_field(caller: Caller, category: Category, *, field: CategoryField) -> int:
    """Take the field off, and what assets say in it: that stays in their history. How many said something."""
    contract = category.contract
    declared = [each for each in ASSETS.bound_fields(contract) if each.name == f"extra.{field.name}"]
    said = list(holders(field).select_for_update(of=("self",)).select_related(*ASSETS.related))
    field.delete()
    pending = [assign(declared, asset, {f"extra.{field.name}": None}) for asset in said]
    write(caller, ASSETS, contract, pending, _("Field “%(label)s” was removed") % {"label": field.label})
    caller.note(category=category.code, label=field.label, assets=len(said))
    return len(said)


def values_in(contract: Any, name: str) -> QuerySet[Asset]:
    """The assets that say something in the column, deleted ones included."""
    return Asset.objects.filter(contract=contract, extra__has_key=name)


def holders(field: CategoryField) -> QuerySet[Asset]:
    """The assets of the field's category and of those below it, deleted ones included, that say something in it."""
    contract = field.category.contract
    having = [key for key, fields in category_fields.by_category(contract).items() if fields.get(field.name) == field]
    return values_in(contract, field.name).filter(category__in=having)


def _checked(
    category: Category, label: str, kind: str, options: Sequence[str], besides: str = ""
) -> tuple[str, list[str]]:
    label = " ".join(label.split())
    options = list(dict.fromkeys(" ".join(option.split()) for option in options if option.strip()))
    if not bare(label):
        raise ValidationError({"label": _("A field needs a label.")})
    if bare(label) in headers_of(ASSETS.fields):
        raise ValidationError({"label": _("Every asset has “%(label)s” already.") % {"label": label}})
    if kind == CHOICE and not options:
        raise ValidationError({"options": _("Write at least one choice.")})
    for row in CategoryField.objects.filter(category__contract=category.contract).select_related("category"):
        if bare(row.label) != bare(label) or row.name == besides:
            continue
        if row.category_id == category.pk:
            raise ValidationError({"label": _("This category has “%(label)s” already.") % {"label": label}})
        if row.kind != kind:
            message = _("In %(category)s “%(label)s” is of the kind “%(kind)s”: take the same, or another label.")
            found = {"category": row.category.name, "label": label, "kind": category_fields.WORDS[row.kind]}
            raise ValidationError({"kind": message % found})
        if besides:
            raise ValidationError({"label": _("Another field is called “%(label)s”.") % {"label": label}})
    return label, options if kind == CHOICE else []


def _name_for(category: Category, label: str) -> str:
    """The key in JSON: the same for the same label, readable where the label is English, never a word of Django's."""
    taken = {}
    for row in CategoryField.objects.filter(category__contract=category.contract):
        taken[row.name] = row.label
        if bare(row.label) == bare(label):
            return row.name
    name = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:30]
    if not label.isascii() or not _NAME.fullmatch(name) or name in taken or name in JSONField.get_lookups():
        name = next(f"f{n}" for n in range(1, len(taken) + 2) if f"f{n}" not in taken)
    return name
