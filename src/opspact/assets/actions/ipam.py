"""Taking the next free addresses and prefixes, and reserving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from opspact.assets.actions.ipam_release import GIVEN_BACK
from opspact.assets.ipam import free, space
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES
from opspact.assets.models import IpAddress, Prefix
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import Pending, RecordRefused, assign, write

MOST = 1024
"""Addresses that are given out at once."""
State = IpAddress.State


@action("assets.ipaddress.take")
def take_addresses(
    caller: Caller,
    prefix: Prefix,
    how_many: int = 1,
    *,
    values: Mapping[str, Any] | None = None,
    reserved_until: date | None = None,
    is_reserved: bool = False,
    reason: str = "",
) -> list[IpAddress]:
    """The lowest free addresses of a prefix, written as assigned or reserved, with `values` by field name.

    Two callers never get the same one: the prefix stays locked until the transaction ends. All or none: raises
    RecordRefused when there are fewer.
    """
    if not 1 <= how_many <= MOST:
        raise RecordRefused({0: [("how_many", Wrong(N_("from 1 to %(most)s at once"), most=MOST))]})
    locked = Prefix.objects.select_for_update(of=("self",)).select_related("vrf", "contract").get(pk=prefix.pk)
    _refuse_gone(locked)
    found = free.addresses(locked, how_many)
    if len(found) < how_many:
        message = N_("%(prefix)s has %(free)s free addresses, %(wanted)s are wanted")
        wrong = Wrong(message, prefix=str(locked), free=len(found), wanted=how_many)
        raise RecordRefused({0: [("how_many", wrong)]})
    state = State.RESERVED if is_reserved or reserved_until else State.ASSIGNED
    given = {**(values or {}), "state": state, "reserved_until": reserved_until}
    pending = _to_be_given(locked, found, given)
    write(caller, ADDRESSES, locked.contract, pending, reason)
    caller.note(prefix=str(locked), addresses=found[:50], reason=reason)
    return [each.record for each in pending]


@action("assets.ipaddress.take")
def take_prefix(
    caller: Caller, parent: Prefix, length: int, *, values: Mapping[str, Any] | None = None, reason: str = ""
) -> Prefix:
    """The lowest free prefix of this length in `parent`, with `values` by field name. Raises RecordRefused.

    Two callers never get the same space: the parent stays locked until the transaction ends.
    """
    locked = Prefix.objects.select_for_update(of=("self",)).select_related("vrf", "contract", "site").get(pk=parent.pk)
    _refuse_gone(locked)
    network = space.network_of(locked.prefix)
    if not network.prefixlen < length <= network.max_prefixlen:
        bounds = {"least": network.prefixlen + 1, "most": network.max_prefixlen}
        raise RecordRefused({0: [("length", Wrong(N_("from %(least)s to %(most)s"), **bounds))]})
    found = free.prefix_of_length(locked, length)
    if found is None:
        message = N_("%(prefix)s has no free space for a /%(length)s")
        raise RecordRefused({0: [("length", Wrong(message, prefix=str(locked), length=length))]})
    given = {"zone": locked.zone, "site": locked.site, **(values or {}), "prefix": str(found), "vrf": locked.vrf}
    pending = assign(PREFIXES.bound_fields(locked.contract), Prefix(contract=locked.contract), given)
    write(caller, PREFIXES, locked.contract, [pending], reason)
    caller.note(parent=str(locked), prefix=str(pending.record), reason=reason)
    return pending.record  # type: ignore[no-any-return]


def _refuse_gone(prefix: Prefix) -> None:
    if prefix.deleted_at is not None:
        raise RecordRefused({0: [("", Wrong(N_("%(prefix)s was taken off the ledger"), prefix=str(prefix)))]})


def _to_be_given(prefix: Prefix, found: Sequence[str], values: Mapping[str, Any]) -> list[Pending]:
    """New records, or those that were released, with what they are to be."""
    fields = ADDRESSES.bound_fields(prefix.contract)
    present = ADDRESSES.records(prefix.contract).filter(vrf=prefix.vrf_id, ip__in=found).select_for_update(of=("self",))
    known = {str(address.ip): address for address in present}
    pending = []
    for ip in found:
        if (record := known.get(ip)) is None:
            record = IpAddress(contract=prefix.contract, vrf=prefix.vrf)
            pending.append(assign(fields, record, {**values, "ip": ip, "vrf": prefix.vrf}))
        else:
            record.assigned_on = None
            pending.append(assign(fields, record, {**GIVEN_BACK, **values}))
    return pending
