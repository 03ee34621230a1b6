"""Targets as an Excel workbook: the template, the filled rows back in, and the same rows out again.

    template(contract, language) -> bytes     an empty workbook with drop-downs and notes
    export(contract, language) -> bytes       the same with every check of the contract in it
    read(contract, content, name) -> Preview  what a filled workbook would do, row by row; it changes nothing

Applying is `monitoring.actions.apply_import`. Raises WorkbookError for a file that is no such workbook.
"""

from opspact.kit.ledgers.files import WorkbookError
from opspact.monitoring.workbook.errors import Problem
from opspact.monitoring.workbook.preview import Preview, PreviewRow, read
from opspact.monitoring.workbook.template import export, template

__all__ = ["Preview", "PreviewRow", "Problem", "WorkbookError", "export", "read", "template"]
