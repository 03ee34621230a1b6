"""Certificates: from a file or a port onto the ledger, replaced by the renewed one, warned of before they end."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from opspact.assets.certificates import fetching, files
from opspact.assets.certificates.chains import chain_of
from opspact.assets.certificates.facts import facts_of, pem_of
from opspact.assets.certificates.judging import STEPS, step_at
from opspact.assets.ledgers import common
from opspact.assets.ledgers.certificates import CERTIFICATES, columns
from opspact.assets.models import Certificate
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.field.models import Authorisation
from opspact.field.sweeps import hours_words, is_hour
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit import inbox
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import RecordRefused, assign, remember, write
from opspact.kit.models import Change
from opspact.kit.permissions import declare
from opspact.probes.addresses import parse_host
from opspact.probes.errors import AddressError

declare("assets.certificate.read", _("Read certificates from files"), common.EDITORS)
declare("assets.certificate.fetch", _("Fetch certificates from ports"), common.EDITORS)
declare("assets.certificate.warn", _("Warn of certificates that end"), ())

KIND = "assets.certificate"
CARRIED = ("system", "asset", "owner", "renewal", "remark", "name")
"""What the renewed certificate takes over from the old one, unless said otherwise."""
TOLD = (Role.ENGINEER, Role.SERVICE_MANAGER, Role.CLIENT_ASSET_MANAGER)
WORDS = {
    0: N_("Expired: certificate %(certificate)s, on %(day)s"),
    7: N_("Ends within 7 days: certificate %(certificate)s, on %(day)s"),
    30: N_("Ends within 30 days: certificate %(certificate)s, on %(day)s"),
    60: N_("Ends within 60 days: certificate %(certificate)s, on %(day)s"),
}


@action("assets.certificate.read")
def add_from_file(
    caller: Caller,
    contract: Contract,
    *,
    content: bytes,
    file_name: str,
    password: str = "",
    values: Mapping[str, Any] | None = None,
    replaces: Certificate | None = None,
) -> tuple[Certificate, files.Bundle]:
    """Put the certificate of a file on the ledger; private keys in it are dropped, the password is not kept.

    `replaces` is the certificate it renews. Raises FileRefused, RecordRefused.
    """
    bundle = files.read(content, password)
    saved = _add(caller, contract, bundle.certificates, file_name[:200], values or {}, replaces)
    caller.note(code=saved.code, sha256=saved.sha256, file=file_name[:200], replaces=replaces.code if replaces else "")
    return saved, bundle


@action("assets.certificate.fetch")
def add_from_port(
    caller: Caller,
    contract: Contract,
    *,
    host: str,
    port: int,
    server_name: str = "",
    values: Mapping[str, Any] | None = None,
    replaces: Certificate | None = None,
) -> Certificate:
    """Ask an authorised address for its certificate and put it on the ledger. Raises FetchRefused, RecordRefused."""
    caller.note(host=host, port=port, server_name=server_name)
    if contract.simulated:
        raise fetching.FetchRefused(N_("This contract is simulated; nothing is sent into a network for it."))
    until = monotonic() + fetching.TIMEOUT_S
    address, authorisation = authorised(contract, host, port, caller.now, until)
    fetched = fetching.fetch(address, port, server_name or host, until=until)
    said = fetched.verification or "trusted"
    source = f"{host}:{port}" + (f" ({server_name})" if server_name and server_name != host else "")
    saved = _add(caller, contract, fetched.certificates, source, values or {}, replaces, verification=said)
    caller.note(code=saved.code, address=address, authorisation=authorisation.pk, verification=said)
    return saved


def authorised(contract: Contract, host: str, port: int, now: datetime, until: float) -> tuple[str, Authorisation]:
    """The address to connect to, and what allows it at this hour. Raises FetchRefused.

    A name is allowed by itself or by every address it stands for; the address that was judged is the one connected to,
    so that a name can't lead elsewhere meanwhile.
    """
    try:
        host = parse_host(host)
    except AddressError as error:
        raise fetching.FetchRefused(error.message, **error.params) from error
    recorded = list(Authorisation.objects.filter(contract=contract))
    found = [each for each in recorded if is_hour(each, now)]
    if allowed := next((each for each in found if _covers(each, host)), None):
        return fetching.addresses_of(host, port, until=until)[0], allowed
    addresses = fetching.addresses_of(host, port, until=until) if recorded and not _is_ip(host) else []
    covering = [next((each for each in found if _covers(each, address)), None) for address in addresses]
    if covering and all(covering):
        return addresses[0], covering[0]  # type: ignore[return-value]
    at_other_hours = [each for each in recorded if any(_covers(each, asked) for asked in (host, *addresses))]
    hours = sorted({hours_words(each) for each in at_other_hours if not is_hour(each, now)})
    if hours and all(any(_covers(each, address) for each in recorded) for address in addresses):
        words = N_("Probing %(host)s is authorised only at %(hours)s; fetch it then.")
        raise fetching.FetchRefused(words, host=host, hours=" / ".join(hours))
    words = N_("Nobody has authorised probing %(host)s. Record the authorisation under Monitoring → Targets first.")
    raise fetching.FetchRefused(words, host=host)


def _covers(authorisation: Authorisation, host: str) -> bool:
    for written in authorisation.addresses:
        if str(written).lower() == host:
            return True
        if "/" in str(written) and _is_ip(host):
            network = ipaddress.ip_network(written, strict=False)
            if ipaddress.ip_address(host) in network:
                return True
    return False


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _add(
    caller: Caller,
    contract: Contract,
    certificates: list[Any],
    source: str,
    values: Mapping[str, Any],
    replaces: Certificate | None,
    verification: str = "",
) -> Certificate:
    chain = chain_of(certificates, caller.now)
    leaf = chain.links[0]
    facts = facts_of(leaf)
    old = _locked(replaces) if replaces is not None else None
    carried = {name: getattr(old, name) for name in CARRIED} if old is not None else {}
    given = {name: value for name, value in values.items() if value not in (None, "")}
    read = columns(facts) | {"source": source[:200], "verification": verification[:300], "pem": pem_of([*chain.links])}
    record = Certificate(contract=contract, **read)
    fields = CERTIFICATES.bound_fields(contract)
    pending = assign(fields, record, {"name": facts.name[:200]} | carried | given)
    pending.texts |= {each.name: ["", each.text(record)] for each in fields if each.name in read and each.read(record)}
    write(caller, CERTIFICATES, contract, [pending])
    if old is not None:
        _link(caller, contract, old, record)
    return record


def _locked(certificate: Certificate) -> Certificate:
    """The certificate to be replaced, which is not replaced yet. Raises RecordRefused."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.deleted_at is not None or locked.replaced_by_id is not None:
        wrong = Wrong(N_("%(code)s was replaced or taken off the ledger already"), code=locked.code)
        raise RecordRefused({0: [("", wrong)]})
    return locked


