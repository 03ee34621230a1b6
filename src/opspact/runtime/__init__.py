"""What keeps the parts running on one machine: data directory, privileges, embedded database, supervisor."""
