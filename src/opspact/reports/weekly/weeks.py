"""The week of a report: Monday to Sunday in the contract's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from opspact.contracts.models import Contract
from opspact.fulfilment.assess import term_of
from opspact.fulfilment.periods import Period


def week_of(contract: Contract, day: date) -> Period:
    """The week that the local day lies in."""
    monday = day - timedelta(days=day.weekday())
    return Period.of_days(monday, monday + timedelta(days=6), term_of(contract).zone)


def last_week(contract: Contract, now: datetime) -> Period:
    """The last week that was over at `now`."""
    today = now.astimezone(term_of(contract).zone).date()
    return week_of(contract, today - timedelta(days=7))


def is_within_term(contract: Contract, week: Period) -> bool:
    """Whether the week touches the contract's term."""
    return week.start < contract.ends_at and week.end > contract.starts_at
