"""Figures from ledgers, without Django or a database: what the page computes, an export recomputes."""
