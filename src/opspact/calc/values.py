"""The values of a document, exact: instants, days, durations, amounts, shares, numbers."""

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from opspact.core.inputs import Wrong, shown
from opspact.core.instants import DAY, HOUR, MINUTE, SECOND, from_us, to_us
from opspact.core.words import N_

MOST_DIGITS = 40
MOST_CHARACTERS = 200


class Part(BaseModel):
    """A part of a document: immutable, and closed to keys it does not know. Field docstrings describe its schema."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(us|ms|s|min|h|d)", re.ASCII)
_UNITS = {"us": 1, "ms": 1000, "s": SECOND, "min": MINUTE, "h": HOUR, "d": DAY}
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
_SHARE = re.compile(r"(\d{1,18})/(\d{1,18})", re.ASCII)


def read_instant(value: Any) -> int:
    """µs since 1970-01-01T00:00:00Z, from an ISO 8601 text with its offset, or from such a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise Wrong(N_("expected an instant such as 2022-07-06T09:00:00+08:00, found %(found)s"), found=shown(value))
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        message = N_("expected an instant such as 2022-07-06T09:00:00+08:00, found %(found)s")
        raise Wrong(message, found=shown(value)) from None
    if moment.tzinfo is None:
        raise Wrong(N_("%(found)s has no time zone: write its offset, such as +08:00"), found=shown(value))
    return to_us(moment)


def read_day(value: Any) -> date:
    """A local date written 2022-07-06."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Wrong(N_("expected a day such as 2022-07-06, found %(found)s"), found=shown(value))


def read_duration(value: Any) -> int:
    """µs, from `4 h`, `30 min`, `1 h 30 min`, `90 s`, `2 d` (of 24 hours); no sign."""
    text = value.strip() if isinstance(value, str) and len(value) <= MOST_CHARACTERS else ""
    parts = _DURATION.findall(text)
    if not parts or "".join(_DURATION.split(text)[::3]).strip():
        raise Wrong(N_("expected a duration such as 4 h, 30 min or 1 h 30 min, found %(found)s"), found=shown(value))
    total = sum(Fraction(number) * _UNITS[unit] for number, unit in parts)
    if total.denominator != 1:
        raise Wrong(N_("%(found)s is finer than a microsecond"), found=shown(value))
    return int(total)


def read_number(value: Any) -> Decimal:
    """An exact decimal number, from a JSON number or the same in quotes."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite() or (value and abs(value.adjusted()) > MOST_DIGITS):
        raise Wrong(N_("expected a number such as 12500.00, found %(found)s"), found=shown(value))
    return value


def read_amount(value: Any) -> Decimal:
    """Yuan, with at most two decimals."""
    amount = read_number(value)
    if (Fraction(amount) * 100).denominator != 1:
        raise Wrong(N_("%(found)s has more than two decimals"), found=shown(value))
    return amount


def read_share(value: Any) -> Fraction:
    """An exact share of one: `"96%"`, `0.96`, `"24/25"`."""
    if isinstance(value, str):
        if match := _SHARE.fullmatch(value):
            if not int(match[2]):
                raise Wrong(N_("expected a share such as 96%% or 0.96, found %(found)s"), found=shown(value))
            return Fraction(int(match[1]), int(match[2]))
        if value.endswith("%"):
            return Fraction(read_number(value[:-1].strip())) / 100
    try:
        return Fraction(read_number(value))
    except Wrong:
        raise Wrong(N_("expected a share such as 96%% or 0.96, found %(found)s"), found=shown(value)) from None


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Wrong(N_("%(found)s is no time zone, write it like Asia/Shanghai"), found=shown(name)) from None
    return name


_INSTANT_SCHEMA = {
    "anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}],
    "description": "ISO 8601 with its offset, or microseconds since 1970-01-01T00:00:00Z",
}
_NUMBER_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?$"}]}

Instant: TypeAlias = Annotated[int, BeforeValidator(read_instant), WithJsonSchema(_INSTANT_SCHEMA)]
Day: TypeAlias = Annotated[date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})]
Duration: TypeAlias = Annotated[
    int,
    BeforeValidator(read_duration),
    WithJsonSchema({"type": "string", "examples": ["4 h", "30 min", "1 h 30 min", "90 s"]}),
]
Number: TypeAlias = Annotated[
    Decimal, BeforeValidator(read_number), PlainSerializer(str, str, when_used="json"), WithJsonSchema(_NUMBER_SCHEMA)
]
Amount: TypeAlias = Annotated[
    Decimal, BeforeValidator(read_amount), PlainSerializer(str, str, when_used="json"), WithJsonSchema(_NUMBER_SCHEMA)
]
Share: TypeAlias = Annotated[
    Fraction,
    BeforeValidator(read_share),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}], "examples": ["96%", "0.96", "24/25"]}),
]
Zone: TypeAlias = Annotated[str, AfterValidator(_known_zone)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


def instant_text(us: int, zone: str) -> str:
    """ISO 8601 on the wall of `zone`, as answers give instants."""
    return from_us(us).astimezone(ZoneInfo(zone)).isoformat()


def duration_text(us: int) -> str:
    """`h:mm:ss`, with microseconds where there are any; a minus in front of what is below zero."""
    sign, us = ("-" if us < 0 else ""), abs(us)
    hours, rest = divmod(us, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, fine = divmod(rest, SECOND)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}" + (f".{fine:06}" if fine else "")


def share_text(share: Fraction | None) -> str | None:
    """The exact fraction `a/b`, or nothing."""
    return None if share is None else str(share)
