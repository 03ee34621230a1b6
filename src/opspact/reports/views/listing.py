"""The list of a contract's reports."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import DateInput
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opspact.kit.lists import Column, Empty, ListPage, Tab
from opspact.reports.models import Report
from opspact.reports.queries import visible_to


def _first_day(report: Report) -> date:
    return timezone.localtime(report.starts_at).date()


def _day_input() -> DateInput:
    return DateInput(attrs={"type": "date"})


class ReportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Report.State.choices, label=gettext_lazy("State"))
    since = django_filters.DateFilter("starts_at", "date__gte", label=gettext_lazy("From"), widget=_day_input())
    until = django_filters.DateFilter("starts_at", "date__lte", label=gettext_lazy("Until"), widget=_day_input())

    class Meta:
        model = Report
        fields = ("state",)


class Reports(ListPage):
    name = "reports.reports"
    permission = "reports.report.view"
    title = gettext_lazy("Periodic reports")
    columns = (
        Column("number", gettext_lazy("Number"), kind="link", sort="number", phone=True),
        Column("version", gettext_lazy("Version"), kind="number", sort="version", width="s"),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", sort="kind"),
        Column("starts_at", gettext_lazy("From"), value=_first_day, kind="date", sort="starts_at", phone=True),
        Column("last", gettext_lazy("Last day"), value=lambda row: row.facts["last"]),
        Column("state", gettext_lazy("State"), value="get_state_display", sort="state", phone=True),
        Column("submitted_at", gettext_lazy("Submitted at"), kind="datetime", sort="submitted_at"),
        Column(
            "decided_at", gettext_lazy("Accepted or returned at"), kind="datetime", sort="decided_at", default=False
        ),
    )
    filterset_class = ReportFilter
    default_sort = "-starts_at"
    tabs = (
        Tab(gettext_lazy("Waiting for acceptance"), "state=submitted"),
        Tab(gettext_lazy("Drafts"), "state=draft"),
    )
    empty = Empty(
        gettext_lazy("Every Monday at 08:00 the report of the week before is drafted here."),
        button=gettext_lazy("Draft a report"),
        url_name="reports:draft",
        permission="reports.report.draft",
        icon="report",
    )
    template_name = "reports/reports.html"

    def base_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return visible_to(request.user, request.contract)

    def row_url(self, record: Report) -> str:
        record.contract = self.request.contract
        return record.get_absolute_url()

    def sentence(self, request: HttpRequest) -> str:
        rows: Any = self.base_queryset(request)
        waiting = rows.filter(state=Report.State.SUBMITTED).count()
        if not waiting:
            return _("No report waits for acceptance.")
        words = ngettext("%(n)d report waits for acceptance.", "%(n)d reports wait for acceptance.", waiting)
        return words % {"n": waiting}
