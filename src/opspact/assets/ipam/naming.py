"""Codes that say what a record is about: the prefix or address itself, with its routing domain where it has one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q

from opspact.assets.models import AddressRange, IpAddress, Prefix, Vlan
from opspact.assets.models.ipam import AGAIN, named
from opspact.kit.models import LedgerRecord


def of_prefix(prefix: Prefix) -> str:
    return _in_domain(str(prefix.prefix), prefix.vrf)


def of_address(address: IpAddress) -> str:
    return _in_domain(str(address.ip), address.vrf)


def of_range(kept: AddressRange) -> str:
    mark = ":" if ":" in str(kept.last) else "."
    return _in_domain(f"{kept.first}-{str(kept.last).rpartition(mark)[2]}", kept.prefix.vrf)


def of_vlan(vlan: Vlan) -> str:
    return f"{vlan.site.code}-{vlan.vid}" if vlan.site else str(vlan.vid)


def give(contract: Any, records: Sequence[Any], code_of: Callable[[Any], str]) -> None:
    """Set the codes of records that are new or no longer are what their code says."""
    due = defaultdict(list)
    for record in records:
        wanted = code_of(record)
        if record.pk is None or named(str(record.code)) != wanted:
            due[wanted].append(record)
    taken = _taken(type(records[0]), contract, due) if due else set()
    for wanted, members in due.items():
        for record in members:
            record.code = _first_free(wanted, taken)
            taken.add(record.code)


def _in_domain(text: str, vrf: Any) -> str:
    return f"{text}@{vrf.code}" if vrf else text


def _taken(model: type[LedgerRecord], contract: Any, wanted: Iterable[str]) -> set[str]:
    """Codes on the ledger that begin like the wanted ones, deleted records included."""
    exact = set(model._default_manager.filter(contract=contract, code__in=list(wanted)).values_list("code", flat=True))
    again = Q()
    for code in exact:
        again |= Q(code__startswith=f"{code}{AGAIN}")
    if exact:
        exact |= set(model._default_manager.filter(again, contract=contract).values_list("code", flat=True))
    return exact


def _first_free(wanted: str, taken: set[str]) -> str:
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}{AGAIN}{number}"
    return code
