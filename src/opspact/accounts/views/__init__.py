"""The room's pages: first run, one's own account, users, permissions, the audit trail."""
