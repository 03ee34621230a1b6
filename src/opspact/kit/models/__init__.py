"""Records that every room uses."""

from opspact.kit.models.approvals import Approval
from opspact.kit.models.attachments import Attachment
from opspact.kit.models.audit import AuditEvent
from opspact.kit.models.batches import LedgerBatch, LedgerBatchRow
from opspact.kit.models.inbox import Message
from opspact.kit.models.lists import ListPreference, SavedFilter
from opspact.kit.models.numbering import Sequence, next_number
from opspact.kit.models.records import MACHINE, Change, LedgerRecord

__all__ = [
    "MACHINE",
    "Approval",
    "Attachment",
    "AuditEvent",
    "Change",
    "LedgerBatch",
    "LedgerBatchRow",
    "LedgerRecord",
    "ListPreference",
    "Message",
    "SavedFilter",
    "Sequence",
    "next_number",
]
