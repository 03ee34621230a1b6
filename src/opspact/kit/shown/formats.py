"""Times, durations, percentages and money in words. Times are shown in the site's zone (Asia/Shanghai)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.core import availability
from opspact.core.instants import HOUR, MINUTE, SECOND

NOTHING = "—"


def exact(at: datetime | None) -> str:
    """2026-11-22 14:03:05 in the site's zone, cut off to the second."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else NOTHING


def to_the_minute(at: datetime, now: datetime) -> str:
    """Month, day and minute; with the year when it is not this one."""
    local = timezone.localtime(at)
    return local.strftime("%m-%d %H:%M" if local.year == timezone.localtime(now).year else "%Y-%m-%d %H:%M")


def near(at: datetime, now: datetime) -> str:
    """Relative within a day of `now`, the date and minute beyond."""
    distance = abs(now - at)
    if distance >= timedelta(days=1):
        return to_the_minute(at, now)
    is_past = at <= now
    minutes = int(distance.total_seconds()) // 60
    if minutes == 0:
        return _("just now") if is_past else _("in a moment")
    if minutes < 60:
        words = (
            ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes)
            if is_past
            else ngettext("in %(n)d minute", "in %(n)d minutes", minutes)
        )
        return words % {"n": minutes}
    hours = minutes // 60
    words = (
        ngettext("%(n)d hour ago", "%(n)d hours ago", hours)
        if is_past
        else ngettext("in %(n)d hour", "in %(n)d hours", hours)
    )
    return words % {"n": hours}


def when(at: datetime | None, now: datetime | None = None) -> SafeString | str:
    """A <time>: relative when near, the exact instant on hover and for machines."""
    if at is None:
        return NOTHING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact(at), near(at, now or timezone.now())
    )


def day(on: date | None) -> str:
    return on.isoformat() if on else NOTHING


def duration(us: int | None) -> str:
    """Microseconds in words, cut off: 45 s, 5 min 20 s, 25 min, 2 h 05 min. The same in every language."""
    if us is None:
        return NOTHING
    sign, us = ("−" if us < 0 else ""), abs(us)
    if us < MINUTE:
        return f"{sign}{us // SECOND} s"
    if us < HOUR:
        seconds = us % MINUTE // SECOND
        return f"{sign}{us // MINUTE} min" + (f" {seconds:02d} s" if seconds else "")
    return f"{sign}{us // HOUR:,} h {us % HOUR // MINUTE:02d} min"


def percent(fraction: Fraction | Decimal | float | None) -> str:
    """Two decimals, cut off and never rounded, so that 95.996% never looks like an objective of 96% met."""
    return NOTHING if fraction is None else f"{availability.percent(Fraction(fraction))}%"


def number(value: int | float | Decimal | None) -> str:
    """With thousands separators."""
    return NOTHING if value is None else f"{value:,}"


LARGE = 10**9
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def figure(value: int | float | Decimal | None) -> SafeString | str:
    """As `number`; a whole number from 10⁹ on as a power of two or to two digits, the exact one on hover."""
    if not isinstance(value, int) or abs(value) < LARGE:
        return number(value)
    return format_html('<span title="{}">{}</span>', number(value), large(value))


def large(value: int) -> str:
    """2⁶⁴, or ≈ 1.2 × 10²⁴."""
    if value > 0 and value & (value - 1) == 0:
        return f"2{_raised(value.bit_length() - 1)}"
    digits, _e, power = f"{value:.1e}".partition("e")
    return f"≈ {digits} × 10{_raised(int(power))}"


def _raised(power: int) -> str:
    return str(power).translate(_RAISED)
