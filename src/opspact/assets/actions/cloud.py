"""The course of a cloud resource: requested, accepted, delivered, initialised, released, one step after the other."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from opspact.assets.ledgers import common
from opspact.assets.ledgers.software import CLOUDS, DATES, STATES
from opspact.assets.models import CloudResource
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import RecordRefused, assign, write
from opspact.kit.permissions import declare

declare("assets.cloudresource.step", _("Record the next step of a cloud resource"), common.EDITORS)


def next_state(resource: CloudResource) -> STATES | None:
    """The step that comes next; None after the last."""
    order = list(DATES)
    place = order.index(STATES(resource.state)) + 1
    return order[place] if place < len(order) else None


@action("assets.cloudresource.step")
def step(
    caller: Caller, resource: CloudResource, *, to: str, on: date | None = None, address: str = "", note: str = ""
) -> CloudResource:
    """Record that the next step was taken on a day, today unless given. Raises RecordRefused."""
    contract = resource.contract
    locked = CLOUDS.records(contract).select_for_update(of=("self",)).get(pk=resource.pk)
    if to != next_state(locked):
        words = N_("it is “%(state)s”; that step is not the next one")
        raise RecordRefused({0: [("", Wrong(words, state=str(STATES(locked.state).label)))]})
    today = localdate(caller.now)
    day = on or today
    if day > today:
        raise RecordRefused({0: [("on", Wrong(N_("%(day)s has not come yet"), day=str(day)))]})
    values = {"state": to, DATES[STATES(to)]: day} | ({"address": address} if address else {})
    pending = assign(CLOUDS.bound_fields(contract), locked, values)
    write(caller, CLOUDS, contract, [pending], note)
    caller.note(code=locked.code, to=to, on=day.isoformat())
    return locked
