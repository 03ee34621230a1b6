"""The pages of every ledger: list, record, form, workbook, deleted records. `ledger_urls` mounts them."""

from opspact.kit.ledgers.pages.listing import DeletedList, LedgerList
from opspact.kit.ledgers.pages.record import RecordPage
from opspact.kit.ledgers.pages.urls import ledger_urls

__all__ = ["DeletedList", "LedgerList", "RecordPage", "ledger_urls"]
