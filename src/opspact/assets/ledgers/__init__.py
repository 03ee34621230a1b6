"""The declarations of the ledgers, one module a subject: each serves list, form, workbook, history, API and shell."""
