"""What pages and figures ask of terminals, their loans and repairs."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet

from opspact.assets.ledgers.terminals import address_books
from opspact.assets.models import AddressBook, Loan, Terminal, TerminalRepair
from opspact.kit.models import Attachment


def newest_book(contract: Any) -> AddressBook | None:
    """The version that terminals should carry: the one issued last."""
    return address_books(contract).first()


def outdated(terminals: QuerySet[Terminal], contract: Any) -> QuerySet[Terminal]:
    """Mobile terminals in service that carry another version of the address book than the newest, or none."""
    newest = newest_book(contract)
    if newest is None:
        return terminals.none()
    carried = terminals.filter(kind=Terminal.Kind.MOBILE).exclude(usage=Terminal.Usage.SCRAPPED)
    return carried.exclude(address_book=newest)


def open_loans(contract: Any) -> QuerySet[Loan]:
    return Loan.objects.filter(contract=contract, deleted_at=None, returned_at=None)


def overdue_loans(contract: Any, today: date) -> QuerySet[Loan]:
    """Lent, and the day of return is past."""
    return open_loans(contract).filter(due_on__lt=today)


def unsigned(loans: QuerySet[Loan]) -> QuerySet[Loan]:
    """Without a signature drawn here and without a file: the signed paper has not been scanned yet."""
    kind = ContentType.objects.get_for_model(Loan)
    files = Attachment.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), removed_at=None)
    missing = Q(lent_signature="") | (Q(returned_signature="") & Q(returned_at__isnull=False))
    return loans.filter(missing).exclude(Exists(files))


def out_of_service(contract: Any, start: datetime, end: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """By terminal id the times in [start, end) in which its holder had none that worked: from the fault until it was
    mended or a spare was issued, whichever came first."""
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = TerminalRepair.objects.filter(contract=contract, deleted_at=None, failed_at__lt=end).order_by("failed_at")
    for terminal, failed, mended, spare in rows.values_list("terminal_id", "failed_at", "mended_at", "spare_at"):
        until = min((at for at in (mended, spare) if at is not None), default=end)
        begin, finish = max(failed, start), min(until, end)
        if begin < finish:
            found[terminal].append((begin, finish))
    return dict(found)
