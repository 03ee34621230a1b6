"""One target: the sentence, its checks with their ribbons, outages and results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from opspact.core.instants import DAY, Instant, from_us, to_us
from opspact.kit.guards import needs
from opspact.kit.shown import formats
from opspact.kit.shown.states import STATE_WORDS
from opspact.monitoring.models import Check, ObservedInterval, Target
from opspact.monitoring.queries.outages import Observation, results_between
from opspact.monitoring.queries.targets import Standing, standing, value_words
from opspact.monitoring.queries.timelines import of_checks
from opspact.monitoring.retention import AROUND
from opspact.monitoring.views import strips
from opspact.monitoring.words import detail_words, ended_words, kind_words
from opspact.probes.settings import write_settings

SPANS = {"24h": DAY, "30d": 30 * DAY}
SHOWN = 60


@dataclass(frozen=True)
class ShownCheck:
    check: Check
    kind: str
    value: str
    detail: str
    settings: str
    strips: list[strips.Strip]


@needs("monitoring.target.view")
def target(request: HttpRequest, code: str) -> HttpResponse:
    found = the_target(request, code)
    return render(request, "monitoring/target.html", page(request, found, timezone.now()))


def the_target(request: HttpRequest, code: str) -> Target:
    targets = Target.objects.select_related(
        "contract", "system", "site", "authorisation__recorded_by", "asset__contract", "circuit__contract"
    )
    return get_object_or_404(targets, contract=request.contract, code=code)


def page(request: HttpRequest, found: Target, now: datetime) -> dict[str, Any]:
    checks = list(found.checks.select_related("state", "target__contract", "collector").order_by("kind"))
    stands = standing([check for check in checks if check.is_active], is_watched=found.is_active)
    shown_at = found.contract.as_of(now)
    end = to_us(shown_at)
    long = of_checks(checks, end - SPANS["30d"], end, now)
    outages = ObservedInterval.objects.filter(checked__in=checks, seen="down").order_by("-starts_at")[:10]
    chosen, at = _asked(request, checks, shown_at)
    return {
        "target": found,
        "standing": stands,
        "sentence": sentence(found, stands, shown_at),
        "ended": ended_words(found.contract, now),
        "checks": [_shown(check, [long[check.pk]], end) for check in checks],
        "outages": list(outages.select_related("checked")),
        "chosen": chosen,
        "at": at,
        "observations": _observations(chosen, at) if chosen else [],
    }


def sentence(found: Target, stands: Standing, at: datetime) -> str:
    """ "核心交换机 中断，已持续 2 h 05 min。", as of `at`."""
    if not found.is_active:
        return _("%(name)s is not watched at present.") % {"name": found.name}
    if stands.seen is None or stands.since is None:
        return _("%(name)s has no active check.") % {"name": found.name}
    if stands.since >= at:
        return _("%(name)s is not watched any more.") % {"name": found.name}
    return _("%(name)s has been %(state)s for %(duration)s, since %(since)s.") % {
        "name": found.name,
        "state": STATE_WORDS[stands.seen],
        "duration": formats.duration(to_us(at) - to_us(stands.since)),
        "since": formats.to_the_minute(stands.since, at),
    }


def _shown(check: Check, timelines: list[Any], end: Instant) -> ShownCheck:
    return ShownCheck(
        check,
        kind_words(check.kind),
        value_words(check),
        detail_words(check.state.last_detail),
        write_settings(check.settings),
        [strips.of_check(check, timelines[0], end - span, end) for span in SPANS.values()],
    )


def _asked(request: HttpRequest, checks: list[Check], now: datetime) -> tuple[Check | None, datetime]:
    """Which check's results are shown, and around which instant: those a ribbon's piece leads to, or the newest."""
    wanted = request.GET.get("check", "")
    chosen = next((check for check in checks if check.kind == wanted), checks[0] if checks else None)
    at = request.GET.get("at", "")
    if at.isdecimal() and int(at) < to_us(now):
        return chosen, from_us(int(at))
    return chosen, now


def _observations(check: Check, at: datetime) -> list[tuple[Observation, str]]:
    margin = timedelta(seconds=AROUND * check.interval_s)
    first = at - (margin if at < timezone.now() - margin else SHOWN * timedelta(seconds=check.interval_s))
    found = results_between(check, first, at + 3 * margin)[: 4 * SHOWN]
    return [(each, detail_words(each.detail)) for each in reversed(found)]
