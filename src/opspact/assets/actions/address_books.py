"""What is done to a version of the address book as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from opspact.assets import address_books
from opspact.assets.address_books import Entry
from opspact.assets.ledgers.terminals import ADDRESS_BOOKS
from opspact.assets.models import AddressBook
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import RecordRefused, assign, write


@action(ADDRESS_BOOKS.permission("edit"))
def set_entries(caller: Caller, book: AddressBook, *, entries: Sequence[Entry]) -> AddressBook:
    """Give a version its entries, all at once. Raises RecordRefused once terminals hold that version."""
    contract = book.contract
    locked = ADDRESS_BOOKS.records(contract).select_for_update(of=("self",)).get(pk=book.pk)
    if held := locked.terminals.filter(deleted_at=None).count():
        words = N_("%(n)s terminals hold version %(book)s already; make a new version")
        raise RecordRefused({0: [("", Wrong(words, n=held, book=locked.code))]})
    write(caller, ADDRESS_BOOKS, contract, [assign(ADDRESS_BOOKS.fields, locked, {"entries": list(entries)})])
    caller.note(version=locked.code, entries=len(entries))
    return locked


@action(ADDRESS_BOOKS.permission("export"))
def export_entries(caller: Caller, book: AddressBook, *, form: str, headers: Sequence[str]) -> bytes:
    """The entries as a file for terminals: `form` "csv" (with these headers) or "vcf"."""
    entries = address_books.as_entries(book.entries)
    caller.note(version=book.code, form=form, entries=len(entries))
    return address_books.as_csv(entries, headers) if form == "csv" else address_books.as_vcards(entries)
