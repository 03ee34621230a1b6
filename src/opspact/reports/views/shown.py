"""A report in the words of its page; its rows lead to the records that `ref` names."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.forms import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from opspact.kit.shown import formats
from opspact.kit.shown.states import VERDICT_WORDS
from opspact.reports.content import Section, lines
from opspact.reports.forms import SectionsForm
from opspact.reports.models import Report
from opspact.reports.render import svg


@dataclass(frozen=True)
class ShownRow:
    cells: list[tuple[str, str]]
    """Text and alignment."""
    url: str


@dataclass(frozen=True)
class ShownSection:
    section: Section
    lines: list[str]
    rows: list[ShownRow]
    chart: SafeString | str
    field: BoundField | None


def sections_shown(report: Report, form: SectionsForm | None) -> list[ShownSection]:
    """The sections for the page; with a form those that can be edited carry their field."""
    return [
        ShownSection(
            section,
            lines(section["text"]),
            [_row(report, section, row) for row in section["rows"]],
            # The chart is ours throughout and escapes every name.
            mark_safe(svg(section["chart"])) if "chart" in section else "",  # noqa: S308
            form[section["code"]] if form is not None and section["code"] in form.fields else None,
        )
        for section in report.content["sections"]
    ]


def _row(report: Report, section: Section, row: Any) -> ShownRow:
    aligns = [column["align"] for column in section["columns"]]
    return ShownRow(list(zip(row["cells"], aligns, strict=True)), url_of(report, row.get("ref", "")))


def url_of(report: Report, ref: str) -> str:
    """The page of the record behind a row, in the week of the report; "" when there is none."""
    kind, _colon, rest = ref.partition(":")
    code = {"contract": report.contract.code}
    week = f"?from={report.facts['first']}&until={report.facts['last']}"
    try:
        match kind:
            case "system":
                kpi, _colon, system = rest.partition(":")
                return reverse("fulfilment:system", kwargs={**code, "code": kpi, "system": system}) + week
            case "kpi":
                return reverse("fulfilment:indicator", kwargs={**code, "code": rest}) + week
            case "incident":
                return reverse("servicedesk:incident", kwargs={**code, "number": rest})
    except NoReverseMatch:
        return ""
    return ""


def sentence_of(report: Report) -> str:
    """Where the report stands."""
    who = {
        "submitted": formats.exact(report.submitted_at),
        "decided": formats.exact(report.decided_at),
        "by": str(report.decided_by or ""),
        "signed_by": report.signed_by,
        "signed_on": formats.day(report.signed_on),
    }
    if report.is_draft:
        return _("Draft on the data of %(at)s; nobody but the vendor sees it.") % {
            "at": formats.exact(timezone.localtime(report.drafted_at))
        }
    if report.state == Report.State.SUBMITTED:
        return _("Submitted at %(submitted)s and frozen; it waits for the client's acceptance.") % who
    if report.state == Report.State.RETURNED:
        return _("Returned at %(decided)s by %(by)s; the next version takes its place.") % who
    if report.acceptance == Report.Acceptance.SCAN:
        return _("Accepted: signed on paper by %(signed_by)s on %(signed_on)s, filed at %(decided)s.") % who
    return _("Accepted on the page at %(decided)s by %(by)s.") % who


def changes_in_words(changes: list[list[str]]) -> list[tuple[str, str, str]]:
    """(what, before, now) of the last refresh."""
    names = {
        "value": _("Value"),
        "observed": _("Observed"),
        "excluded": _("Excluded"),
        "verdict": _("Verdict"),
        "down_us": _("Downtime"),
        "outages": _("Outages"),
        "opened": pgettext("report", "Opened"),
        "closed": pgettext("report", "Closed"),
        "open": _("Still open"),
    }
    said = []
    for key, before, now in changes:
        thing, _bar, name = key.rpartition("|")
        thing = _("Incidents") if thing == "incidents" else thing
        said.append((f"{thing} · {names[name]}", _figure(name, before), _figure(name, now)))
    return said


def _figure(name: str, value: str) -> str:
    if not value:
        return formats.NOTHING
    if name in ("value", "observed", "excluded"):
        return formats.percent(Fraction(value)) if Fraction(value) <= 1 else value
    if name == "down_us":
        return formats.duration(int(value))
    return str(VERDICT_WORDS.get(value, value))
