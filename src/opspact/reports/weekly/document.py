"""From facts and people's texts to the content of the documents, in the language of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from opspact.core.instants import DAY, from_us
from opspact.core.states import State
from opspact.kit.shown import formats
from opspact.kit.shown.states import STATE_WORDS, VERDICT_WORDS
from opspact.reports.content import FORMAT, Chart, Column, Content, Row, Section, cleaned

CHINESE_NUMERALS = "一二三四五六七八九十"
TEXT_SECTIONS = ("overview", "availability", "outages", "incidents", "inspections", "requests", "changes", "next")
UNSERVED = ("inspections", "requests", "changes")


@dataclass(frozen=True)
class Heading:
    """What the head of a report says. `language` is Django's code."""

    language: str
    contract: str
    client: str
    vendor: str
    number: str
    version: int
    dated: date
    simulated: bool


def content_of(heading: Heading, facts: Mapping[str, Any], edited: Mapping[str, str]) -> Content:
    """The whole report. A section's text is what people wrote, else what the facts say."""
    with translation.override(heading.language):
        made: Content = {
            "format": FORMAT,
            "language": heading.language,
            "number": f"{heading.number} v{heading.version}",
            "dated": heading.dated.isoformat(),
            "head": {
                "title": _("Weekly O&M report"),
                "contract": heading.contract,
                "facts": [
                    (_("Contract"), heading.contract),
                    (_("Client"), heading.client),
                    (_("Vendor"), heading.vendor),
                    (_("Period"), f"{facts['first']} – {facts['last']}"),
                    (_("Number"), f"{heading.number} v{heading.version}"),
                    (_("Data as of"), formats.exact(from_us(facts["computed_at"]))),
                ],
            },
            "mark": _("Demo data") if heading.simulated else "",
            "sections": _numbered(_sections(facts, edited), heading.language),
            "signatures": [
                _("Prepared by: ____________"),
                _("Date: ____________"),
                _("Accepted by (client): ____________"),
                _("Date: ____________"),
            ],
            "words": {
                "page": _("Page {page} of {pages}"),
                "hash": _("SHA-256 of the content"),
                "draft": pgettext("mark", "DRAFT"),
            },
        }
        return cleaned(made)


def _numbered(sections: list[Section], language: str) -> list[Section]:
    for position, section in enumerate(sections):
        number = f"{position + 1}. " if language == "en" else f"{CHINESE_NUMERALS[position]}、"
        section["title"] = number + section["title"]
    return sections


def _sections(facts: Mapping[str, Any], edited: Mapping[str, str]) -> list[Section]:
    return [
        _text(
            "overview", pgettext("report", "Overview"), edited.get("overview", overview(facts)), _("To be filled in.")
        ),
        _availability(facts, edited.get("availability", "")),
        _indicators(facts),
        _outages(facts, edited.get("outages", "")),
        _incidents(facts, edited.get("incidents", "")),
        *(
            _text(code, title, edited.get(code, ""), _("No room of the platform serves this yet."))
            for code, title in zip(UNSERVED, (_("Inspections"), _("Service requests"), _("Changes")), strict=True)
        ),
        _text("next", _("Plan for next week"), edited.get("next", ""), _("To be filled in.")),
    ]


def overview(facts: Mapping[str, Any]) -> str:
    """The week in one paragraph, as the system drafts it."""
    incidents = facts["incidents"]
    return _(
        "%(seen)d of %(systems)d business systems were observed, with a mean availability of %(mean)s. "
        "%(outages)d outages counted for %(down)s together. "
        "%(opened)d incidents were opened, %(closed)d closed, %(open)d are still open."
    ) % {
        "seen": sum(system["value"] is not None for system in facts["systems"]),
        "systems": len(facts["systems"]),
        "mean": _percent(facts["mean"]),
        "outages": len(facts["outages"]),
        "down": formats.duration(sum(outage["down_us"] for outage in facts["outages"])),
        "opened": incidents["opened"],
        "closed": incidents["closed"],
        "open": incidents["open"],
    }


def _text(code: str, title: str, text: str, empty: str) -> Section:
    return {"code": code, "title": title, "text": text, "columns": [], "rows": [], "empty": "" if text else empty}


def _availability(facts: Mapping[str, Any], text: str) -> Section:
    columns = [
        _column(_("Business system")),
        _column(_("Availability"), "right"),
        _column(_("Observed"), "right"),
        _column(_("Excluded"), "right"),
        _column(_("Worst – best"), "right"),
        _column(_("Objective"), "right"),
        _column(_("Downtime"), "right"),
        _column(_("Outages"), "right"),
        _column(_("Verdict"), "center"),
    ]
    rows = [_system_row(system) for system in facts["systems"]]
    section: Section = {
        "code": "availability",
        "title": _("Availability of business systems"),
        "text": text,
        "columns": columns,
        "rows": rows,
        "empty": _("No business system is in scope."),
    }
    return {**section, "chart": _chart(facts)} if facts["systems"] else section


