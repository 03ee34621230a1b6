"""What people do beside keeping records: each an action with permission, audit and history."""
