"""The demo world: one account per role, live checks of the machine on itself, and a simulated contract year."""
