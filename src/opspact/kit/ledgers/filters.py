"""The filters of a ledger's list: the search, and one for each field that is declared to have one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import DateField, DecimalField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from opspact.core.inputs import Wrong
from opspact.kit.ledgers.field import EXTRA, Field
from opspact.kit.ledgers.kinds import Address, Amount, Choice, Day, Hardware, Moment, Network, Whole, YesNo
from opspact.kit.ledgers.ledger import Ledger, ledgers
from opspact.kit.ledgers.reading import text_of
from opspact.kit.ledgers.references import PICKED, BigReference, Reference
from opspact.kit.ledgers.searching import matching
from opspact.kit.models import LedgerBatch, LedgerBatchRow

EXACT = (Address, Network, Hardware)
YES_NO = (("yes", _("yes")), ("no", _("no")))


class LedgerFilter(django_filters.FilterSet):
    """Made for one ledger and one contract; see `filterset_of`."""

    more: ClassVar[frozenset[str]] = frozenset()
    """Filters that stand folded behind the others: those of extra fields, and what a list of one's own adds."""

    q = django_filters.CharFilter(label=_("Search"), method="find", widget=forms.SearchInput())

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if data and data.get("batch"):  # asked for by a link only, so that no other list has to look for batches
            self.filters["batch"] = made = _together(data["batch"], self.request, self.queryset.model)
            made.parent, made.model = self, self.queryset.model

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return matching(queryset, value)


def _together(asked: str, request: Any, model: Any) -> django_filters.ChoiceFilter:
    """The records that an import or a change of many wrote."""
    known = [ledger.name for ledger in ledgers.all() if ledger.model is model]
    batches = LedgerBatch.objects.filter(contract_code=request.contract.code, ledger__in=known).defer("content")
    batch = batches.filter(pk=int(asked[:18]) if asked.isdecimal() else 0).first()

    def narrow(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        written = batch.rows.exclude(status__in=("same", "wrong")) if batch else LedgerBatchRow.objects.none()
        return queryset.filter(pk__in=written.values("record_id"))

    choices = [(asked, str(batch) if batch else asked)]
    return django_filters.ChoiceFilter(label=_("Written by"), choices=choices, method=narrow)


def filterset_of(ledger: Ledger, contract: Any, fields: Sequence[Field] | None = None) -> type[LedgerFilter]:
    """The class of filters for the ledger's list in a contract, extra fields included."""
    made: dict[str, Any] = {}
    more: set[str] = set()
    for each in fields if fields is not None else ledger.all_fields(contract):
        if each.filter:
            found = _filters(each, contract)
            made |= found
            more |= set(found) if each.is_extra else set()
    meta = type("Meta", (), {"model": ledger.model, "fields": []})
    return type(f"{ledger.model.__name__}Filter", (LedgerFilter,), {**made, "more": frozenset(more), "Meta": meta})


def _filters(each: Field, contract: Any) -> dict[str, Any]:
    kind, path = each.kind, each.name.replace(EXTRA, "extra__")
    if each.is_extra and isinstance(kind, Day | Whole | Amount):
        return _in_json(each)
    if isinstance(kind, Day | Moment):
        path += "__date" if isinstance(kind, Moment) else ""
        day = forms.DateInput(attrs={"type": "date"})
        since = django_filters.DateFilter(path, "gte", label=_("%(field)s from") % {"field": each.label}, widget=day)
        until = django_filters.DateFilter(path, "lte", label=_("%(field)s until") % {"field": each.label}, widget=day)
        return {f"{each.key}_since": since, f"{each.key}_until": until}
    if isinstance(kind, Choice):
        return {each.key: django_filters.ChoiceFilter(path, label=each.label, choices=kind.pairs)}
    if isinstance(kind, YesNo):
        return {each.key: django_filters.ChoiceFilter(label=each.label, choices=YES_NO, method=_yes_no(path))}
    if isinstance(kind, Reference):
        narrow = _referring(each, path, contract)
        return {each.key: django_filters.CharFilter(label=each.label, method=narrow, widget=Picked(kind, contract))}
    if isinstance(kind, BigReference):
        return {each.key: django_filters.CharFilter(label=each.label, method=_of_one(kind, path, contract))}
    if isinstance(kind, Whole | Amount):
        return {each.key: django_filters.NumberFilter(path, label=each.label)}
    return {each.key: django_filters.CharFilter(label=each.label, method=_containing(each, path))}


def _in_json(each: Field) -> dict[str, Any]:
    """Days by their range and numbers by their value, 1.50 being 1.5, though JSON keeps both as it was told."""
    text = KeyTextTransform(each.name[len(EXTRA) :], "extra")
    if isinstance(each.kind, Day):
        day = forms.DateInput(attrs={"type": "date"})
        ends = (("since", "gte", _("%(field)s from")), ("until", "lte", _("%(field)s until")))
        return {
            f"{each.key}_{end}": django_filters.DateFilter(
                label=words % {"field": each.label}, widget=day, method=_compared(Cast(text, DateField()), lookup)
            )
            for end, lookup, words in ends
        }
    number = Cast(text, DecimalField(max_digits=30, decimal_places=6))
    return {each.key: django_filters.NumberFilter(label=each.label, method=_compared(number, "exact"))}


def _compared(read: Any, lookup: str) -> Any:
    def narrow(queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.alias(**{f"{name}_read": read}).filter(**{f"{name}_read__{lookup}": value})

    return narrow


class Picked(forms.Select):
    """A drop-down that asks for its records only when it is drawn; of too many for one, a code is typed."""

    def __init__(self, kind: Reference, contract: Any) -> None:
        super().__init__()
        self.kind, self.contract = kind, contract

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        offered = self.kind.offered(self.contract, PICKED + 1)
        if len(offered) > PICKED:
            return forms.TextInput().render(name, value, {**(attrs or {}), "class": "form-control"}, renderer)
        # Written by hand: Django's own widget renders a template for each option.
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == str(value) else "", label) for key, label in offered),
        )
        given = self.build_attrs(self.attrs, attrs)
        return format_html('<select name="{}"{}><option value="">—</option>{}</select>', name, flatatt(given), options)


