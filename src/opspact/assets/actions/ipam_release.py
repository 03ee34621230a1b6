"""Giving addresses back: reserved ones at once, assigned ones when the client agrees; many are one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from opspact.assets.ledgers.ipam import ADDRESSES
from opspact.assets.models import AddressRelease, IpAddress, Prefix
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import RecordRefused, assign, refusal_of, write
from opspact.kit.models import Approval, Change
from opspact.kit.permissions import roles_of

RELEASE = "assets.ipaddress.release"
MANY = "assets.ipaddress.release_many"
GIVEN_BACK: Mapping[str, Any] = {"asset": None, "user": "", "department": "", "mac": "", "name": "", "purpose": ""}
HOLDER = frozenset({"asset", "user"})
"""Who has an address, as the client is asked."""
MOST = 5_000
"""Addresses of one question."""
NAMED = 3
"""Addresses that a question names in its title; the others stand in its list."""
State = IpAddress.State


@action(RELEASE)
def release(caller: Caller, address: IpAddress, reason: str) -> bool:
    """Give an address back. A reserved one at once; an assigned one once the client's asset manager agrees.

    Whether it is released already. Raises ValidationError without a reason, or when the question is open already.
    """
    reason = _said(reason)
    (locked,) = _locked(address.contract, [address])
    caller.note(ip=str(locked), reason=reason)
    if locked.state == State.RELEASED:
        raise ValidationError(_("%(ip)s is released already.") % {"ip": locked})
    if locked.state == State.RESERVED:
        _give_back(caller, [locked], reason)
        return True
    if asked_about([locked]):
        raise ValidationError(_("This was asked already and waits for an answer."))
    _ask(caller, locked, RELEASE, [locked], reason)
    return False


@action(RELEASE)
def release_many(caller: Caller, contract: Any, addresses: Sequence[IpAddress], reason: str) -> dict[str, int]:
    """Reserved ones at once; for all assigned ones together the client is asked one question.

    How many are `released`, `asked` for, and `left` because nothing was to be done. Raises ValidationError without a
    reason, or for more than MOST.
    """
    reason = _said(reason)
    if len(addresses) > MOST:
        raise ValidationError(_("At most %(most)s addresses at once.") % {"most": MOST})
    locked = _locked(contract, addresses)
    reserved = [each for each in locked if each.state == State.RESERVED]
    open_already = asked_about(locked)
    assigned = [each for each in locked if each.state == State.ASSIGNED and each.pk not in open_already]
    if reserved:
        _give_back(caller, reserved, reason)
    if len(assigned) == 1:
        _ask(caller, assigned[0], RELEASE, assigned, reason)
    elif assigned:
        question = AddressRelease.objects.create(contract=contract, reason=reason[:200], asked_at=caller.now)
        question.addresses.set(assigned)
        _ask(caller, question, MANY, assigned, reason)
    done = {"released": len(reserved), "asked": len(assigned), "left": len(addresses) - len(reserved) - len(assigned)}
    caller.note(**done, reason=reason, addresses=[str(each) for each in [*reserved, *assigned]][:50])
    return done


def held_in(prefix: Prefix) -> QuerySet[IpAddress]:
    """The addresses anywhere in a prefix, in its routing domain, that are not free."""
    within = ADDRESSES.records(prefix.contract).filter(vrf=prefix.vrf_id, ip__within=str(prefix.prefix))
    return within.exclude(state=State.RELEASED)


def asked_about(addresses: Iterable[IpAddress]) -> set[int]:
    """The keys of those the client was asked to release, alone or with others, and has not answered about."""
    keys = [address.pk for address in addresses]
    waiting = Approval.objects.filter(state=Approval.State.OPEN, subject_type__app_label="assets")
    alone = waiting.filter(kind=RELEASE, subject_type__model="ipaddress", subject_id__in=keys)
    many = waiting.filter(kind=MANY, subject_type__model="addressrelease").values("subject_id")
    together = AddressRelease.addresses.through.objects.filter(addressrelease__in=many, ipaddress__in=keys)
    return {*alone.values_list("subject_id", flat=True), *together.values_list("ipaddress", flat=True)}


def decided(caller: Caller, approval: Approval) -> None:
    """The client answered: agreed, all the addresses are free again; refused, they stay as they are.

    Raises ValidationError when one of them has another holder than the one the client was asked about.
    """
    asked = approval.subject
    if approval.state != Approval.State.APPROVED:
        return
    assert isinstance(asked, IpAddress | AddressRelease)
    about = [asked] if isinstance(asked, IpAddress) else list(asked.addresses.all())
    held = [each for each in _locked(asked.contract, about) if each.state != State.RELEASED]
    if changed := _changed_hands(held, approval.asked_at):
        words = _("%(ip)s has another holder since this was asked. Refuse it; it can be asked anew.")
        raise ValidationError(words % {"ip": changed})
    said = _("Approval %(n)s: %(title)s") % {"n": approval.pk, "title": approval.title}
    try:
        _give_back(caller, held, said)
    except RecordRefused as refused:
        raise ValidationError(refusal_of(refused)) from refused


for _kind in (RELEASE, MANY):
    approvals.on_decided(_kind, decided)


def _changed_hands(addresses: Sequence[IpAddress], since: datetime) -> IpAddress | None:
    """The first that was given to another device or user since then."""
    by_key = {address.pk: address for address in addresses}
    kind = ContentType.objects.get_for_model(IpAddress)
    changes = Change.objects.filter(subject_type=kind, subject_id__in=by_key, at__gt=since).order_by("id")
    told = changes.values_list("subject_id", "fields")
    return next((by_key[key] for key, fields in told if not HOLDER.isdisjoint(fields)), None)


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError(_("Say why."))
    return reason.strip()


def _locked(contract: Any, addresses: Sequence[IpAddress]) -> list[IpAddress]:
    found = ADDRESSES.records(contract).filter(pk__in=[each.pk for each in addresses]).order_by("ip", "pk")
    return list(found.select_for_update(of=("self",)))


def _ask(caller: Caller, subject: Model, kind: str, addresses: Sequence[IpAddress], reason: str) -> None:
    contract = addresses[0].contract
    if len(addresses) == 1:
        (only,) = addresses
        holder = " ".join(each for each in (only.user, str(only.asset or "")) if each) or _("nobody named")
        title = _("Release %(ip)s of %(holder)s: %(reason)s") % {"ip": only, "holder": holder, "reason": reason}
    else:
        listed = "、".join(str(each) for each in addresses[:NAMED]) + ("…" if len(addresses) > NAMED else "")
        words = _("Release %(n)s addresses (%(listed)s): %(reason)s")
        title = words % {"n": len(addresses), "listed": listed, "reason": reason}
    # Nobody decides what they asked for themselves; the client's asset manager asks the client's manager.
    is_keeper = Role.CLIENT_ASSET_MANAGER in roles_of(caller.user, contract.code)
    role = Role.CLIENT_MANAGER if is_keeper else Role.CLIENT_ASSET_MANAGER
    approvals.ask(caller, subject, kind=kind, title=title, role=role)


def _give_back(caller: Caller, addresses: Sequence[IpAddress], reason: str) -> None:
    """In one write, which is refused or done as a whole."""
    if not addresses:
        return
    contract = addresses[0].contract
    fields = ADDRESSES.bound_fields(contract)
    pending = []
    for address in addresses:
        pending.append(assign(fields, address, {**GIVEN_BACK, "state": State.RELEASED}))
        address.is_release_agreed = True  # type: ignore[attr-defined]  # see ipam.addresses
    write(caller, ADDRESSES, contract, pending, reason)
