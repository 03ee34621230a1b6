"""The same actions and queries for programs: the HTTP API, the platform's own metrics and its health."""
