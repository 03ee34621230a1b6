"""Alerts that somebody has seen."""

from __future__ import annotations

from collections.abc import Sequence

from opspact.contracts.models import Contract
from opspact.kit.actions import Caller, action
from opspact.monitoring.models import Alert


@action("monitoring.alert.acknowledge")
def acknowledge(caller: Caller, contract: Contract, *, alerts: Sequence[Alert]) -> int:
    """Put on record that the caller has seen these alerts of the contract; who was first stays. How many were new."""
    unseen = Alert.objects.filter(contract=contract, pk__in=[alert.pk for alert in alerts], acknowledged_at=None)
    seen = unseen.update(acknowledged_by=caller.user, acknowledged_at=caller.now)
    caller.note(count=seen, alerts=[alert.pk for alert in alerts][:100])
    return seen
