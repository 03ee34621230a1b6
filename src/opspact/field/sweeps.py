"""Ping sweeps: the vendor asks, the client's authorisation covers, a collector runs, and rooms above hear of it.

sweeps.on_seen("asset", hear)   # hear(caller, sweep, addresses), in the transaction that keeps the progress
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from opspact.contracts.models import Contract
from opspact.field.models import Authorisation, Collector, Sweep
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller, action
from opspact.kit.models import Approval
from opspact.probes import sweeping
from opspact.probes.wire import SweepOrder, SweepOrders, SweepPart

KIND = "field.sweep"
State = Sweep.State
Hear = Callable[[Caller, Sweep, list[str]], None]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Hours = tuple[time, time]
"""From and until, local time of day; past midnight when the second is the earlier one."""
DAY = 24 * 60

_hearers: dict[str, Hear] = {}


def on_seen(name: str, hear: Hear) -> None:
    """What is done with addresses that answered."""
    if name in _hearers:
        raise ValueError(f"{name} hears already")
    _hearers[name] = hear


@action("field.sweep.request")
def request_sweep(
    caller: Caller,
    contract: Contract,
    networks: Sequence[str],
    *,
    collector: Collector,
    reference: str = "",
    scope: str = "",
    per_second: int = 50,
    hours: Hours | None = None,
) -> Sweep:
    """Ask for a sweep. It runs at once where an authorisation covers its networks, hours and rate; else the client
    manager is asked, and nothing is sent before the answer. Outside `hours` it rests. Raises ValidationError.
    """
    if contract.simulated:
        raise ValidationError(_("This contract is simulated; nothing is sent into a network for it."))
    total = sweeping.count(networks)
    if not 0 < total <= sweeping.MOST:
        given = {"total": f"{total:,}", "most": f"{sweeping.MOST:,}"}
        raise ValidationError(_("%(total)s addresses are more than the %(most)s of one sweep; take parts.") % given)
    if hours is not None and hours[0] == hours[1]:
        raise ValidationError(_("The hours begin when they end; leave both empty for any time."))
    covering = authorisation_for(contract, networks, hours, per_second)
    if covering is None and not reference.strip():
        raise ValidationError(
            _(
                "No recorded authorisation covers these networks at these hours and this rate. Name the document by "
                "which the client allows it."
            )
        )
    sweep = Sweep.objects.create(
        contract=contract,
        collector=collector,
        authorisation=covering,
        networks=list(networks),
        scope=scope,
        reference=reference.strip()[:200],
        per_second=per_second,
        from_time=hours[0] if hours else None,
        until_time=hours[1] if hours else None,
        state=State.READY if covering else State.WAITING,
        requested_by=caller.user,
        requested_at=caller.now,
        total=total,
    )
    if covering is None:
        title = _("Allow a ping sweep of %(networks)s, %(hours)s, %(rate)s packets a second (%(reference)s)")
        given = {"networks": sweep, "hours": hours_words(sweep), "rate": per_second, "reference": reference}
        approvals.ask(caller, sweep, kind=KIND, title=title % given, role=Role.CLIENT_MANAGER)
    caller.note(networks=list(networks), total=total, authorisation=str(covering or ""), reference=reference)
    return sweep


@action("field.sweep.request")
def stop_sweep(caller: Caller, sweep: Sweep) -> None:
    """Call it off; a collector that is at it stops after its present part."""
    approvals.withdraw(caller, sweep, KIND)
    unended = Sweep.objects.filter(pk=sweep.pk, state__in=(State.WAITING, State.READY, State.RUNNING))
    if not unended.update(state=State.STOPPED, ended_at=caller.now):
        raise ValidationError(_("This sweep is over already."))


def decided(caller: Caller, approval: Approval) -> None:
    """The client answered: agreed, the answer is an authorisation for these networks from now on."""
    sweep = approval.subject
    assert isinstance(sweep, Sweep)
    if sweep.state != State.WAITING:
        return
    if approval.state == Approval.State.APPROVED:
        sweep.authorisation = Authorisation.objects.create(
            contract=sweep.contract,
            authorised_by=str(caller.user or caller.via)[:120],
            reference=sweep.reference,
            recorded_by=caller.user,
            recorded_at=caller.now,
            addresses=sweep.networks,
            from_time=sweep.from_time,
            until_time=sweep.until_time,
            per_second=sweep.per_second,
        )
        sweep.state = State.READY
    else:
        sweep.state, sweep.ended_at = State.REFUSED, caller.now
    sweep.save(update_fields=["authorisation", "state", "ended_at"])


approvals.on_decided(KIND, decided)


def authorisation_for(
    contract: Contract, networks: Sequence[str], hours: Hours | None = None, per_second: int = 0
) -> Authorisation | None:
    """The newest authorisation that by itself covers all of these networks, at these hours and this rate."""
    wanted = [ipaddress.ip_network(network) for network in networks]
    for given in Authorisation.objects.filter(contract=contract).order_by("-recorded_at", "-pk"):
        allowed = _networks(given.addresses)
        is_slow_enough = given.per_second is None or per_second <= given.per_second
        if not is_slow_enough or not _at_hours(hours, hours_of(given)):
            continue
        if all(any(_within(network, space) for space in allowed) for network in wanted):
            return given
    return None


def hours_of(limited: Authorisation | Sweep) -> Hours | None:
    """Its hours; None: at any time."""
    if limited.from_time is None or limited.until_time is None:
        return None
    return limited.from_time, limited.until_time


def hours_words(limited: Authorisation | Sweep) -> str:
    hours = hours_of(limited)
    return _("at any time") if hours is None else f"{hours[0]:%H:%M}–{hours[1]:%H:%M}"


def is_hour(limited: Authorisation | Sweep, now: datetime) -> bool:
    """Whether `now` lies in its hours, local time; the end does not."""
    hours = hours_of(limited)
    moment = localtime(now).time()
    return hours is None or (_minutes(moment) - _minutes(hours[0])) % DAY < _length(hours)


def orders_of(collector: Collector, now: datetime) -> SweepOrders:
    """What a collector is to sweep at this hour, the oldest first."""
    due = Sweep.objects.filter(collector=collector, state__in=(State.READY, State.RUNNING), contract__simulated=False)
    allowed = due.exclude(authorisation=None).select_related("authorisation").order_by("pk")
    found = [each for each in allowed if is_hour(each, now) and is_hour(each.authorisation, now)][:10]
    return SweepOrders(
        sweeps=[
            SweepOrder(sweep=each.pk, networks=each.networks, done=each.done, per_second=each.per_second)
            for each in found
        ]
    )


def take_part(collector: Collector, part: SweepPart, now: datetime) -> bool:
    """Keep what a part of a sweep says; whether the rest is still wanted. A part that came before is passed over."""
    sweep = Sweep.objects.filter(pk=part.sweep, collector=collector).select_related("contract").first()
    return sweep is not None and _take(Caller(None, now, "collector"), sweep, part)


@action("field.sweep.request")
def _take(caller: Caller, sweep: Sweep, part: SweepPart) -> bool:
    locked = Sweep.objects.select_for_update().get(pk=sweep.pk)
    if locked.state not in (State.READY, State.RUNNING):
        return False
    if part.failure:
        locked.state, locked.failure, locked.ended_at = State.FAILED, part.failure[:200], caller.now
    elif part.done > locked.done:
        up = _asked_for(locked, part.up)
        locked.done, locked.answered = min(part.done, locked.total), locked.answered + len(up)
        locked.started_at = locked.started_at or caller.now
        is_over = locked.done == locked.total
        locked.state = State.DONE if is_over else State.RUNNING
        locked.ended_at = caller.now if is_over else None
        for hear in _hearers.values():
            hear(caller, locked, up)
    locked.save(update_fields=["state", "failure", "started_at", "ended_at", "done", "answered"])
    caller.note(done=locked.done, answered=locked.answered, state=locked.state)
    return locked.state == State.RUNNING and is_hour(locked, caller.now)


def _asked_for(sweep: Sweep, addresses: Sequence[str]) -> list[str]:
    """Those of the addresses that the sweep was about."""
    spaces = _networks(sweep.networks)
    found = []
    for text in addresses:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if any(address in space for space in spaces):
            found.append(str(address))
    return found


def _networks(texts: Sequence[str]) -> list[Network]:
    """Those of an authorisation's addresses that are addresses or prefixes, adjoining ones together; names are not."""
    four: list[ipaddress.IPv4Network] = []
    six: list[ipaddress.IPv6Network] = []
    for text in texts:
        try:
            network = ipaddress.ip_network(str(text), strict=False)
        except ValueError:
            continue
        (four if isinstance(network, ipaddress.IPv4Network) else six).append(network)  # type: ignore[arg-type]
    return [*ipaddress.collapse_addresses(four), *ipaddress.collapse_addresses(six)]


def _within(inner: Network, outer: Network) -> bool:
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _at_hours(wanted: Hours | None, allowed: Hours | None) -> bool:
    """Whether all of the wanted hours are allowed."""
    if allowed is None or wanted is None:
        return allowed is None
    return (_minutes(wanted[0]) - _minutes(allowed[0])) % DAY + _length(wanted) <= _length(allowed)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _length(hours: Hours) -> int:
    return (_minutes(hours[1]) - _minutes(hours[0])) % DAY
