"""Reading what devices print of their ARP and MAC tables, and CSV or Excel with a header. Pure.

Understood are `display arp` and `display mac-address` (Huawei, H3C), `show ip arp` and `show mac address-table` (Cisco,
Ruijie), `ip neigh`, `arp -a` (Linux, Windows), and bare lists of addresses such as `fping -a` prints.
"""

from __future__ import annotations

import csv
import io
import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers.reading import read_mac, text_of

MOST = 200_000
LONGEST = 1_000
"""Characters of a line: no device writes more, and the patterns below take the square of a longer word."""
_IP = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})(?![\w.:])")
_MAC = re.compile(
    r"(?<![\w:.-])(?:[0-9a-fA-F]{4}([-.])[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}|[0-9a-fA-F]{1,2}([-:])(?:[0-9a-fA-F]{1,2}\2){4}[0-9a-fA-F]{1,2})(?![\w:.-])"
)
_PORT = re.compile(r"(?<![\w/])(?:[Vv][Ll][Aa][Nn] \d+|[A-Za-z]{2,}[A-Za-z-]*\d+(?:[/.:]\d+)*)(?![\w/])")
_GONE = re.compile(r"\b(FAILED|INCOMPLETE)\b", re.IGNORECASE)
_HEADERS = {
    "ip": {"ip", "ip地址", "地址", "ipaddress", "address"},
    "mac": {"mac", "mac地址", "物理地址", "macaddress", "hwaddress"},
    "device": {"设备", "交换机", "device", "switch"},
    "port": {"端口", "接口", "port", "interface"},
}


@dataclass(frozen=True)
class Seen:
    """One line of a table. Without `ip` it is of a MAC table: it says at which port a hardware address is."""

    ip: str
    mac: str = ""
    device: str = ""
    port: str = ""


def decoded(content: bytes) -> str:
    """Text as Windows and Linux save it. Raises Wrong."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Wrong(N_("the file is neither text nor a workbook"))


def read_text(text: str) -> list[Seen]:
    """Every line that tells of an address or a port. Raises Wrong when none does."""
    lines = [line[:LONGEST] for line in text.splitlines()[:MOST]]
    columns = _columns(_split(lines[0])) if lines else {}
    if "ip" in columns:
        return read_rows([_split(line) for line in lines])
    found = [seen for line in lines if (seen := _line(line)) is not None]
    return _or_refused(found)


def read_rows(rows: Sequence[Sequence[object]]) -> list[Seen]:
    """Rows of cells, the first being the header. Raises Wrong."""
    columns = _columns([text_of(cell) for cell in rows[0]]) if rows else {}
    if "ip" not in columns:
        raise Wrong(N_("the header needs a column “IP”; MAC, device and port are read too"))
    found = []
    for row in rows[1:MOST]:
        cells = {name: text_of(row[at]) if at < len(row) else "" for name, at in columns.items()}
        ip, mac = _ip(cells["ip"]), _mac(cells.get("mac", ""))
        if ip:
            found.append(Seen(ip, mac, cells.get("device", "")[:60], cells.get("port", "")[:60]))
    return _or_refused(found)


def _line(line: str) -> Seen | None:
    mac_at = _MAC.search(line)
    mac = _mac(mac_at[0]) if mac_at else ""
    rest = line.replace(mac_at[0], " ", 1) if mac_at else line
    ip_at = _IP.search(rest)
    ip = _ip(ip_at[0]) if ip_at else ""
    if _GONE.search(line) or (mac_at and not mac):
        return None
    rest = rest.replace(ip_at[0], " ", 1) if ip_at else rest
    if not mac:
        return Seen(ip) if ip and not rest.strip() else None
    device = re.search(r"\b(?:dev|on) (\S+)", rest)
    port = device[1] if device else _port(rest)
    return Seen(ip, mac, port=port[:60]) if ip or port else None


def _port(text: str) -> str:
    found = _PORT.search(text)
    return found[0] if found else ""


def _ip(text: str) -> str:
    """A host's address, or nothing."""
    try:
        address = ipaddress.ip_address(text.split("/")[0].split("%")[0].strip())
    except ValueError:
        return ""
    is_none = address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255"
    return "" if is_none else str(address)


def _mac(text: str) -> str:
    """A card's address, or nothing for groups, for everybody, and for what is none."""
    if re.fullmatch(r"[0-9a-fA-F]{1,2}([-:][0-9a-fA-F]{1,2}){5}", text):
        text = "".join(part.zfill(2) for part in re.split("[-:]", text))
    try:
        mac = read_mac(text)
    except Wrong:
        return ""
    return "" if int(mac[:2], 16) & 1 or mac == "00:00:00:00:00:00" else mac


def _split(line: str) -> list[str]:
    mark = next((each for each in ("\t", ";", "，") if each in line), ",")
    return next(csv.reader(io.StringIO(line), delimiter=mark), [])


def _columns(cells: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        bare = re.sub(r"[\s_-]", "", text_of(cell)).lower()
        for name, words in _HEADERS.items():
            if bare in words:
                found.setdefault(name, at)
    return found


def _or_refused(found: list[Seen]) -> list[Seen]:
    if not found:
        raise Wrong(N_("no line tells of an address; paste the whole output, or CSV with a header"))
    return found
