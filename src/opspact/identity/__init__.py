"""Who: organisations, users and the roles granted to them. Models only, so that every room may name who did it."""
