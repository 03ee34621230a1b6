"""From ledgers to availability, with what is missing beside it. `docs/why/availability.md`."""

from opspact.core.availability.measure import Availability, Granted, Rules, measure, percent

__all__ = ["Availability", "Granted", "Rules", "measure", "percent"]
