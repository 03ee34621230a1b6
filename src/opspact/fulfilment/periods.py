"""The periods that figures are asked for: a local month, a contract quarter, the term so far, or any days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from opspact.core.words import N_


class PeriodError(ValueError):
    """A period that can't be read; `message` is a msgid for the page."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Term:
    """The contract's term: first local day, local day after the last, zone."""

    first: date
    after: date
    zone: ZoneInfo

    @classmethod
    def of(cls, starts_at: datetime, ends_at: datetime, zone: str) -> Term:
        """From aware instants that are local midnights; any other time counts as its day."""
        local = ZoneInfo(zone)
        return cls(starts_at.astimezone(local).date(), ends_at.astimezone(local).date(), local)

    @property
    def quarters(self) -> int:
        """How many contract quarters the term has; a rest of less than a month belongs to the last of them."""
        return next(n for n in range(1, 400) if add_months(self.first, 3 * n + 1) > self.after)

    def months(self) -> list[date]:
        """The first day of each local month that the term touches."""
        months, day = [], self.first.replace(day=1)
        while day < self.after:
            months.append(day)
            day = add_months(day, 1)
        return months


@dataclass(frozen=True)
class Period:
    """[start, end) as aware UTC instants; `first` and `last` are the local days it covers, whole.

    `key` is what an address says: `2022-10`, `q2`, `term`, or "" for days given one by one.
    """

    key: str
    first: date
    last: date
    start: datetime
    end: datetime

    @classmethod
    def of_days(cls, first: date, last: date, zone: ZoneInfo, key: str = "") -> Period:
        """Raises PeriodError when the last day is before the first."""
        if last < first:
            raise PeriodError(N_("The last day is before the first."))
        return cls(key, first, last, midnight(first, zone), midnight(last + timedelta(days=1), zone))

    @property
    def query(self) -> str:
        """The part of an address after "?" that asks for this period again."""
        return f"period={self.key}" if self.key else f"from={self.first.isoformat()}&until={self.last.isoformat()}"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def add_months(day: date, count: int) -> date:
    """The corresponding day `count` months on, or the month's last where it has none (Civil Code §202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month(first: date, zone: ZoneInfo) -> Period:
    return Period.of_days(first, add_months(first, 1) - timedelta(days=1), zone, f"{first:%Y-%m}")


def quarter(term: Term, number: int) -> Period:
    """Contract quarter 1, 2, …; the last one ends with the term. Raises PeriodError."""
    if not 1 <= number <= term.quarters:
        raise PeriodError(N_("The contract has no such quarter."))
    after = term.after if number == term.quarters else add_months(term.first, 3 * number)
    return Period.of_days(add_months(term.first, 3 * (number - 1)), after - timedelta(days=1), term.zone, f"q{number}")


def whole_term(term: Term) -> Period:
    return Period.of_days(term.first, term.after - timedelta(days=1), term.zone, "term")


def usual(term: Term, now: datetime) -> Period:
    """What a page shows unasked: the month of `now` within the term, the whole term before and after it."""
    today = now.astimezone(term.zone).date()
    return month(today.replace(day=1), term.zone) if term.first <= today < term.after else whole_term(term)


def asked(query: Mapping[str, str], term: Term, now: datetime) -> Period:
    """The period that an address asks for. Raises PeriodError."""
    key, first, last = query.get("period", ""), query.get("from", ""), query.get("until", "")
    if first or last:
        return Period.of_days(_day(first or last), _day(last or first), term.zone)
    if not key:
        return usual(term, now)
    if key == "term":
        return whole_term(term)
    if key.startswith("q") and key[1:].isascii() and key[1:].isdigit():
        return quarter(term, int(key[1:6]))
    return month(_day(f"{key}-01"), term.zone)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PeriodError(N_("This is no date such as 2026-11-22.")) from None
    if not 1990 <= day.year <= 2200:
        raise PeriodError(N_("This is no date such as 2026-11-22."))
    return day
