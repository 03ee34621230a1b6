"""The use of a terminal follows its loans and repairs, whichever door those come through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from opspact.assets.ledgers.terminals import TERMINALS
from opspact.assets.models import Loan, Terminal, TerminalRepair
from opspact.kit.actions import Caller
from opspact.kit.ledgers.writing import assign, write

Usage = Terminal.Usage
PASSING = (Usage.LENT, Usage.REPAIR)


def lock(records: Iterable[Loan | TerminalRepair]) -> None:
    """Take the terminals of these loans or repairs alone, in one order, and see them as they are now."""
    wanted = {record.terminal_id for record in records if record.terminal_id}
    rows = Terminal.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    found = {terminal.pk: terminal for terminal in rows}
    for record in records:
        if record.terminal_id in found:
            record.terminal = found[record.terminal_id]


def before(terminal: Terminal) -> str:
    """What the terminal goes back to when a loan or repair that begins now is over."""
    if terminal.usage not in PASSING:
        return terminal.usage
    return next((opened.usage_before for opened in _open_of(terminal)), "") or Usage.SPARE


def follow(caller: Caller, contract: Any, records: Sequence[Loan | TerminalRepair]) -> None:
    """Set the use of the terminals of these loans or repairs: in repair, lent, or what it was before."""
    terminals = {record.terminal_id: record.terminal for record in records}
    usage_field = [each for each in TERMINALS.fields if each.name == "usage"]
    for terminal in Terminal.objects.select_for_update().filter(pk__in=terminals).order_by("pk"):
        last = max((each for each in records if each.terminal_id == terminal.pk), key=lambda each: each.pk)
        pending = assign(usage_field, terminal, {"usage": _usage(terminal, last)})
        if pending.texts:
            write(caller, TERMINALS, contract, [pending], last.code)


def _usage(terminal: Terminal, last: Loan | TerminalRepair) -> str:
    opened = _open_of(terminal)
    if opened:
        return Usage.REPAIR if isinstance(opened[0], TerminalRepair) else Usage.LENT
    was = Usage.REPAIR if isinstance(last, TerminalRepair) else Usage.LENT
    return (last.usage_before or Usage.SPARE) if terminal.usage == was else terminal.usage


def _open_of(terminal: Terminal) -> list[Loan | TerminalRepair]:
    """The open repair, then the open loan."""
    repairs = terminal.repairs.filter(deleted_at=None, mended_at=None)
    return [*repairs, *terminal.loans.filter(deleted_at=None, returned_at=None)]
