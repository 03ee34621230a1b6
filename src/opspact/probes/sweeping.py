"""Which addresses a sweep asks, in which order: the same on the server and on the collector."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

MOST = 65_536
"""Addresses in one sweep."""


def addresses(networks: Sequence[str]) -> Iterator[str]:
    """Every host of the networks. Never a network or broadcast address: those answer for everybody."""
    for network in networks:
        for host in ipaddress.ip_network(network).hosts():
            yield str(host)


def count(networks: Iterable[str]) -> int:
    """How many ``addresses`` gives, without walking over them."""
    return sum(_hosts(ipaddress.ip_network(network)) for network in networks)


def _hosts(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> int:
    edges = 0 if network.num_addresses <= 2 else 2 if network.version == 4 else 1
    return network.num_addresses - edges
