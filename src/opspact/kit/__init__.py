"""What every room stands on: actions with audit, permissions, lists, attachments, approvals, inbox, the shell."""
