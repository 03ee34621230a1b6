"""What holds for prefixes and ranges when they are written, and what is filled in for them."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from opspact.assets.ipam import naming, space, tree
from opspact.assets.models import AddressRange, Prefix, Vlan, Vrf
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller

Problems = dict[int, list[tuple[str, Wrong]]]


def complete_prefixes(caller: Caller, contract: Any, prefixes: Sequence[Prefix]) -> None:
    """Codes, and the network of the routing domain where the prefix says none."""
    naming.give(contract, prefixes, naming.of_prefix)
    for prefix in prefixes:
        if not prefix.zone and prefix.vrf:
            prefix.zone = prefix.vrf.zone


def check_prefixes(contract: Any, prefixes: Sequence[Prefix]) -> Problems:
    """The gateway is one of its hosts; its ranges stay in it."""
    problems: Problems = defaultdict(list)
    for position, prefix in enumerate(prefixes):
        if prefix.gateway and (wrong := _gateway_wrong(prefix)):
            problems[position].append(("gateway", wrong))
        problems[position] += [("prefix", wrong) for wrong in _left_out(prefix)]
    return {position: found for position, found in problems.items() if found}


def check_delete_prefixes(contract: Any, prefixes: Sequence[Prefix]) -> Problems:
    """Ranges would hang in the air. Addresses don't: they move to the next wider prefix."""
    kept = AddressRange.objects.filter(prefix__in=prefixes, deleted_at=None).values_list("prefix_id", "code")
    message = N_("%(prefix)s has the range %(range)s; delete that first")
    found = dict(kept)
    return {
        position: [("", Wrong(message, prefix=str(prefix), range=found[prefix.pk]))]
        for position, prefix in enumerate(prefixes)
        if prefix.pk in found
    }


def check_delete_vrfs(contract: Any, vrfs: Sequence[Vrf]) -> Problems:
    """What lies in a routing domain would be in none."""
    message = N_("%(vrf)s still holds %(prefixes)s prefixes and %(addresses)s addresses")
    problems: Problems = {}
    for position, vrf in enumerate(vrfs):
        prefixes, addresses = (held.filter(deleted_at=None).count() for held in (vrf.prefixes, vrf.addresses))
        if prefixes or addresses:
            wrong = Wrong(message, vrf=vrf.code, prefixes=prefixes, addresses=addresses)
            problems[position] = [("", wrong)]
    return problems


def check_delete_vlans(contract: Any, vlans: Sequence[Vlan]) -> Problems:
    """A VLAN that prefixes name stays."""
    problems: Problems = {}
    for position, vlan in enumerate(vlans):
        if n := vlan.prefixes.filter(deleted_at=None).count():
            problems[position] = [("", Wrong(N_("%(vlan)s still belongs to %(n)s prefixes"), vlan=vlan.code, n=n))]
    return problems


def after_prefixes(caller: Caller, contract: Any, prefixes: Sequence[Prefix]) -> None:
    tree.rehome(contract, prefixes)


def complete_ranges(caller: Caller, contract: Any, ranges: Sequence[AddressRange]) -> None:
    """The narrowest prefix that holds the first address where none is given, and codes."""
    lost = [each for each in ranges if each.prefix_id is None]
    for each, home in zip(lost, tree.homes(contract, [(None, str(each.first)) for each in lost]), strict=True):
        if home is not None:
            each.prefix = home
    naming.give(contract, [each for each in ranges if each.prefix_id is not None], naming.of_range)


def check_ranges(contract: Any, ranges: Sequence[AddressRange]) -> Problems:
    """A range runs upwards inside its prefix and meets no other range of its routing domain."""
    problems: Problems = {}
    homes = tree.homes(contract, [(None, str(each.first)) for each in ranges if each.prefix_id is None])
    homeless = iter(homes)
    others = _ranges_by_domain(contract, ranges)
    for position, each in enumerate(ranges):
        prefix = each.prefix if each.prefix_id is not None else next(homeless)
        name, wrong = _range_wrong(each, prefix)
        if wrong is None and prefix is not None:
            name, wrong = "first", _overlap(each, others[prefix.vrf_id])
        if wrong is not None:
            problems[position] = [(name, wrong)]
        elif prefix is not None:
            others[prefix.vrf_id].append(each)  # what is refused stands in nobody's way
    return problems


def _gateway_wrong(prefix: Prefix) -> Wrong | None:
    network, gateway = space.network_of(prefix.prefix), ipaddress.ip_address(str(prefix.gateway))
    if gateway not in network:
        return Wrong(N_("%(ip)s is not in %(prefix)s"), ip=str(gateway), prefix=str(network))
    first, last = space.usable(network, is_pool=prefix.is_pool)
    if network.version == 4 and not first <= int(gateway) <= last:
        message = N_("%(ip)s is the network or broadcast address of %(prefix)s")
        return Wrong(message, ip=str(gateway), prefix=str(network))
    return None


def _left_out(prefix: Prefix) -> list[Wrong]:
    """Ranges that a changed prefix would no longer hold."""
    if prefix.pk is None or "prefix" not in getattr(prefix, "was", {}):
        return []
    network = space.network_of(prefix.prefix)
    return [
        Wrong(N_("its range %(range)s would lie outside"), range=each.code)
        for each in AddressRange.objects.filter(prefix=prefix, deleted_at=None)
        if ipaddress.ip_address(each.first) not in network or ipaddress.ip_address(each.last) not in network
    ]


def _range_wrong(each: AddressRange, prefix: Prefix | None) -> tuple[str, Wrong | None]:
    first, last = ipaddress.ip_address(str(each.first)), ipaddress.ip_address(str(each.last))
    if first.version != last.version or int(first) > int(last):
        return "last", Wrong(N_("%(last)s is not after %(first)s"), first=str(first), last=str(last))
    if prefix is None:
        return "prefix", Wrong(N_("no prefix on the ledger holds %(ip)s"), ip=str(first))
    network = space.network_of(prefix.prefix)
    for name, address in (("first", first), ("last", last)):
        if address not in network:
            return name, Wrong(N_("%(ip)s is not in %(prefix)s"), ip=str(address), prefix=str(network))
    return "first", None


def _ranges_by_domain(contract: Any, but: Sequence[AddressRange]) -> dict[int | None, list[AddressRange]]:
    found: dict[int | None, list[AddressRange]] = defaultdict(list)
    present = AddressRange.objects.filter(contract=contract, deleted_at=None, prefix__deleted_at=None)
    for each in present.exclude(pk__in=[one.pk for one in but if one.pk]).select_related("prefix"):
        found[each.prefix.vrf_id].append(each)
    return found


def _overlap(each: AddressRange, others: Sequence[AddressRange]) -> Wrong | None:
    first, last = ipaddress.ip_address(str(each.first)), ipaddress.ip_address(str(each.last))
    for other in others:
        low, high = ipaddress.ip_address(str(other.first)), ipaddress.ip_address(str(other.last))
        if low.version == first.version and int(first) <= int(high) and int(low) <= int(last):
            return Wrong(N_("this range meets the range %(first)s to %(last)s"), first=str(low), last=str(high))
    return None
