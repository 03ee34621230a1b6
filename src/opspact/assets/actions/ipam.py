"""Taking the next free addresses and prefixes, reserving, and giving addresses back with the client's consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.assets.ipam import free, space
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES
from opspact.assets.models import IpAddress, Prefix
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import Pending, RecordRefused, assign, write
from opspact.kit.models import Approval
from opspact.kit.permissions import roles_of

RELEASE = "assets.ipaddress.release"
MOST = 1024
"""Addresses that are given out at once."""
GIVEN_BACK: Mapping[str, Any] = {"asset": None, "user": "", "department": "", "mac": "", "name": "", "purpose": ""}
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


@action(RELEASE)
def release(caller: Caller, address: IpAddress, reason: str) -> bool:
    """Give an address back. A reserved one at once; an assigned one once the client's asset manager agrees.

    Whether it is released already. Raises ValidationError without a reason, or when the question is open already.
    """
    if not reason.strip():
        raise ValidationError(_("Say why."))
    locked = ADDRESSES.records(address.contract).select_for_update(of=("self",)).get(pk=address.pk)
    caller.note(ip=str(locked), reason=reason)
    if locked.state == State.RELEASED:
        raise ValidationError(_("%(ip)s is released already.") % {"ip": locked})
    if locked.state == State.RESERVED:
        _give_back(caller, locked, reason)
        return True
    holder = " ".join(each for each in (locked.user, str(locked.asset or "")) if each) or _("nobody named")
    title = _("Release %(ip)s of %(holder)s: %(reason)s") % {"ip": locked, "holder": holder, "reason": reason}
    held_roles = roles_of(caller.user, address.contract.code)
    # Nobody decides what they asked for themselves; the client's asset manager asks the client's manager.
    role = Role.CLIENT_MANAGER if Role.CLIENT_ASSET_MANAGER in held_roles else Role.CLIENT_ASSET_MANAGER
    approvals.ask(caller, locked, kind=RELEASE, title=title, role=role)
    return False


@action(RELEASE)
def release_many(caller: Caller, contract: Any, addresses: Sequence[IpAddress], reason: str) -> dict[str, int]:
    """Each as by `release`; how many are `released`, `asked` for, and `left` because nothing was to be done."""
    done = {"released": 0, "asked": 0, "left": 0}
    for address in addresses:
        is_open = approvals_open(address)
        if address.state == State.RELEASED or is_open:
            done["left"] += 1
        else:
            done["released" if release(caller, address, reason) else "asked"] += 1
    caller.note(**done, reason=reason)
    return done


def approvals_open(address: IpAddress) -> bool:
    """Whether the client was asked to release it and has not answered."""
    return Approval.objects.filter(
        kind=RELEASE,
        subject_type__app_label="assets",
        subject_type__model="ipaddress",
        subject_id=address.pk,
        state=Approval.State.OPEN,
    ).exists()


def decided(caller: Caller, approval: Approval) -> None:
    """The client answered: agreed, the address is free again; refused, it stays as it is."""
    if approval.state != Approval.State.APPROVED:
        return
    asked = approval.subject
    assert isinstance(asked, IpAddress)
    address = ADDRESSES.records(asked.contract).select_for_update(of=("self",)).filter(pk=asked.pk).first()
    if address is not None and address.state != State.RELEASED:
        _give_back(caller, address, approval.title)


approvals.on_decided(RELEASE, decided)


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


def _give_back(caller: Caller, address: IpAddress, reason: str) -> None:
    values = {**GIVEN_BACK, "state": State.RELEASED}
    pending = assign(ADDRESSES.bound_fields(address.contract), address, values)
    address.is_release_agreed = True  # type: ignore[attr-defined]  # see ipam.addresses
    write(caller, ADDRESSES, address.contract, [pending], reason)
