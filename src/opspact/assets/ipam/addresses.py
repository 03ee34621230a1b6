"""What holds for addresses when they are written, and what is filled in for them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.timezone import localdate

from opspact.assets.ipam import naming, space, tree
from opspact.assets.ipam.rules import Problems
from opspact.assets.models import IpAddress, Prefix
from opspact.assets.models.ipam import named
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller

State = IpAddress.State
RELEASE = N_(
    "%(ip)s is assigned: use “Release” on its page, in the list or by the API, which asks the client for consent"
)


def complete(caller: Caller, contract: Any, addresses: Sequence[IpAddress]) -> None:
    """Routing domain, prefix, network, code and dates, where they follow from what is given.

    The prefix is always the narrowest that holds the address; the one that was given is kept for `check`.
    """
    for address in addresses:
        given = address.__dict__["_given"] = _given(address)
        if address.vrf_id is None and given is not None:
            address.vrf = given.vrf
    homes = tree.homes(contract, [(address.vrf_id, str(address.ip)) for address in addresses])
    today = localdate(caller.now)
    for address, home in zip(addresses, homes, strict=True):
        address.prefix = home
        address.zone = address.zone or (home.zone if home else "")
        if address.state == State.ASSIGNED and address.assigned_on is None:
            address.assigned_on = today
        if address.state != State.RESERVED:
            address.reserved_until = None
        if address.state == State.RELEASED:
            address.released_on = address.released_on or today
        else:
            address.released_on = None
    naming.give(contract, addresses, naming.of_address)


def check(contract: Any, addresses: Sequence[IpAddress]) -> Problems:
    """In the prefix it says, a host's address, released only with the client's consent."""
    homes = tree.homes(contract, [(_domain(address), str(address.ip)) for address in addresses])
    found = {position: list(_wrongs(*each)) for position, each in enumerate(zip(addresses, homes, strict=True))}
    return {position: problems for position, problems in found.items() if problems}


def check_delete(contract: Any, addresses: Sequence[IpAddress]) -> Problems:
    """Off the ledger an address is free: while it is assigned only the client's consent leads there."""
    return {
        position: [("", Wrong(RELEASE, ip=str(address)))]
        for position, address in enumerate(addresses)
        if address.state == State.ASSIGNED
    }


def _given(address: IpAddress) -> Prefix | None:
    """The prefix that a person has said, not the one the address had before."""
    if "_given" in address.__dict__:
        return address.__dict__["_given"]  # type: ignore[no-any-return]
    is_said = address.pk is None or "prefix" in getattr(address, "was", {})
    return address.prefix if is_said and address.prefix_id is not None else None


def _domain(address: IpAddress) -> int | None:
    """The routing domain, as `complete` will have it."""
    given = _given(address)
    return address.vrf_id if address.vrf_id is not None or given is None else given.vrf_id


def _wrongs(address: IpAddress, home: Prefix | None) -> Iterator[tuple[str, Wrong]]:
    was = getattr(address, "was", {}) if address.pk else {}
    ip = ipaddress.ip_address(str(address.ip))
    given = _given(address)
    if "ip" in was:
        message = N_("%(ip)s is what this record is about; release it and add the other address")
        yield "ip", Wrong(message, ip=str(was["ip"]))
    if given is not None and ip not in space.network_of(given.prefix):
        yield "prefix", Wrong(N_("%(ip)s is not in %(prefix)s"), ip=str(ip), prefix=str(given.prefix))
    elif given is not None and address.vrf_id is not None and given.vrf_id != address.vrf_id:
        yield "prefix", Wrong(N_("%(prefix)s is in another routing domain"), prefix=given.code)
    if home is not None and address.pk is None:
        network = space.network_of(home.prefix)
        first, last = space.usable(network, is_pool=home.is_pool)
        if network.version == 4 and not first <= int(ip) <= last:
            message = N_("%(ip)s is the network or broadcast address of %(prefix)s")
            yield "ip", Wrong(message, ip=str(ip), prefix=str(network))
    if was.get("state", address.state) == State.ASSIGNED and not getattr(address, "is_release_agreed", False):
        yield from ((name, Wrong(RELEASE, ip=named(address.code))) for name in ("state", "vrf") if name in was)
