"""`opspact ipam …`: free space of prefixes from the shell. The ledgers: `opspact assets --ledger prefix …`."""

from __future__ import annotations

import argparse
from typing import Any

from opspact.cli.ledgers import caller, command
from opspact.runtime.faults import Fault


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    ipam = commands.add_parser("ipam", help="地址空间：使用率、取下一个空闲地址或网段")
    verbs = ipam.add_subparsers(dest="verb", required=True, metavar="VERB")
    usage = command(verbs, "usage", "各网段的使用率，或一个网段的", show_usage, ledger=False)
    usage.add_argument("prefix", nargs="?", default="")
    address = command(verbs, "next-address", "取下一个（或若干）空闲地址并登记", next_address, ledger=False)
    address.add_argument("--count", type=int, default=1, metavar="N")
    address.add_argument("--reserve", action="store_true", help="登记为预留")
    address.add_argument("--user", default="", help="使用人")
    address.add_argument("--purpose", default="", help="用途")
    prefix = command(verbs, "next-prefix", "取下一个空闲网段并登记", next_prefix, ledger=False)
    prefix.add_argument("--length", type=int, required=True, metavar="BITS", help="前缀长度，如 28")
    prefix.add_argument("--purpose", default="", help="用途")
    for each in (address, prefix):
        each.add_argument("prefix")
    for each in (usage, address, prefix):
        each.add_argument("--vrf", default="", metavar="CODE", help="路由域，默认公共路由域")


def show_usage(_ledger: None, contract: Any, options: argparse.Namespace) -> int:
    from opspact.assets.ipam.usage import usages
    from opspact.assets.ledgers.ipam import PREFIXES

    found = [_prefix(contract, options)] if options.prefix else list(PREFIXES.records(contract).order_by("prefix"))
    usage = usages(found)
    for each in found:
        one = usage[each.pk]
        print(f"{each}\t{float(one.share):.1%}\t{one.used}/{one.size}\t{each.purpose}")
    return 0


def next_address(_ledger: None, contract: Any, options: argparse.Namespace) -> int:
    from opspact.assets.actions.ipam import take_addresses

    values = {"user": options.user, "purpose": options.purpose}
    given = {name: value for name, value in values.items() if value}
    prefix = _prefix(contract, options)
    for each in take_addresses(caller(), prefix, options.count, values=given, is_reserved=options.reserve):
        print(each.ip)
    return 0


def next_prefix(_ledger: None, contract: Any, options: argparse.Namespace) -> int:
    from opspact.assets.actions.ipam import take_prefix

    given = {"purpose": options.purpose} if options.purpose else {}
    print(take_prefix(caller(), _prefix(contract, options), options.length, values=given).prefix)
    return 0


def _prefix(contract: Any, options: argparse.Namespace) -> Any:
    from opspact.assets.ledgers.ipam import PREFIXES
    from opspact.kit.ledgers.reading import read_network

    records = PREFIXES.records(contract).select_related("contract")
    in_vrf = records.filter(vrf__code=options.vrf) if options.vrf else records.filter(vrf=None)
    found = in_vrf.filter(prefix=read_network(options.prefix)).first()
    if found is None:
        raise Fault(f"台账中没有网段 {options.prefix}。", f"The prefix {options.prefix} is not on the ledger.")
    return found
