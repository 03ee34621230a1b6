"""Reading what people write into cells: full-width digits, dates in every fashion, numbers with separators."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from decimal import Decimal

from django.utils import timezone

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.probes.addresses import normalise

_DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[T\s]\s*\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
)
_MOMENT = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[T\s]\s*(\d{1,2})[:时](\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?)?"
)
_ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_EXCEL_DAY_0 = dt.date(1899, 12, 30)
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,6})?")
_MAC = re.compile(r"[0-9a-f]{12}")
_TRUE = {"是", "yes", "y", "true", "1", "√", "有", "对"}
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_TYPED_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide) not in "，；：！？（）～"}
_TYPED_WIDE |= {0x3000: " ", 0x00A0: " ", 0x200B: None, 0xFEFF: None, 0: None}
_FALSE = {"否", "no", "n", "false", "0", "×", "x", "无", "错"}


def text_of(value: object) -> str:
    """A cell's value as its text: no outer or doubled blanks, full-width characters folded, whole floats as numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return normalise(str(value).replace("\0", ""))  # which no database keeps


def words_of(value: object) -> str:
    """As `text_of`, but text with Chinese in it keeps its Chinese punctuation, which is part of what was written: only
    full-width letters, digits and signs are folded. 备机（二） stays as it is, ＳＮ００１ becomes SN001."""
    if isinstance(value, str) and _CHINESE.search(value):
        return value.translate(_TYPED_WIDE).strip()
    return text_of(value)


def read_day(text: str) -> dt.date:
    """2022-07-06, 2022.7.6, 2022/7/6, 2022年7月6日, 20220706, or the serial number Excel keeps; a time
    behind it is passed over. Raises Wrong."""
    try:
        if match := _DATE.fullmatch(text) or _PACKED.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if _SERIAL.fullmatch(text):
            return _EXCEL_DAY_0 + dt.timedelta(days=int(float(text)))
    except ValueError:
        raise Wrong(N_("“%(found)s” is no day of the calendar"), found=shown(text)) from None
    raise Wrong(N_("“%(found)s” is no date; write it like 2022-07-06"), found=shown(text))


def read_moment(text: str) -> dt.datetime:
    """A day and a time, "2022-07-06 09:30", "2022年7月6日 9:30", or Excel's serial number; local unless it says its
    zone. Raises Wrong."""
    try:
        if match := _MOMENT.fullmatch(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
            local = dt.datetime(year, month, day, hour, minute, second, tzinfo=timezone.get_current_timezone())
            return local.astimezone(dt.UTC)
        if _SERIAL.fullmatch(text):  # of a cell that Excel or WPS shows as a time, but under a format of its own
            clock = dt.datetime.combine(_EXCEL_DAY_0, dt.time(), timezone.get_current_timezone())
            return (clock + dt.timedelta(seconds=round(float(text) * 86_400))).astimezone(dt.UTC)
        if _ZONED.fullmatch(text):
            return dt.datetime.fromisoformat(text.replace(" ", "T", 1)).replace(microsecond=0).astimezone(dt.UTC)
    except ValueError:
        raise Wrong(N_("“%(found)s” is no time of the calendar"), found=shown(text)) from None
    raise Wrong(N_("“%(found)s” is no time; write it like 2022-07-06 09:30"), found=shown(text))


def read_whole(text: str, least: int | None, most: int | None) -> int:
    """A whole number within its bounds. Raises Wrong."""
    bare = text.replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[-+]?\d{1,15}", bare):
        raise Wrong(N_("“%(found)s” is no whole number"), found=shown(text))
    number = int(bare)
    if (least is not None and number < least) or (most is not None and number > most):
        raise Wrong(N_("%(found)s is not from %(least)s to %(most)s"), found=number, least=least, most=most)
    return number


def read_decimal(text: str, places: int) -> Decimal:
    """An exact number with at most so many decimals; 元, ¥ and thousands separators are taken off. Raises Wrong."""
    bare = text.replace(",", "").replace(" ", "").strip("¥￥元")
    if not _NUMBER.fullmatch(bare):
        raise Wrong(N_("“%(found)s” is no number"), found=shown(text))
    number = Decimal(bare)
    if -number.as_tuple().exponent > places:  # type: ignore[operator]
        raise Wrong(N_("%(found)s has more than %(decimal_places)s decimals"), found=bare, decimal_places=places)
    return number


def read_yes_no(text: str) -> bool:
    """是 or 否, in the ways people write them. Raises Wrong."""
    word = text.lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise Wrong(N_("“%(found)s” is neither yes nor no"), found=shown(text))


def read_ip(text: str) -> str:
    """An IPv4 or IPv6 address as it is stored. Raises Wrong."""
    try:
        address = ipaddress.ip_address(text.split("/")[0].strip())
        if not getattr(address, "scope_id", None):  # fe80::1%eth0, which no database keeps
            return str(address)
        raise ValueError(text)
    except ValueError:
        raise Wrong(N_("“%(found)s” is no IP address"), found=shown(text)) from None


def read_network(text: str) -> str:
    """A prefix such as 10.1.2.0/24 as it is stored. Raises Wrong, naming the prefix meant when host bits are set."""
    try:
        return str(ipaddress.ip_network(text.replace(" ", "")))
    except ValueError:
        pass
    try:
        meant = str(ipaddress.ip_network(text.replace(" ", ""), strict=False))
    except ValueError:
        raise Wrong(N_("“%(found)s” is no prefix; write it like 10.1.2.0/24"), found=shown(text)) from None
    raise Wrong(N_("“%(found)s” has host bits set; did you mean %(meant)s?"), found=shown(text), meant=meant)


def read_mac(text: str) -> str:
    """A hardware address in any notation, as aa:bb:cc:dd:ee:ff. Raises Wrong."""
    bare = re.sub(r"[-:. ]", "", text).lower()
    if not _MAC.fullmatch(bare):
        raise Wrong(N_("“%(found)s” is no hardware address; write it like 00:1a:2b:3c:4d:5e"), found=shown(text))
    return ":".join(bare[i : i + 2] for i in range(0, 12, 2))
