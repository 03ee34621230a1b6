"""Reading addresses as people type them, in Chinese input methods too, and refusing what is no address.

Names follow RFC 1123 (underscores allowed, as Windows hosts have them); IPv6 is written as in RFC 5952, and in brackets
before a port (RFC 3986).
"""

import ipaddress
import re
import unicodedata

from opspact.core.words import N_
from opspact.probes.errors import AddressError

# NFKC folds full-width digits, letters and punctuation, but leaves these, which Chinese input methods type for . [ ].
_TYPED_FOR = str.maketrans({"。": ".", "｡": ".", "【": "[", "】": "]", "\u200b": None, "\ufeff": None})
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_ONLY_NUMBERS = re.compile(r"[0-9.]+")


def normalise(text: str) -> str:
    """The text with full-width characters folded (NFKC), Chinese full stops and brackets as ASCII, outer blanks off."""
    return unicodedata.normalize("NFKC", text.translate(_TYPED_FOR)).translate(_TYPED_FOR).strip()


def parse_host(text: str) -> str:
    """One host: an IPv4 or IPv6 address in its canonical form, or a lower-case name (ASCII, IDNA where it was not).

    Raises :class:`AddressError`.
    """
    host = normalise(text).lower()
    if not host:
        raise AddressError("address.empty", N_("An address is missing."))
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    try:
        return _usable(ipaddress.ip_address(host))
    except AddressError:
        raise
    except ValueError:
        return _name(host)


def parse_host_port(text: str, *, default_port: int | None = None) -> str:
    """``host:port``, an IPv6 host in brackets; the port may be left out when it has a default. Raises AddressError."""
    whole = normalise(text)
    if re.fullmatch(r"[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*", whole):
        raise AddressError(
            "address.brackets",
            N_("“%(text)s”: an IPv6 address before a port is written in brackets, such as [2001:db8::1]:443."),
            text=whole,
        )
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::(.*))?", whole)
    if match is None:
        raise AddressError("address.host_port", N_("“%(text)s” is not host:port."), text=whole)
    port = match[2] if match[2] is not None else default_port
    if port is None:
        raise AddressError("address.port_missing", N_("“%(text)s” needs a port, such as 192.0.2.10:443."), text=whole)
    return join_host_port(parse_host(match[1]), parse_port(str(port)))


def parse_port(text: str) -> int:
    """A TCP port, 1 to 65535. Raises :class:`AddressError`."""
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65_535:
        raise AddressError("address.port", N_("“%(text)s” is no port from 1 to 65535."), text=text)
    return int(text)


def join_host_port(host: str, port: int) -> str:
    """``host:port``, with brackets around an IPv6 host."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def split_host_port(address: str) -> tuple[str, int]:
    """Host and port of an address made by :func:`parse_host_port`."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _usable(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if isinstance(ip, ipaddress.IPv6Address) and ip.scope_id:
        raise AddressError(
            "address.zone", N_("“%(text)s” is valid on one machine only; leave out the part from %%."), text=str(ip)
        )
    if ip.is_unspecified or ip.is_multicast or str(ip) == "255.255.255.255":
        raise AddressError("address.not_a_host", N_("“%(text)s” is not the address of one host."), text=str(ip))
    return str(ip)


def _name(host: str) -> str:
    if "://" in host:
        raise AddressError("address.url", N_("“%(text)s” is a URL; a host name or an IP address is needed."), text=host)
    if "/" in host:
        raise AddressError("address.network", N_("“%(text)s” is a network; one address a row."), text=host)
    if _ONLY_NUMBERS.fullmatch(host):
        raise AddressError("address.ipv4", N_("“%(text)s” is no IPv4 address."), text=host)
    if ":" in host:
        raise AddressError("address.ipv6", N_("“%(text)s” is no IPv6 address; a port does not belong here."), text=host)
    ascii_name = host.rstrip(".") if host.isascii() else _idna(host)
    labels = ascii_name.split(".")
    if len(ascii_name) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise _no_host(host)
    return ascii_name


def _idna(host: str) -> str:
    # A Chinese word without a dot is a device's name in the wrong column, hardly ever a domain.
    if "." not in host:
        raise _no_host(host)
    try:
        return host.encode("idna").decode()
    except UnicodeError as error:
        raise _no_host(host) from error


def _no_host(text: str) -> AddressError:
    return AddressError("address.host", N_("“%(text)s” is neither an IP address nor a host name."), text=text)