def _referring(each: Field, path: str, contract: Any) -> Any:
    """By the key that a drop-down sends, or by the record's code or name as people type it."""

    def narrow(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = text_of(value)
        if text.isdecimal() and each.kind.among(contract).filter(pk=int(text[:18])).exists():
            return queryset.filter(**{f"{path}_id": int(text[:18])})
        try:
            return queryset.filter(**{path: each.bound(contract).kind.parse(text)})
        except Wrong:
            return queryset.none()

    return narrow


def _of_one(kind: BigReference, path: str, contract: Any) -> Any:
    """The record is looked up first: joined to the list, it would be found at the end of a scan."""

    def narrow(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = kind.among(contract).filter(**{kind.by: text_of(value)}).values_list("pk", flat=True)[:1]
        return queryset.filter(**{f"{path}_id": found[0]}) if found else queryset.none()

    return narrow


def _yes_no(path: str) -> Any:
    def narrow(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        # What JSON does not have is neither true nor false to the database; to people it is "no".
        is_no = Q(**{path: False}) | Q(**{f"{path}__isnull": True})
        return queryset.filter(Q(**{path: True}) if value == "yes" else is_no)

    return narrow


def _containing(each: Field, path: str) -> Any:
    """Texts by a part of them; what is stored in a form of its own (addresses, prefixes) by its exact value."""

    def narrow(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = each.kind.folded(value)
        if type(each.kind) in EXACT:
            try:
                return queryset.filter(**{path: each.kind.parse(text)})
            except Wrong:
                return queryset.none()
        return queryset.filter(**{f"{path}__icontains": text})

    return narrow
