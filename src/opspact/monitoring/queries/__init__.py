"""Look-ups, by subject. They hand core what it calculates with: instants in µs, cut to the period in SQL."""

from opspact.monitoring.queries.live import last_live_result_at

__all__ = ["last_live_result_at"]
