"""Loading a contract's terms: the file becomes a version, and the rows that other rooms refer to follow it."""

from __future__ import annotations

import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

from django.db import transaction

from opspact.contracts.models import BusinessSystem, Contract, ContractParty, Kpi, ScopeItem, Site, TermsVersion
from opspact.contracts.terms import Terms, load_terms
from opspact.identity.models import Organisation
from opspact.kit.actions import Caller, action


@transaction.atomic
def load_contract(caller: Caller, source: bytes, *, name: str) -> tuple[Contract, bool]:
    """Load the terms in `source` (YAML); answers the contract and whether anything changed.

    The same text again changes nothing. Other text for a known contract becomes its next version; what was opened or
    assessed under an earlier version keeps that version. Raises TermsError with every problem and its line.
    """
    digest = hashlib.sha256(source).hexdigest()
    known = TermsVersion.objects.filter(sha256=digest).select_related("contract").first()
    if known is not None and known.contract.terms_version == known:
        return known.contract, False
    terms = load_terms(source, name)
    contract = Contract.objects.select_for_update().filter(code=terms.code).first()
    contract = contract or Contract(code=terms.code)
    _register(caller, contract, terms=terms, text=source.decode("utf-8-sig"), digest=digest)
    return contract, True


@action("contracts.contract.load")
def _register(caller: Caller, contract: Contract, *, terms: Terms, text: str, digest: str) -> None:
    contract.name, contract.short_name = terms.name, terms.short_name
    contract.simulated, contract.signed_on = terms.simulated, terms.signed_on
    contract.starts_at, contract.ends_at = term_of(terms)
    contract.price = terms.price.amount if terms.price else None
    contract.save()
    last = contract.terms_versions.order_by("-version").first()
    version = TermsVersion.objects.create(
        contract=contract,
        version=last.version + 1 if last else 1,
        source=text,
        sha256=digest,
        loaded_at=caller.now,
        loaded_by=caller.user,
    )
    owner = _parties(contract, terms)
    _sites(owner, terms)
    _scope(contract, terms, _systems(owner, terms), _kpis(contract, terms))
    caller.note(version=version.version, sha256=digest)


def term_of(terms: Terms) -> tuple[dt.datetime, dt.datetime]:
    """The term as half-open instants: from the first day's local midnight to the end of its last day."""
    zone = ZoneInfo(terms.zone)
    return _midnight(terms.term.start, zone), _midnight(terms.term.last_day() + dt.timedelta(days=1), zone)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def _parties(contract: Contract, terms: Terms) -> Organisation:
    """The parties' rows; answers the client, to whom systems and sites belong."""
    contract.parties.all().delete()
    client: Organisation | None = None
    for party in terms.parties:
        organisation, _ = Organisation.objects.update_or_create(code=party.code.lower(), defaults={"name": party.name})
        ContractParty.objects.create(contract=contract, organisation=organisation, part=party.role)
        if party.role == "client" and client is None:
            client = organisation
    assert client is not None, "the schema asks for a client"
    return client


def _sites(owner: Organisation, terms: Terms) -> None:
    for site in terms.sites:
        Site.objects.update_or_create(
            organisation=owner, code=site.code, defaults={"name": site.name, "address": site.address or ""}
        )


def _systems(owner: Organisation, terms: Terms) -> dict[str, BusinessSystem]:
    found = {}
    for system in terms.systems:
        found[system.code], _ = BusinessSystem.objects.update_or_create(
            organisation=owner,
            code=system.code,
            defaults={"name": system.name, "name_en": system.name_en or "", "category": system.category},
        )
    return found


def _kpis(contract: Contract, terms: Terms) -> dict[str, Kpi]:
    """One row per indicator. One that the new version drops goes, unless figures hang on it: those are history."""
    found = {}
    for position, term in enumerate(terms.kpis, 1):
        found[term.code], _ = Kpi.objects.update_or_create(
            contract=contract,
            code=term.code,
            defaults={
                "position": position,
                "name": term.name,
                "name_en": term.name_en or "",
                "clause": term.clause,
                "rule": term.rule,
                "direction": term.objective.direction,
                "objective": term.objective.value,
                "unit": term.unit,
                "parameters": term.model_dump(mode="json"),
            },
        )
    contract.kpis.exclude(code__in=found).delete()
    return found


def _scope(contract: Contract, terms: Terms, systems: dict[str, BusinessSystem], kpis: dict[str, Kpi]) -> None:
    """Bind each system to the indicators that measure it, for its time in service within the term."""
    zone = ZoneInfo(terms.zone)
    contract.scope_items.all().delete()
    for kpi in terms.kpis:
        if not kpi.rule.startswith("availability"):
            continue
        for system in terms.systems:
            named = system.code in kpi.systems or system.category in kpi.categories
            if not named and (kpi.systems or kpi.categories):
                continue
            until = system.in_service_until
            ScopeItem.objects.create(
                contract=contract,
                system=systems[system.code],
                kpi=kpis[kpi.code],
                starts_at=max(contract.starts_at, _midnight(system.in_service_from, zone)),
                ends_at=_midnight(until + dt.timedelta(days=1), zone) if until else None,
            )
