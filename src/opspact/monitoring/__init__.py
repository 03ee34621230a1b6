"""What is watched and what was seen: targets, checks, the two ledgers, alerts."""
