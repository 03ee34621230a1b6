"""From a change of state to an alert, and from the alert to its incident, in the transaction that wrote the ledger.

1. A check that becomes down gets an alert, unless one is still open (down, unknown, down again is one outage).
2. Within approved maintenance the alert is on record as suppressed: no incident, no message. When the maintenance is
   over and the outage is not, it becomes an ordinary one (`review`, with every sweep).
3. Otherwise it joins the incident its target already has, or a new one is opened (see `monitoring.incidents`).
4. Up or degraded again resolves the alert; with the last alert of an incident, resolving the incident is proposed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from opspact.core.instants import from_us
from opspact.core.states import Observed
from opspact.monitoring import incidents
from opspact.monitoring.folding import Folding
from opspact.monitoring.models import Alert, Check
from opspact.monitoring.queries.granted import in_maintenance

_RECOVERED = (Observed.UP, Observed.DEGRADED)


def follow(foldings: Iterable[Folding], now: datetime) -> None:
    """Open and resolve alerts by the transitions just written. Call it while the checks' states are locked."""
    moved = {each.check_id: each for each in foldings if any(_matters(move.after) for move in each.transitions)}
    if not moved:
        return
    checks = Check.objects.select_related("target__contract", "target__system").in_bulk(moved)
    open_alerts = {each.checked_id: each for each in Alert.objects.filter(checked__in=moved, resolved_at=None)}
    opened: list[Alert] = []
    resolved: list[Alert] = []
    for check_id, folding in moved.items():
        alert = open_alerts.get(check_id)
        for move in folding.transitions:
            if move.after is Observed.DOWN and alert is None:
                alert = _alert(checks[check_id], from_us(move.at), from_us(move.confirmed_at), folding)
                opened.append(alert)
            elif move.after in _RECOVERED and alert is not None:
                alert.resolved_at = from_us(move.at)
                resolved.append(alert)
                alert = None
    _suppress(opened)
    # First the end of those on record: a check that recovered and failed again has one open alert, never two.
    Alert.objects.bulk_update([each for each in resolved if each.pk], ["resolved_at"])
    Alert.objects.bulk_create(opened)
    incidents.attach([each for each in opened if not each.is_suppressed], now)
    incidents.propose_resolution(resolved, now)


def review(now: datetime) -> None:
    """Suppressed alerts whose maintenance is over come to life; what could not get its incident tries again."""
    waiting = list(
        Alert.objects.filter(resolved_at=None, incident=None)
        .select_related("checked__target__contract", "checked__target__system")
        .select_for_update(of=("self",), skip_locked=True)
    )
    excused = in_maintenance([(each.checked, now) for each in waiting if each.is_suppressed])
    due = [each for each in waiting if not (each.is_suppressed and (each.checked_id, now) in excused)]
    Alert.objects.filter(pk__in=[each.pk for each in due], is_suppressed=True).update(is_suppressed=False)
    incidents.attach(due, now)


def backdate(foldings: dict[int, Folding], check_ids: Iterable[int]) -> None:
    """Late results moved the beginning of these checks' present state: an open alert begins with its outage."""
    for alert in Alert.objects.filter(checked__in=list(check_ids), resolved_at=None):
        state = foldings[alert.checked_id].state
        if state.seen is Observed.DOWN:
            Alert.objects.filter(pk=alert.pk).update(opened_at=from_us(state.since))


def resolve_unwatched(check_ids: Iterable[int], now: datetime) -> None:
    """Nobody watches these checks any more: their alerts end, which says nothing about the targets."""
    ended = list(Alert.objects.filter(checked__in=list(check_ids), resolved_at=None))
    for each in ended:
        each.resolved_at = now
    Alert.objects.bulk_update(ended, ["resolved_at"])
    incidents.propose_resolution(ended, now)


def _matters(after: Observed) -> bool:
    return after is Observed.DOWN or after in _RECOVERED


def _alert(check: Check, opened_at: datetime, confirmed_at: datetime, folding: Folding) -> Alert:
    newest = folding.newest
    detail = newest.detail if newest is not None and newest.seen == Observed.DOWN else ""
    return Alert(
        contract=check.target.contract, checked=check, opened_at=opened_at, confirmed_at=confirmed_at, detail=detail
    )


def _suppress(opened: list[Alert]) -> None:
    excused = in_maintenance([(each.checked, each.opened_at) for each in opened])
    for each in opened:
        each.is_suppressed = (each.checked_id, each.opened_at) in excused