def _system_row(system: Mapping[str, Any]) -> Row:
    return {
        "cells": [
            system["name"],
            _percent(system["value"]),
            _percent(system["observed"]),
            _percent(system["excluded"]),
            f"{_percent(system['worst'])} – {_percent(system['best'])}",
            f"≥ {_percent(system['objective'])}",
            formats.duration(system["down_us"]),
            str(len(system["outages"])),
            str(VERDICT_WORDS[system["verdict"]]),
        ],
        "ref": f"system:{system['kpi']}:{system['code']}",
    }


def _indicators(facts: Mapping[str, Any]) -> Section:
    return {
        "code": "indicators",
        "title": _("Indicators of the contract in this week"),
        "text": "",
        "columns": [
            _column(_("Indicator")),
            _column(_("Value"), "right"),
            _column(_("Objective"), "right"),
            _column(_("Verdict"), "center"),
        ],
        "rows": [
            {
                "cells": [
                    kpi["name"],
                    _value(kpi),
                    _objective(kpi),
                    str(VERDICT_WORDS[kpi["verdict"]]) if kpi["verdict"] else _("no source yet"),
                ],
                "ref": f"kpi:{kpi['code']}",
            }
            for kpi in facts["kpis"]
        ],
        "empty": _("The contract has no indicators."),
    }


def _outages(facts: Mapping[str, Any], text: str) -> Section:
    return {
        "code": "outages",
        "title": _("Outages"),
        "text": text,
        "columns": [
            _column(_("Business system")),
            _column(_("Began"), "center"),
            _column(_("Ended"), "center"),
            _column(_("Counted as down"), "right"),
        ],
        "rows": [
            {
                "cells": [
                    outage["name"],
                    formats.exact(from_us(outage["start"])),
                    _("still down") if outage["open"] else formats.exact(from_us(outage["end"])),
                    formats.duration(outage["down_us"]),
                ],
                "ref": f"system:{outage['kpi']}:{outage['system']}",
            }
            for outage in sorted(facts["outages"], key=lambda each: (each["start"], each["system"]))
        ],
        "empty": _("No outage in this week."),
    }


def _incidents(facts: Mapping[str, Any], text: str) -> Section:
    return {
        "code": "incidents",
        "title": _("Incidents"),
        "text": text,
        "columns": [
            _column(_("Title")),
            _column(_("Number"), "center"),
            _column(pgettext("report", "Level"), "center"),
            _column(pgettext("report", "Opened"), "center"),
            _column(pgettext("report", "Restored"), "center"),
            _column(_("State"), "center"),
        ],
        "rows": [
            {
                "cells": [
                    row["title"],
                    row["number"],
                    row["level"],
                    formats.exact(from_us(row["opened"]))[:16],
                    formats.exact(from_us(row["restored"]))[:16] if row["restored"] else "—",
                    _("closed") if row["is_closed"] else _("open"),
                ],
                "ref": f"incident:{row['number']}",
            }
            for row in facts["incidents"]["rows"]
        ],
        "empty": _("No incident in this week."),
    }


def _chart(facts: Mapping[str, Any]) -> Chart:
    start, end = facts["span"]
    first = date.fromisoformat(facts["first"])
    present = {state for system in facts["systems"] for _a, _b, state in system["pieces"]}
    return {
        "title": _("States of the business systems in this week"),
        "start": start,
        "end": end,
        "ticks": [(start + day * DAY, f"{first + timedelta(days=day):%m-%d}") for day in range((end - start) // DAY)],
        "rows": [
            {
                "name": system["name"],
                "value": _percent(system["value"]),
                "pieces": [(a, b, state) for a, b, state in system["pieces"]],
            }
            for system in facts["systems"]
        ],
        "legend": [(str(state), str(STATE_WORDS[state])) for state in State if state in present],
    }


def _column(title: str, align: Any = "left") -> Column:
    return {"title": title, "align": align}


def _percent(fraction: str | None) -> str:
    return formats.percent(None if fraction is None else Fraction(fraction))


def _value(kpi: Mapping[str, Any]) -> str:
    if kpi["value"] is None:
        return formats.NOTHING
    return _percent(kpi["value"]) if kpi["unit"] == "percent" else str(Fraction(kpi["value"]))


def _objective(kpi: Mapping[str, Any]) -> str:
    sign = "≥" if kpi["direction"] == "at_least" else "≤"
    number = kpi["objective"].rstrip("0").rstrip(".") if "." in kpi["objective"] else kpi["objective"]
    return f"{sign} {number or '0'}{'%' if kpi['unit'] == 'percent' else ''}"
