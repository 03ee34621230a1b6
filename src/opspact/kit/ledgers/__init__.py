"""Ledgers (台账): records that people keep in Excel and on pages alike, from one declaration.

    CIRCUITS = Ledger(
        name="assets.circuit",
        model=Circuit,
        title=_("Circuits"), one=_("Circuit"),
        fields=(
            Field("code", _("Code"), Text(40), required=True, also=("编号",), phone=True),
            Field("carrier", _("Carrier"), Text(60), filter=True),
            Field("opened_on", _("Opened on"), Day()),
        ),
    )

The declaration serves the list, its filters and export, the form, the record's page with its history, the workbook
both ways with preview and undo, the API and the shell. A new column is one `Field` and its migration.
"""

from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.kinds import (
    Address,
    Amount,
    Choice,
    Day,
    Hardware,
    LongText,
    Moment,
    Network,
    Ordinal,
    Text,
    Whole,
    YesNo,
)
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.references import BigReference, Reference

__all__ = [
    "Address",
    "Amount",
    "BigReference",
    "Choice",
    "Day",
    "Field",
    "Hardware",
    "Ledger",
    "LongText",
    "Moment",
    "Network",
    "Ordinal",
    "Reference",
    "Text",
    "Whole",
    "YesNo",
]
