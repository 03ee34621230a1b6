"""Ribbons of checks and systems, each piece linked to its records."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from opspact.core.instants import Instant
from opspact.core.timelines import StateTimeline
from opspact.kit.shown.ribbon import Piece, ribbon
from opspact.monitoring.models import Check
from opspact.monitoring.queries.systems import SystemNow


@dataclass(frozen=True)
class Strip:
    """A ribbon with its ends, µs."""

    picture: SafeString
    start: Instant
    end: Instant


def of_check(check: Check, timeline: StateTimeline, start: Instant, end: Instant) -> Strip:
    """A click on a piece shows the results at its beginning."""
    page = reverse("monitoring:target", kwargs={"contract": check.target.contract.code, "code": check.target.code})

    def link(piece: Piece) -> str:
        return f"{page}?check={check.kind}&at={piece[0]}#results"

    return Strip(ribbon(timeline, start, end, link, "op-ribbon-tall"), start, end)


def of_system(standing: SystemNow) -> Strip:
    return Strip(ribbon(standing.timeline, standing.start, standing.end), standing.start, standing.end)