def _link(caller: Caller, contract: Contract, old: Certificate, new: Certificate) -> None:
    """The old one says by what it was replaced, and warns no more."""
    old.replaced_by, old.updated_at = new, caller.now
    old.version += 1
    old.save(update_fields=["replaced_by", "updated_at", "version"])
    remember(caller, contract, [(old, Change.Verb.CHANGED, {"replaced_by": ["", new.code]})])


def warn_everybody(now: datetime) -> dict[str, int]:
    """The nightly round over all contracts: how many messages of each step were due."""
    done: Counter[str] = Counter()
    due = Certificate.objects.filter(ends_at__isnull=False, deleted_at=None, replaced_by=None)
    for contract in Contract.objects.filter(pk__in=due.values("contract")):
        for step, count in warn(Caller.system(now=now), contract).items():
            done[str(step)] += count
    return dict(done)


@action("assets.certificate.warn")
def warn(caller: Caller, contract: Contract) -> dict[int, int]:
    """Tell people once at each of 60, 30, 7 days and at the end. A later end, typed by hand, begins anew."""
    waiting = Certificate.objects.select_for_update().filter(
        contract=contract, ends_at__isnull=False, deleted_at=None, replaced_by=None
    )
    told: Counter[int] = Counter()
    for certificate in waiting.order_by("ends_at", "pk"):
        step = step_at(certificate.ends_at, caller.now)
        if step == certificate.warned_days:
            continue
        if step is not None and (certificate.warned_days is None or step < certificate.warned_days):
            _tell(caller, contract, certificate, step)
            told[step] += 1
        Certificate.objects.filter(pk=certificate.pk).update(warned_days=step)
    caller.note(told={str(step): told[step] for step in STEPS if told[step]})
    return dict(told)


def _tell(caller: Caller, contract: Contract, certificate: Certificate, step: int) -> None:
    grants = Q(grants__contract_code=contract.code)
    receivers = grants & Q(grants__role__in=TOLD)
    if certificate.owner:
        receivers |= grants & (Q(name=certificate.owner) | Q(username=certificate.owner))
    inbox.send(
        User.objects.filter(receivers).distinct(),
        kind=KIND,
        text=WORDS[step],
        at=caller.now,
        contract_code=contract.code,
        url=reverse(CERTIFICATES.url_name, kwargs={"contract": contract.code, "pk": certificate.pk}),
        certificate=str(certificate),
        day=localtime(certificate.ends_at).date().isoformat(),
    )
