"""Records that every room uses."""

from opspact.kit.models.approvals import Approval
from opspact.kit.models.attachments import Attachment
from opspact.kit.models.audit import AuditEvent
from opspact.kit.models.inbox import Message
from opspact.kit.models.lists import ListPreference, SavedFilter
from opspact.kit.models.numbering import Sequence, next_number
from opspact.kit.models.records import Change, LedgerImport, LedgerImportRow, LedgerRecord

__all__ = [
    "Approval",
    "Attachment",
    "AuditEvent",
    "Change",
    "LedgerImport",
    "LedgerImportRow",
    "LedgerRecord",
    "ListPreference",
    "Message",
    "SavedFilter",
    "Sequence",
    "next_number",
]
