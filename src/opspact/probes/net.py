"""Names, routes and connection errors: what the kernel says, told apart from what the target does."""

import asyncio
import errno
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator

from opspact.probes.kind import Outcome, down, unknown

# Errors of this machine, not of the target: no descriptors, buffers, ports, or its own firewall forbids it.
_OWN_FAULT = {
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
    errno.ENOMEM,
    errno.EADDRNOTAVAIL,
    errno.EACCES,
    errno.EPERM,
    errno.EAFNOSUPPORT,
}
# In this order: where several addresses of a name failed differently, the answer of the target itself counts.
_MEANING = {
    "refused": {errno.ECONNREFUSED},
    "closed": {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED},
    "timeout": {errno.ETIMEDOUT},
    "unreachable": {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN},
}


async def resolve(host: str) -> str:
    """The first IP address of a host as the system resolves it. Raises ``socket.gaierror``."""
    if is_ip(host):
        return host
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    return str(found[0][4][0])


def is_ip(host: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_local(host: str) -> bool:
    """Whether packets to the host never leave this machine: loopback, or an address of its own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    if not is_ip(host):
        return False
    return ipaddress.ip_address(host).is_loopback or _source_address(host) == host


def has_route(host: str) -> bool:
    """Whether this machine knows a way to an IP address; a name is given the benefit of the doubt."""
    return not is_ip(host) or _source_address(host) is not None


def _source_address(ip: str) -> str | None:
    """The address this machine would send from, None without a route. Connecting a datagram socket sends nothing."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((ip, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return None


def failure(error: BaseException) -> Outcome:
    """What a connection error says about the target, or that it says nothing about it."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return down("untrusted", cause.verify_message)
    for cause in chain:
        if isinstance(cause, ssl.SSLError):
            return down("tls", cause.reason or cause)
        if isinstance(cause, socket.gaierror):
            return _name_failure(cause)
    numbers = {number for cause in chain if isinstance(cause, OSError) for number in _numbers(cause)}
    for code, meant in _MEANING.items():
        if numbers & meant:
            return down(code)
    return unknown("internal", error) if numbers & _OWN_FAULT else down("network", error)


def _name_failure(error: socket.gaierror) -> Outcome:
    # EAI_AGAIN is a name server that did not answer: the target may well be up.
    if error.errno in (socket.EAI_NONAME, socket.EAI_FAIL, getattr(socket, "EAI_NODATA", None)):
        return down("dns", error.strerror)
    return unknown("resolver", error.strerror)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    todo = [error]
    while todo:
        current = todo.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            todo.extend(current.exceptions)
        todo.extend(cause for cause in (current.__cause__, current.__context__) if cause is not None)


def _numbers(error: OSError) -> set[int]:
    # asyncio joins the errors of several addresses into one text without a number.
    return {error.errno} if error.errno else {int(number) for number in re.findall(r"\[Errno (\d+)\]", str(error))}
