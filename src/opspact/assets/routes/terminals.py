"""Terminals, their loans, repairs and address books."""

from django.urls import path

from opspact.assets.ledgers.loans import LOANS, REPAIRS
from opspact.assets.ledgers.terminals import ADDRESS_BOOKS, TERMINALS
from opspact.assets.views import address_books, loans, terminal_labels, terminals
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    path("terminals/labels/", terminal_labels.TerminalLabelsPage.as_view(), name="terminal_labels"),
    *ledger_urls(TERMINALS, "terminals/", listing=terminals.TerminalList, page=terminals.TerminalPage),
    path("terminal-loans/new/", loans.LendPage.as_view(), name="loan_new"),
    path("terminal-loans/slip/", loans.slip, name="loan_slip"),
    path("terminal-loans/<int:pk>/take-back/", loans.ReturnPage.as_view(), name="loan_return"),
    *ledger_urls(LOANS, "terminal-loans/", listing=loans.LoanList, page=loans.LoanPage),
    path("terminal-repairs/<int:pk>/mend/", terminals.MendPage.as_view(), name="terminalrepair_mend"),
    *ledger_urls(REPAIRS, "terminal-repairs/", listing=terminals.RepairList, page=terminals.RepairPage),
    path("address-books/<int:pk>/entries/", address_books.EntriesPage.as_view(), name="addressbook_entries"),
    path("address-books/<int:pk>/download.<slug:form>", address_books.download, name="addressbook_download"),
    *ledger_urls(ADDRESS_BOOKS, "address-books/", page=address_books.AddressBookPage),
]
