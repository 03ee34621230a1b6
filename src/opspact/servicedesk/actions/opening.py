"""Opening an incident: its number, its priority from the contract's matrix, its promises frozen, its clocks started."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from opspact.contracts.models import BusinessSystem, Contract
from opspact.kit.actions import Caller, action
from opspact.kit.models import next_number
from opspact.servicedesk import notices
from opspact.servicedesk.actions.steps import Kind, record
from opspact.servicedesk.errors import NotPossibleNow
from opspact.servicedesk.models import Incident
from opspact.servicedesk.promises import Promises


@action("servicedesk.incident.open")
def open_incident(
    caller: Caller,
    contract: Contract,
    *,
    title: str,
    symptom: str = "",
    source: str = Incident.Source.PAGE,
    system: BusinessSystem | None = None,
    impact: str | None = None,
    urgency: str | None = None,
    occurred_at: datetime | None = None,
    opened_at: datetime | None = None,
    caller_name: str = "",
    discipline: str = "",
) -> Incident:
    """Open an incident under the contract's terms in force.

    `impact` and `urgency` are codes of the terms' matrix; left out, the middle ones are taken. The clocks run from
    `opened_at` (now, or earlier for a late entry), not from `occurred_at`. Raises NotPossibleNow for a time in the
    future or an impact or urgency the contract doesn't know.
    """
    opened = opened_at or caller.now
    occurred = occurred_at or opened
    if occurred > caller.now or opened > caller.now:
        raise NotPossibleNow(_("That time lies in the future."))
    if occurred > opened:
        raise NotPossibleNow(_("An incident can't be opened before it occurred."))
    version = contract.terms_version
    promises = Promises.of(version)
    impact, urgency = impact or promises.usual_impact, urgency or promises.usual_urgency
    priority = priority_of(promises, impact, urgency)
    incident = Incident.objects.create(
        contract=contract,
        number=next_number(contract.code, "INC", caller.now),
        title=title.strip()[:200],
        symptom=symptom.strip(),
        source=source,
        system=system,
        caller_name=caller_name.strip()[:60],
        reported_by=caller.user,
        impact=impact,
        urgency=urgency,
        priority=priority,
        level=promises.level_for(priority).level,
        discipline=discipline,
        occurred_at=occurred,
        opened_at=opened,
        terms_version=version.version,
        terms=promises.freeze(),
    )
    record(caller, incident, Kind.OPENED, opened, priority=priority, impact=impact, urgency=urgency)
    notices.opened(caller, incident, promises)
    return incident


def priority_of(promises: Promises, impact: str, urgency: str) -> str:
    """The priority of the contract's matrix. Raises NotPossibleNow for codes it doesn't have."""
    try:
        return promises.priority_for(impact, urgency)
    except LookupError:
        raise NotPossibleNow(
            _("The contract has no priority for impact %(impact)s and urgency %(urgency)s.")
            % {"impact": impact, "urgency": urgency}
        ) from None
