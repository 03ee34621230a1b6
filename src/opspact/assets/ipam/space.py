"""Address space as whole numbers: bounds, gaps between blocks, the first block of a size. Pure; IPv4 and IPv6 alike."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Block = tuple[int, int]
"""First and last address, both included."""


def network_of(prefix: object) -> Network:
    return ipaddress.ip_network(str(prefix))


def number_of(address: object) -> int:
    return int(ipaddress.ip_address(str(address)))


def text_of(number: int, version: int) -> str:
    return str(ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number))


def whole(network: Network) -> Block:
    return int(network.network_address), int(network.broadcast_address)


def usable(network: Network, *, is_pool: bool = False) -> Block:
    """The addresses that hosts may have.

    IPv4: not the network and the broadcast address, except in a /31 (RFC 3021) and a /32. IPv6: not the first, which
    is every router's (RFC 4291 §2.6.1), except in a /127 (RFC 6164) and a /128. All of them in a pool.
    """
    first, last = whole(network)
    if is_pool or network.num_addresses <= 2:
        return first, last
    return (first + 1, last - 1) if network.version == 4 else (first + 1, last)


def size(block: Block) -> int:
    return block[1] - block[0] + 1


def gaps(outer: Block, blocks: Iterable[Block]) -> Iterator[Block]:
    """What `blocks`, ordered by their first address and maybe overlapping, leave of `outer`."""
    at, last = outer
    for low, high in blocks:
        if low > last:
            break
        if low > at:
            yield at, low - 1
        at = max(at, high + 1)
    if at <= last:
        yield at, last


def first_fit(spaces: Iterable[Block], length: int, version: int) -> Network | None:
    """The lowest prefix of this length that lies in one of the spaces."""
    bits = 32 if version == 4 else 128
    step = 1 << (bits - length)
    for low, high in spaces:
        start = -(-low // step) * step
        if start + step - 1 <= high:
            return network_of(f"{text_of(start, version)}/{length}")
    return None


def prefixes(block: Block, version: int) -> list[Network]:
    """The fewest prefixes that make up a block."""
    make = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    return list(ipaddress.summarize_address_range(make(block[0]), make(block[1])))  # type: ignore[type-var]
