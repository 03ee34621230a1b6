"""`opspact ipam …`: free space of prefixes from the shell. The ledgers: `opspact assets --ledger prefix …`."""

from __future__ import annotations

import argparse
from typing import Any

from opspact.cli.ledgers import caller, command
from opspact.runtime.faults import Fault


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    ipam = commands.add_parser("ipam", help="地址空间：使用率、取空闲地址或网段、回收、检查 · address space")
    verbs = ipam.add_subparsers(dest="verb", required=True, metavar="VERB")
    usage = command(verbs, "usage", "各网段的使用率，或一个网段的 · how full prefixes are", show_usage, ledger=False)
    usage.add_argument("prefix", nargs="?", default="")
    address = command(
        verbs,
        "next-address",
        "取下一个（或若干）空闲地址并登记 · take the next free addresses",
        next_address,
        ledger=False,
    )
    address.add_argument("--count", type=int, default=1, metavar="N")
    address.add_argument("--reserve", action="store_true", help="登记为预留")
    address.add_argument("--user", default="", help="使用人")
    address.add_argument("--purpose", default="", help="用途")
    prefix = command(
        verbs, "next-prefix", "取下一个空闲网段并登记 · take the next free prefix", next_prefix, ledger=False
    )
    prefix.add_argument("--length", type=int, required=True, metavar="BITS", help="前缀长度，如 28")
    prefix.add_argument("--purpose", default="", help="用途")
    for each in (address, prefix):
        each.add_argument("prefix")
    back = command(
        verbs, "release", "回收地址，已分配的须甲方同意 · give an address back", release_address, ledger=False
    )
    back.add_argument("address")
    back.add_argument("--reason", required=True, help="原因 · why")
    command(verbs, "check", "地址台账中的矛盾 · what contradicts itself", check, ledger=False)
    for each in (usage, address, prefix, back):
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


def release_address(_ledger: None, contract: Any, options: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError

    from opspact.assets.actions.ipam_release import release
    from opspact.assets.ledgers.ipam import ADDRESSES

    code = f"{options.address}@{options.vrf}" if options.vrf else options.address
    found = ADDRESSES.records(contract).select_related("contract").filter(code=code).first()
    if found is None:
        raise Fault(f"台账中没有地址 {code}。", f"The address {code} is not on the ledger.")
    try:
        is_done = release(caller(), found, options.reason)
    except ValidationError as error:
        raise Fault(" ".join(error.messages), "Nothing was changed.") from error
    print("已回收。 Released." if is_done else "已提请甲方同意。 The client is asked.")
    return 0


def check(_ledger: None, contract: Any, _options: argparse.Namespace) -> int:
    from django.utils.timezone import localdate

    from opspact.assets.ipam.checking import findings

    for finding in findings(contract, localdate()):
        if finding.count:
            print(f"{finding.question.words}：{finding.count}（{finding.question.why}）")
            for _key, text in finding.cases:
                print(f"    {text}")
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
