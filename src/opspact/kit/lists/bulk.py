"""Doing something to many records: first the question with their number, then the deed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from opspact.kit.actions import Caller
from opspact.kit.lists import counting
from opspact.kit.lists.declared import BulkAction

if TYPE_CHECKING:
    from opspact.kit.lists.page import ListPage


def handle(view: ListPage, request: HttpRequest) -> HttpResponse:
    """The posted `action` on the rows `pk`, or on `all` that match `query`; without `confirmed` it only asks."""
    chosen = _action(view, request.POST.get("action", ""))
    back = f"{request.path}?{request.POST.get('query', '')}"
    records = _picked(view, request)
    how_many = counting.count(records)
    if how_many.n == 0:
        messages.warning(request, _("Nothing was picked, so nothing was done."))
        return _go(request, back)
    if chosen.goes_to is not None:
        return _go(request, chosen.goes_to(request))
    confirmed = bool(request.POST.get("confirmed"))
    form = chosen.form(request.POST if confirmed else None, request=request) if chosen.form else None
    if not confirmed or (form is not None and not form.is_valid()):
        return _ask(request, chosen, how_many, form)
    fields = form.cleaned_data if form is not None else {}
    try:
        said = chosen.run(Caller.of(request), records, **fields)
    except ValidationError as error:
        if form is None:
            messages.error(request, " ".join(error.messages))
            return _go(request, back)
        form.add_error(None, error)
        return _ask(request, chosen, how_many, form)
    messages.success(request, said)
    return _go(request, back)


def _action(view: ListPage, name: str) -> BulkAction:
    for each in view.permitted_bulk_actions():
        if each.name == name:
            return each
    raise PermissionDenied


def _picked(view: ListPage, request: HttpRequest) -> QuerySet[Any]:
    """Always within the list's own records, whatever keys were sent.

    A filter with a wrong value picks nothing: the page leaves such a filter out, but "all" would then be everything.
    """
    base = view.base_queryset(request)
    if request.POST.get("all"):
        filters = view.filters(QueryDict(request.POST.get("query", "")))
        if filters is None:
            return base
        return filters.qs if filters.is_valid() else base.none()
    to_python = base.model._meta.pk.to_python
    try:
        keys = [to_python(key) for key in request.POST.getlist("pk")]
    except ValidationError:
        keys = []
    return base.filter(pk__in=keys)


def _ask(request: HttpRequest, chosen: BulkAction, how_many: counting.Count, form: Form | None) -> HttpResponse:
    ours = {"csrfmiddlewaretoken", "confirmed", *(form.fields if form is not None else ())}
    hidden = [(name, value) for name, values in request.POST.lists() if name not in ours for value in values]
    context = {
        "title": chosen.label,
        "text": str(chosen.confirm) % {"count": how_many.figure},
        "button": chosen.label,
        "action": request.path,
        "hidden": [*hidden, ("confirmed", "1")],
        "danger": chosen.is_dangerous,
        "form": form,
    }
    return render(request, "kit/parts/confirm.html" if request.htmx else "kit/confirm.html", context)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that htmx follows as a page, not into the dialog."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": iri_to_uri(url)})
    return HttpResponseRedirect(url)
