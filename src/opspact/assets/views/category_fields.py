"""A category's own fields: adding, changing, ordering, and removing once that is confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from opspact.assets import category_fields
from opspact.assets.actions import categories as actions
from opspact.assets.models import Category, CategoryField
from opspact.kit.actions import Caller
from opspact.kit.ledgers.writing import RecordRefused


class FieldForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("Field name"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(category_fields.WORDS.items()))
    options = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For “One of a list”: one a line."),
    )
    is_required = forms.BooleanField(label=gettext_lazy("Must be filled"), required=False)

    def clean_options(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]


class FieldsPage(View):
    """All fields of a category and the form for one more."""

    permission = actions.PERMISSION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(request, _category(request, pk), FieldForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        category = _category(request, pk)
        if request.POST.get("do") in ("up", "down"):
            field = get_object_or_404(category.own_fields, name=request.POST.get("name", ""))
            actions.move_field(Caller.of(request), category, field=field, up=request.POST["do"] == "up")
            return redirect(request.path)
        form = FieldForm(request.POST)
        if form.is_valid():
            try:
                made = actions.add_field(Caller.of(request), category, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("“%(label)s” is added.") % {"label": made.label})
                return redirect(request.path)
        return self._show(request, category, form)

    def _show(self, request: HttpRequest, category: Category, form: FieldForm) -> HttpResponse:
        own = list(category.own_fields.order_by("position", "name"))
        having = category_fields.by_category(request.contract).get(category.pk, {})
        context = {
            "category": category,
            "form": form,
            "rows": [(field, category_fields.WORDS[field.kind], actions.holders(field).count()) for field in own],
            "inherited": [field for field in having.values() if field.category_id != category.pk],
        }
        return render(request, "assets/category_fields.html", context)


class FieldPage(View):
    """Changing one field."""

    permission = actions.PERMISSION

    def get(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        category, field = _field(request, pk, name)
        initial = {"label": field.label, "kind": field.kind, "is_required": field.is_required}
        return _show_field(
            request, category, field, FieldForm(initial={**initial, "options": "\n".join(field.options)})
        )

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        category, field = _field(request, pk, name)
        form = FieldForm(request.POST)
        if form.is_valid():
            try:
                actions.change_field(Caller.of(request), category, field=field, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("“%(label)s” is changed.") % {"label": form.cleaned_data["label"]})
                return redirect(fields_url(category))
        return _show_field(request, category, field, form)


class FieldRemovePage(View):
    """Removing one field: first the question with how many assets say something in it."""

    permission = actions.PERMISSION

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        category, field = _field(request, pk, name)
        if not request.POST.get("confirmed"):
            return self._ask(request, field)
        try:
            actions.remove_field(Caller.of(request), category, field=field)
        except RecordRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("“%(label)s” is removed.") % {"label": field.label})
        return redirect(fields_url(category))

    def _ask(self, request: HttpRequest, field: CategoryField) -> HttpResponse:
        said = actions.holders(field).count()
        words = ngettext(
            "%(n)s asset says something in “%(label)s”. It is taken off; only the history keeps it.",
            "%(n)s assets say something in “%(label)s”. It is taken off; only the history keeps it.",
            said,
        )
        context = {
            "title": _("Remove the field"),
            "text": words % {"n": said, "label": field.label} if said else _("No asset says anything in this field."),
            "button": _("Remove the field"),
            "action": request.path,
            "hidden": [("confirmed", "1")],
            "danger": True,
        }
        return render(request, "kit/parts/confirm.html" if request.htmx else "kit/confirm.html", context)


def fields_url(category: Category) -> str:
    return reverse("assets:category_fields", kwargs={"contract": category.contract.code, "pk": category.pk})


def _category(request: HttpRequest, pk: int) -> Category:
    found = Category.objects.select_related("contract")
    return get_object_or_404(found, contract=request.contract, deleted_at=None, pk=pk)


def _field(request: HttpRequest, pk: int, name: str) -> tuple[Category, CategoryField]:
    category = _category(request, pk)
    return category, get_object_or_404(category.own_fields.select_related("category__contract"), name=name)


def _show_field(request: HttpRequest, category: Category, field: CategoryField, form: Any) -> HttpResponse:
    context = {"category": category, "field": field, "form": form, "back": fields_url(category)}
    return render(request, "assets/category_field.html", context)
