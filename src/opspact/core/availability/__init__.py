"""From ledgers to availability, with what is missing beside it. `docs/why/availability.md`."""

from opspact.core.availability.columns import Columns, Spans
from opspact.core.availability.grants import Granted
from opspact.core.availability.measure import Basis, measure, percent, series
from opspact.core.availability.result import Availability
from opspact.core.availability.rules import Rules

__all__ = ["Availability", "Basis", "Columns", "Granted", "Rules", "Spans", "measure", "percent", "series"]
