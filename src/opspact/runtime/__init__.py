"""What keeps the parts running on one machine: the data directory, privileges, the embedded database, the supervisor."""
