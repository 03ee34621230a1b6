"""The ledger of stocktakings (盘点): its plan is a record like any other; what happens in it is assets.stocktaking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from opspact.assets.ledgers import common
from opspact.assets.models import Stocktaking
from opspact.assets.stocktaking.scope import ScopeKind
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers import Choice, Day, Field, Ledger, Text
from opspact.kit.models import next_number

State = Stocktaking.State
Problems = dict[int, list[tuple[str, Wrong]]]


def check(contract: Any, records: Sequence[Any]) -> Problems:
    """The scope stands once the list of what is expected was frozen, and all of it once the report is submitted."""
    fixed = (State.SUBMITTED, State.APPROVED, State.ADJUSTING, State.ADJUSTED)
    reported = Wrong(N_("the report is submitted; take it back to change something"))
    told = {at: [("", reported)] for at, record in enumerate(records) if record.pk and record.state in fixed}
    begun = [record for record in records if record.pk and record.state != State.PLANNED]
    before = dict(Stocktaking.objects.filter(pk__in=[each.pk for each in begun]).values_list("pk", "scope"))
    wrong = Wrong(N_("the list of expected assets is frozen; plan another stocktaking for another scope"))
    return {
        position: [("scope", wrong)]
        for position, record in enumerate(records)
        if record.pk in before and before[record.pk] != record.scope
    } | told


def check_delete(contract: Any, records: Sequence[Any]) -> Problems:
    """What was counted is evidence."""
    wrong = Wrong(N_("only a planned or cancelled stocktaking is taken off; cancel it first"))
    return {at: [("", wrong)] for at, it in enumerate(records) if it.state not in (State.PLANNED, State.CANCELLED)}


def complete(caller: Caller, contract: Any, records: Sequence[Any]) -> None:
    for record in records:
        if not record.code:
            record.code = next_number(contract.code, "PD", caller.now)


STOCKTAKINGS = Ledger(
    name="assets.stocktaking",
    model=Stocktaking,
    title=_("Stocktakings"),
    one=_("Stocktaking"),
    url_name="assets:stocktaking",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="clipboard-check",
    order=16,
    is_key_given=False,
    check=check,
    check_delete=check_delete,
    before_write=complete,
    fields=(
        common.code(_("Code"), "盘点编号", help=_("Empty for a new one: PD, the year and a number.")),
        Field("name", _("Name"), Text(120), required=True, also=("名称", "盘点名称"), phone=True, width="l"),
        Field("planned_on", _("Planned for"), Day(), also=("计划日期",), filter=True),
        Field("scope", _("Scope"), ScopeKind(), also=("范围", "盘点范围"), sort=False),
        Field("state", _("State"), Choice(State), is_written=False, filter=True, phone=True),
        common.remark(),
    ),
)
