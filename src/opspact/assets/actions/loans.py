"""Handing terminals out and taking them back, each with a signature here or on paper; mending them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from opspact.assets import signatures
from opspact.assets.ledgers.loans import DESK, LOANS, REPAIRS
from opspact.assets.models import Loan, Terminal, TerminalRepair
from opspact.assets.queries.terminals import overdue_loans
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.identity.models import User
from opspact.kit import inbox
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import RecordRefused, assign, write
from opspact.kit.models import Message
from opspact.kit.permissions import declare

declare("assets.loan.remind", _("Remind of terminals that are overdue"), ())
declare("assets.loan.lend", _("Lend terminals"), DESK)
declare("assets.loan.take_back", _("Take lent terminals back"), DESK)
declare("assets.terminalrepair.mend", _("Record that terminals are mended"), DESK)

KIND = "assets.loan"
LATEST = timedelta(days=31)
"""What has been overdue for longer, as in a loan book that is brought in, is no news; the home page has it."""
AFTERWARDS = (Terminal.Usage.SPARE, Terminal.Usage.IN_USE, Terminal.Usage.SCRAPPED)
"""What a terminal can be after a loan or a repair."""


@action("assets.loan.lend")
def lend(
    caller: Caller,
    contract: Any,
    *,
    terminals: Sequence[Terminal],
    borrower: str,
    department: str = "",
    purpose: str = "",
    due_on: date | None = None,
    signature: str = "",
) -> list[Loan]:
    """One loan for each terminal, all under one signature; "" when it is given on paper. All or none.

    Raises RecordRefused, its positions those of `terminals`.
    """
    signed, fields = _signed(signature), LOANS.bound_fields(contract)
    pending = []
    for terminal in terminals:
        loan = Loan(contract=contract, lent_by=caller.user, lent_signature=signed)
        values = {
            "terminal": terminal,
            "borrower": borrower,
            "department": department,
            "purpose": purpose,
            "lent_at": caller.now.replace(microsecond=0),
            "due_on": due_on,
        }
        pending.append(assign(fields, loan, values))
    write(caller, LOANS, contract, pending)
    caller.note(borrower=borrower, terminals=[terminal.code for terminal in terminals], on_paper=not signed)
    return [each.record for each in pending]


@action("assets.loan.take_back")
def take_back(
    caller: Caller,
    contract: Any,
    *,
    loans: Sequence[Loan],
    condition: str = "",
    signature: str = "",
    usage: str = "",
) -> list[Loan]:
    """The terminals of these open loans are back; `usage` "" puts each to what it was before. Raises RecordRefused."""
    signed, fields = _signed(signature), LOANS.bound_fields(contract)
    rows = LOANS.records(contract).select_for_update(of=("self",)).filter(pk__in=[loan.pk for loan in loans])
    pending = []
    for position, loan in enumerate(rows.order_by("pk")):
        if loan.returned_at is not None:
            raise RecordRefused({position: [("", Wrong(N_("%(number)s was returned already"), number=loan.code))]})
        loan.returned_to, loan.returned_signature = caller.user, signed
        loan.usage_before = _afterwards(usage) or loan.usage_before
        values = {"returned_at": caller.now.replace(microsecond=0), "condition": condition}
        pending.append(assign(fields, loan, values))
    write(caller, LOANS, contract, pending)
    caller.note(loans=[each.record.code for each in pending], condition=condition, on_paper=not signed)
    return [each.record for each in pending]


@action("assets.terminalrepair.mend")
def mend(caller: Caller, repair: TerminalRepair, *, mended_at: datetime, what: str, usage: str = "") -> TerminalRepair:
    """The terminal works again since `mended_at`; `usage` "" puts it to what it was before. Raises RecordRefused."""
    contract = repair.contract
    locked = REPAIRS.records(contract).select_for_update(of=("self",)).get(pk=repair.pk)
    if locked.mended_at is not None:
        raise RecordRefused({0: [("", Wrong(N_("%(number)s was mended already"), number=locked.code))]})
    locked.usage_before = _afterwards(usage) or locked.usage_before
    values = {"mended_at": mended_at.replace(microsecond=0), "action": what}
    write(caller, REPAIRS, contract, [assign(REPAIRS.bound_fields(contract), locked, values)])
    caller.note(repair=locked.code, usage=usage)
    return locked


def remind_everybody(now: datetime) -> int:
    """The nightly round over all contracts: how many loans people were reminded of."""
    due = Loan.objects.filter(deleted_at=None, returned_at=None, due_on__lt=localdate(now))
    contracts = Contract.objects.filter(pk__in=due.values("contract"))
    return sum(remind(Caller.system(now=now), contract) for contract in contracts)


@action("assets.loan.remind")
def remind(caller: Caller, contract: Contract) -> int:
    """Tell the desk, and who lent it, once of each loan that is overdue; again when its day was put off and is past."""
    address = reverse("assets:loan_list", kwargs={"contract": contract.code})
    told = dict(
        Message.objects.filter(kind=KIND, contract_code=contract.code)
        .values_list("url")
        .annotate(last=Max("at"))
        .values_list("url", "last")
    )
    desk = set(User.objects.filter(grants__contract_code=contract.code, grants__role__in=DESK))
    today = localdate(caller.now)
    due = overdue_loans(contract, today).filter(due_on__gte=today - LATEST).select_related("terminal", "lent_by")
    count = 0
    for loan in due.order_by("due_on", "pk"):
        url, last = f"{address}{loan.pk}/", told.get(f"{address}{loan.pk}/")
        if last is not None and localdate(last) > loan.due_on:
            continue
        inbox.send(
            desk | ({loan.lent_by} if loan.lent_by else set()),
            kind=KIND,
            text=N_("Due back on %(day)s and not returned: terminal %(terminal)s, lent to %(borrower)s"),
            at=caller.now,
            contract_code=contract.code,
            url=url,
            day=loan.due_on.isoformat(),
            terminal=str(loan.terminal),
            borrower=f"{loan.borrower} {loan.department}".strip(),
        )
        count += 1
    caller.note(reminded=count)
    return count


def _signed(signature: str) -> str:
    if not signature:
        return ""
    try:
        return signatures.check(signature)
    except Wrong as wrong:
        raise RecordRefused({0: [("signature", wrong)]}) from wrong


def _afterwards(usage: str) -> str:
    if usage and usage not in AFTERWARDS:
        raise RecordRefused({0: [("usage", Wrong(N_("a terminal can't be this afterwards")))]})
    return usage
