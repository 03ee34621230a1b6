"""Alerts and the incidents they make. Everything here goes through the service desk's own actions, as the machine."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from opspact.contracts.models import BusinessSystem, Contract
from opspact.core.words import N_
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit import inbox
from opspact.kit.actions import Caller
from opspact.monitoring.models import Alert, Target
from opspact.monitoring.words import detail_words
from opspact.servicedesk import actions as desk
from opspact.servicedesk.models import Incident

log = logging.getLogger(__name__)

STORM = 20
"""More targets of one contract than this failing in one batch share one incident: a dead switch is not 21 faults."""


def attach(alerts: Sequence[Alert], now: datetime) -> None:
    """Give each alert (of any contracts) its target's open incident, or a new one, and tell the engineers."""
    by_contract: dict[Contract, list[Alert]] = defaultdict(list)
    for alert in alerts:
        by_contract[alert.contract].append(alert)
    for contract, group in by_contract.items():
        by_target: dict[Target, list[Alert]] = defaultdict(list)
        for alert in group:
            by_target[alert.checked.target].append(alert)
        existing = _open_incidents(by_target)
        joining = {target: mine for target, mine in by_target.items() if target.pk in existing}
        for target, mine in joining.items():
            _join(existing[target.pk], mine, now)
        new = {target: mine for target, mine in by_target.items() if target.pk not in existing}
        if len(new) > STORM:
            _open(contract, list(new), [alert for mine in new.values() for alert in mine], now)
        else:
            for target, mine in new.items():
                _open(contract, [target], mine, now)
        _tell(contract, group, now)


def propose_resolution(resolved: Iterable[Alert], now: datetime) -> None:
    """For each incident whose last alert was just resolved, propose to resolve it as of that recovery."""
    ended: dict[int, datetime] = {}
    for alert in resolved:
        if alert.incident_id is not None and alert.resolved_at is not None:
            ended[alert.incident_id] = max(alert.resolved_at, ended.get(alert.incident_id, alert.resolved_at))
    still_down = set(Alert.objects.filter(incident__in=ended, resolved_at=None).values_list("incident_id", flat=True))
    for incident in Incident.objects.filter(pk__in=ended.keys() - still_down).select_related("contract"):
        if incident.is_open:
            _carefully(
                desk.propose_resolution, Caller.system(now=now), incident, restored_at=min(ended[incident.pk], now)
            )


def _open_incidents(targets: Iterable[Target]) -> dict[int, Incident]:
    found = Alert.objects.filter(
        checked__target__in=list(targets), incident__state__in=Incident.OPEN_STATES
    ).select_related("incident__contract", "checked")
    return {alert.checked.target_id: alert.incident for alert in found if alert.incident}


def _join(incident: Incident, alerts: list[Alert], now: datetime) -> None:
    if incident.resolution_proposed_at is not None:
        with override(settings.LANGUAGE_CODE):
            reason = _("Down again: %(what)s") % {"what": _names([alert.checked.target for alert in alerts])}
        _carefully(desk.decline_proposal, Caller.system(now=now), incident, reason=reason)
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(incident=incident)
    for alert in alerts:
        alert.incident = incident


def _open(contract: Contract, targets: list[Target], alerts: list[Alert], now: datetime) -> None:
    systems = {target.system for target in targets}
    system = systems.pop() if len(systems) == 1 else None
    with override(settings.LANGUAGE_CODE):
        title, symptom = _title(targets, system), _symptom(alerts)
    incident = _carefully(
        desk.open_incident,
        Caller.system(now=now),
        contract,
        title=title,
        symptom=symptom,
        source=Incident.Source.MONITORING,
        system=system,
        occurred_at=min(*(alert.opened_at for alert in alerts), now),
        **_importance(contract, [each for each in (systems | {system}) if each]),
    )
    if incident is None:
        return
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(incident=incident)
    for alert in alerts:
        alert.incident = incident


def _carefully(act, caller: Caller, *args, **kwargs):
    """Run an action in a savepoint. Results must get in even if no incident can be opened: the sweep tries again."""
    try:
        with transaction.atomic():
            return act(caller, *args, **kwargs)
    except Exception:
        log.exception("%s failed", act.__name__)
        return None


def _importance(contract: Contract, systems: list[BusinessSystem]) -> dict[str, str]:
    """Impact and urgency by the importance that the terms give the systems: 1 the usual, 2 one step up, and so on."""
    weights = {system.code: system.importance for system in contract.terms.systems}
    weight = max((weights.get(system.code, 1) for system in systems), default=1)
    ranks = contract.terms.priorities
    return {
        "impact": _rank([rank.code for rank in ranks.impacts], weight),
        "urgency": _rank([rank.code for rank in ranks.urgencies], weight),
    }


def _rank(codes: list[str], weight: int) -> str:
    return codes[max(0, len(codes) // 2 - (weight - 1))]


def _title(targets: list[Target], system: BusinessSystem | None) -> str:
    if len(targets) > STORM:
        return _("%(count)s targets down at once: %(what)s") % {"count": len(targets), "what": _names(targets[:3])}
    if system is None:
        return _("%(target)s is down") % {"target": _names(targets)}
    return _("%(system)s: %(target)s is down") % {"system": system.name, "target": _names(targets)}


def _names(targets: Iterable[Target]) -> str:
    return _(", ").join(dict.fromkeys(f"{target.name} ({target.code})" for target in targets))


def _symptom(alerts: list[Alert]) -> str:
    lines = [
        _("%(check)s at %(address)s is down since %(since)s. %(detail)s")
        % {
            "check": alert.checked.key,
            "address": alert.checked.address,
            "since": timezone.localtime(alert.opened_at).strftime("%Y-%m-%d %H:%M:%S"),
            "detail": detail_words(alert.detail),
        }
        for alert in alerts[:50]
    ]
    return "\n".join(line.strip() for line in lines)


def _tell(contract: Contract, alerts: list[Alert], now: datetime) -> None:
    """The desk hears of the incident from the service desk itself; the engineers hear of the outage."""
    engineers = User.objects.filter(grants__contract_code=contract.code, grants__role=Role.ENGINEER).distinct()
    inbox.send(
        engineers,
        kind="monitoring.alert",
        text=N_("Down: %(what)s") if len(alerts) == 1 else N_("%(count)s checks down, among them %(what)s"),
        at=now,
        contract_code=contract.code,
        url=alerts[0].get_absolute_url(),
        what=f"{alerts[0].checked.target.name} ({alerts[0].checked.key})",
        count=len(alerts),
    )
