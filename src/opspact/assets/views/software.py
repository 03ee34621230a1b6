"""Licences with their seats, cloud resources with their course, accounts of people who leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views import View

from opspact.assets.actions.cloud import next_state, step
from opspact.assets.actions.mailboxes import close
from opspact.assets.ledgers.software import CLOUDS, DATES, INSTALLATIONS, STATES, late_since
from opspact.assets.models import CloudResource, Installation, Licence
from opspact.kit.actions import Caller
from opspact.kit.ledgers.filters import filterset_of
from opspact.kit.ledgers.forms import RecordForm
from opspact.kit.ledgers.pages import LedgerList, RecordPage
from opspact.kit.ledgers.pages.listing import record_url, urls_of
from opspact.kit.ledgers.pages.record import EditPage
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import BulkAction, Column, Tab
from opspact.kit.shown.states import tag

SOON = timedelta(days=60)
AWAITED = (STATES.REQUESTED, STATES.ACCEPTED, STATES.DELIVERED)


def with_seats(licences: QuerySet[Licence]) -> QuerySet[Licence]:
    """Each licence with how many of its seats are installed, and how many are left."""
    installed = Installation.objects.filter(licence=OuterRef("pk"), deleted_at=None).order_by()
    counted = installed.values("licence").annotate(n=Count("pk")).values("n")
    used = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    return licences.annotate(seats_used=used).annotate(seats_free=F("seats") - F("seats_used"))


class LicenceList(LedgerList):
    tabs = (Tab(gettext_lazy("Too few seats"), "use=over"), Tab(gettext_lazy("Ends within 60 days"), "use=ending"))

    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_seats(super().base_queryset(request))

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        free = Column("seats_free", _("Free"), value=_free, kind="html", export=lambda licence: licence.seats_free)
        return tuple(free if column.name == "seats_free" else column for column in super().columns)

    @cached_property
    def filterset_class(self) -> Any:  # type: ignore[override]
        choices = (("over", _("too few seats")), ("ending", _("ends within 60 days")), ("ended", _("ended")))

        class LicenceFilter(filterset_of(self.ledger, self.request.contract)):  # type: ignore[misc]
            use = django_filters.ChoiceFilter(label=_("Use"), choices=choices, method="that_are")

            def that_are(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
                return queryset.filter(_licences_that(value, localdate()))

        return LicenceFilter

    def sentence(self, request: HttpRequest) -> str:
        licences = self.base_queryset(request)
        over, soon = (licences.filter(_licences_that(word, localdate())).count() for word in ("over", "ending"))
        words = _("%(over)s licences have fewer seats than installations, %(soon)s end within 60 days.")
        return words % {"over": over, "soon": soon} if over or soon else ""


def _licences_that(word: str, today: date) -> Q:
    return {
        "over": Q(seats_free__lt=0),
        "ending": Q(ends_on__gte=today, ends_on__lte=today + SOON),
        "ended": Q(ends_on__lt=today),
    }[word]


def _free(licence: Any) -> SafeString | None:
    if licence.seats_free is None:
        return None
    free = licence.seats_free
    return tag(_("%(n)s too few") % {"n": -free}, "bad") if free < 0 else format_html("{}", free)


class LicencePage(RecordPage):
    template_name = "assets/licence.html"

    def record(self, request: HttpRequest, pk: int) -> Any:
        found = with_seats(Licence.objects.select_related("contract", "created_by"))
        return get_object_or_404(found, contract=request.contract, pk=pk)

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        installed = INSTALLATIONS.records(request.contract).select_related("contract").filter(licence=record)
        return {"installed": [(each, record_url(INSTALLATIONS, each)) for each in installed[:200]]}


class CloudList(LedgerList):
    tabs = (Tab(gettext_lazy("On the way"), "course=open"),)

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        label = pgettext_lazy("day", "Overdue")
        late = Column("late", label, value=_late, kind="html", export=lambda resource: resource.late)
        return tuple(late if column.name == "late" else column for column in super().columns)

    @cached_property
    def filterset_class(self) -> Any:  # type: ignore[override]
        choices = (("open", _("on the way")), ("use", _("in use or released")))

        class CloudFilter(filterset_of(self.ledger, self.request.contract)):  # type: ignore[misc]
            course = django_filters.ChoiceFilter(label=_("Course"), choices=choices, method="that_are")

            def that_are(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
                return queryset.filter(state__in=AWAITED) if value == "open" else queryset.exclude(state__in=AWAITED)

        return CloudFilter

    def prepare(self, request: HttpRequest, records: list[Any]) -> None:
        super().prepare(request, records)
        for record in records:
            record.late = late_since(record, localdate())

    def sentence(self, request: HttpRequest) -> str:
        waiting = list(self.base_queryset(request).filter(state__in=AWAITED))
        late = sum(late_since(each, localdate()) is not None for each in waiting)
        words = _("%(waiting)s requests are on the way, %(late)s of them overdue.")
        return words % {"waiting": len(waiting), "late": late} if waiting else ""


def _late(resource: Any) -> SafeString | None:
    if resource.late is None:
        return None
    return tag(ngettext("%(n)s day", "%(n)s days", resource.late) % {"n": resource.late}, "bad")


class CloudPage(RecordPage):
    template_name = "assets/cloud.html"

    def record(self, request: HttpRequest, pk: int) -> Any:
        record = super().record(request, pk)
        record.late = late_since(record, localdate())
        return record

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        order = list(DATES)
        reached, following = order.index(STATES(record.state)), next_state(record)
        course = [
            {
                "label": state.label,
                "on": getattr(record, name),
                "css": "is-done" if place <= reached else "is-next" if place == reached + 1 else "",
            }
            for place, (state, name) in enumerate(DATES.items())
        ]
        return {"course": course, "following": following.label if following else ""}


class StepForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Happened on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=120, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


class StepPage(View):
    """The next step of a cloud resource, with its day."""

    permission = "assets.cloudresource.step"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        resource = self._resource(request, pk)
        return self._show(request, resource, StepForm(initial={"on": localdate(), "address": resource.address}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        resource = self._resource(request, pk)
        form = StepForm(request.POST)
        if form.is_valid():
            try:
                step(Caller.of(request), resource, to=request.POST.get("to", ""), **form.cleaned_data)
            except RecordRefused as refused:
                blame(form, refused)
            else:
                return redirect(record_url(CLOUDS, resource))
        return self._show(request, resource, form)

    def _resource(self, request: HttpRequest, pk: int) -> CloudResource:
        found = CloudResource.objects.select_related("contract")
        return get_object_or_404(found, contract=request.contract, pk=pk, deleted_at=None)

    def _show(self, request: HttpRequest, resource: CloudResource, form: forms.Form) -> HttpResponse:
        to = next_state(resource)
        context = {
            "form": form,
            "to": to,
            "record": resource,
            "back": record_url(CLOUDS, resource),
            "urls": urls_of(CLOUDS, request.contract),
            "ledger": CLOUDS,
        }
        return render(request, "assets/cloud_step.html", context)


def blame(form: forms.Form, refused: RecordRefused) -> None:
    """Show what an action said, at its fields."""
    for problems in refused.problems.values():
        for name, wrong in problems:
            form.add_error(name if name in form.fields else None, _(wrong.msgid) % wrong.params)


class CloseForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Closed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = localdate()

    def clean_on(self) -> date:
        if (day := self.cleaned_data["on"]) > localdate():
            raise forms.ValidationError(_("%(day)s has not come yet") % {"day": day})
        return day


class MailboxList(LedgerList):
    template_name = "assets/mailboxes.html"
    tabs = (Tab(gettext_lazy("In use"), "open=yes"),)

    @cached_property
    def filterset_class(self) -> Any:  # type: ignore[override]
        choices = (("yes", _("yes")), ("no", _("no")))

        class MailboxFilter(filterset_of(self.ledger, self.request.contract)):  # type: ignore[misc]
            open = django_filters.ChoiceFilter(label=_("In use"), choices=choices, method="that_are")

            def that_are(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
                return queryset.filter(closed_on__isnull=value == "yes")

        return MailboxFilter

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        closing = BulkAction(
            "close",
            gettext_lazy("Close"),
            self.ledger.permission("edit"),
            gettext_lazy("Close %(count)s accounts?"),
            self._close,
            is_dangerous=True,
            form=CloseForm,
        )
        return closing, *super().bulk_actions

    def _close(self, caller: Caller, picked: QuerySet[Any], *, on: date, reason: str) -> str:
        done = close(caller, self.request.contract, list(picked), on=on, reason=reason)
        return ngettext("%(n)s account was closed.", "%(n)s accounts were closed.", done) % {"n": done}

    def sentence(self, request: HttpRequest) -> str:
        open_ones = self.base_queryset(request).filter(closed_on=None)
        if holder := request.GET.get("holder", "").strip():
            count = open_ones.filter(holder__icontains=holder).count()
            words = ngettext("%(holder)s holds %(n)s open account.", "%(holder)s holds %(n)s open accounts.", count)
            return words % {"holder": holder, "n": count}
        count = open_ones.count()
        return ngettext("%(n)s account is open.", "%(n)s accounts are open.", count) % {"n": count}


class MailboxEdit(EditPage):
    """A new account is issued today unless said otherwise."""

    def _form(self, request: HttpRequest, data: Any, record: Any) -> RecordForm:
        form = super()._form(request, data, record)
        if record is None:
            form.initial.setdefault("issued_on", localdate())
        return form
