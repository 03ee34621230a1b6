"""What a check asks of the outside world: one async function per kind, and the wire between collector and server."""
