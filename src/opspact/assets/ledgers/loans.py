"""Loans of terminals (借出归还登记) and their repairs (维修记录)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from opspact.assets import codes, terminal_use
from opspact.assets.ledgers import common
from opspact.assets.models import Loan, Terminal, TerminalRepair
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import BigReference, Day, Field, Ledger, LongText, Moment, Text

DESK = frozenset(common.EDITORS | {Role.SERVICE_DESK})
"""Who hands terminals over the counter and takes faults."""
RETURN = _("Return of the terminal")
Problems = dict[int, list[tuple[str, Wrong]]]
Usage = Terminal.Usage


def terminals(contract: Any) -> QuerySet[Terminal]:
    return Terminal.objects.filter(contract=contract, deleted_at=None)


def _terminal() -> Field:
    return Field(
        "terminal",
        _("Terminal"),
        BigReference(terminals),
        required=True,
        also=("标签号", "终端", "终端编号"),
        filter=True,
        sort=False,
        phone=True,
    )


def _numbered(prefix: str) -> Callable[[Caller, Any, Sequence[Any]], None]:
    """New records get their number of the year; each remembers what use it interrupts."""

    def complete(caller: Caller, contract: Any, records: Sequence[Any]) -> None:
        terminal_use.lock(records)
        codes.number(contract, [record for record in records if not record.code], f"{prefix}-{_year(caller)}-", 4)
        for record in records:
            if not record.usage_before:
                record.usage_before = terminal_use.before(record.terminal)

    return complete


def _year(caller: Caller) -> int:
    return localtime(caller.now).year


def check_loans(contract: Any, records: Sequence[Any]) -> Problems:
    """A terminal is lent once at a time, only when it is there to be lent, and returned after it was lent."""
    problems: Problems = {}
    lent = {each.terminal_id: each for each in _others(Loan, records, returned_at=None)}
    for position, loan in enumerate(records):
        wrong = problems.setdefault(position, [])
        if loan.returned_at and loan.returned_at < loan.lent_at:
            wrong.append(("returned_at", Wrong(N_("returned before it was lent"))))
        if loan.due_on and loan.due_on < localdate(loan.lent_at):
            wrong.append(("due_on", Wrong(N_("due before it was lent"))))
        if loan.returned_at is None:
            wrong += _why_not_lent(loan, lent)
            lent[loan.terminal_id] = loan
    return {position: wrong for position, wrong in problems.items() if wrong}


def _why_not_lent(loan: Loan, lent: dict[int, Loan]) -> list[tuple[str, Wrong]]:
    terminal = loan.terminal
    if other := lent.get(loan.terminal_id):
        words = N_("%(terminal)s is lent to %(borrower)s since %(day)s; take it back first")
        day = localdate(other.lent_at).isoformat()
        return [("terminal", Wrong(words, terminal=terminal.code, borrower=other.borrower, day=day))]
    if loan.pk is None and terminal.usage not in (Usage.IN_USE, Usage.SPARE):
        words = N_("%(terminal)s can't be lent: %(usage)s")
        return [("terminal", Wrong(words, terminal=terminal.code, usage=str(Usage(terminal.usage).label)))]
    return []


def check_repairs(contract: Any, records: Sequence[Any]) -> Problems:
    """A terminal is in repair once at a time, and its times follow each other."""
    problems: Problems = {}
    broken = {each.terminal_id: each for each in _others(TerminalRepair, records, mended_at=None)}
    for position, repair in enumerate(records):
        wrong = problems.setdefault(position, [])
        if repair.mended_at and repair.mended_at < repair.failed_at:
            wrong.append(("mended_at", Wrong(N_("mended before it failed"))))
        if repair.spare_at and repair.spare_at < repair.failed_at:
            wrong.append(("spare_at", Wrong(N_("a spare was issued before it failed"))))
        if repair.mended_at is None:
            if other := broken.get(repair.terminal_id):
                words = N_("%(terminal)s is in repair already: %(number)s")
                wrong.append(("terminal", Wrong(words, terminal=repair.terminal.code, number=other.code)))
            broken[repair.terminal_id] = repair
    return {position: wrong for position, wrong in problems.items() if wrong}


def _others(model: Any, records: Sequence[Any], **still: Any) -> QuerySet[Any]:
    """The open ones of the same terminals on the ledger, but these."""
    mine = [record.pk for record in records if record.pk]
    here = [record.terminal_id for record in records]
    return model.objects.filter(terminal__in=here, deleted_at=None, **still).exclude(pk__in=mine)


LOANS = Ledger(
    name="assets.loan",
    model=Loan,
    title=_("Loans"),
    one=_("Loan"),
    url_name="assets:loan",
    viewers=common.VIEWERS,
    editors=DESK,
    icon="user-check",
    order=61,
    is_key_given=False,
    related=("terminal", "lent_by", "returned_to"),
    searched=("code", "borrower", "department", "purpose", "terminal"),
    check=check_loans,
    before_write=_numbered("LOAN"),
    after_write=terminal_use.follow,
    also_written=("lent_by", "returned_to", "lent_signature", "returned_signature", "usage_before"),
    fields=(
        common.code(_("Loan number"), "借用单号", help=_("Empty for a new loan: the next number of the year.")),
        _terminal(),
        Field("borrower", _("Borrower"), Text(60), required=True, also=("借用人", "领用人"), phone=True, filter=True),
        Field("department", _("Department"), Text(60), also=("部门", "借用部门"), filter=True),
        Field("purpose", _("Purpose"), Text(200), also=("用途", "事由")),
        Field("lent_at", _("Lent at"), Moment(), required=True, also=("借出时间", "借出日期"), filter=True),
        Field("due_on", _("To be returned by"), Day(), also=("应还日期", "预计归还"), filter=True),
        Field("returned_at", _("Returned at"), Moment(), also=("归还时间", "归还日期"), group=RETURN),
        Field(
            "condition", _("Condition at return"), Text(200), also=("归还情况", "完好情况"), default=False, group=RETURN
        ),
        common.remark(),
    ),
)

REPAIRS = Ledger(
    name="assets.terminalrepair",
    model=TerminalRepair,
    title=_("Repairs of terminals"),
    one=_("Repair of a terminal"),
    url_name="assets:terminalrepair",
    viewers=common.VIEWERS,
    editors=DESK,
    icon="tool",
    order=62,
    is_key_given=False,
    related=("terminal",),
    searched=("code", "symptom", "action", "terminal"),
    check=check_repairs,
    before_write=_numbered("REP"),
    after_write=terminal_use.follow,
    also_written=("usage_before",),
    fields=(
        common.code(_("Repair number"), "维修单号", help=_("Empty for a new repair: the next number of the year.")),
        _terminal(),
        Field("symptom", _("Symptom"), Text(200), required=True, also=("故障现象", "现象"), phone=True, width="l"),
        Field("failed_at", _("Failed at"), Moment(), required=True, also=("故障时间", "报修时间"), filter=True),
        Field("spare_at", _("Spare issued at"), Moment(), also=("备机发放时间", "备机时间")),
        Field("mended_at", _("Mended at"), Moment(), also=("修复时间", "完成时间")),
        Field("action", _("What was done"), LongText(), also=("维修内容", "处理措施", "措施"), sort=False),
        common.remark(),
    ),
)
