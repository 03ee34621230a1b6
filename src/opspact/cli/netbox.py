"""`opspact assets netbox`: a NetBox API export into the ledgers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from opspact.runtime.faults import Fault

SHOWN = 20
"""Objects told of that are wrong in the same way."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="PATH")
    command.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    command.add_argument(
        "--site",
        action="append",
        default=[],
        metavar="NETBOX=CODE",
        help="NetBox 站点（slug 或名称）对应本合同的哪个地点；可多次给出",
    )


def import_netbox(_ledger: None, contract: Any, options: argparse.Namespace) -> int:
    from opspact.assets.netbox.export import read_export
    from opspact.assets.netbox.here import Here
    from opspact.assets.netbox.importing import bring_in, preview
    from opspact.assets.netbox.leftovers import left_out
    from opspact.assets.netbox.mapping import rows_of
    from opspact.cli.ledgers import caller, counted

    if not options.file.exists():
        raise Fault(f"没有 {options.file}。", f"There is no {options.file}.")
    export = read_export(options.file)
    here = Here.of(contract, export, _pairs(options.site))
    rows = rows_of(export, here)
    _say([*export.remarks, *here.remarks()])
    for brought in (preview if options.dry_run else bring_in)(caller(), contract, rows):
        print(f"{brought.ledger.title}：{counted(brought.written)}", flush=True)
        _print_faults(brought)
    _say(left_out(export))
    print("以上为预览，未写入。 Nothing was written." if options.dry_run else "已导入。 Imported.")
    return 0


def _pairs(given: list[str]) -> dict[str, str]:
    found = {}
    for pair in given:
        name, equals, code = pair.partition("=")
        if not equals:
            raise Fault(f"“{pair}”应写作 NETBOX=CODE。", f"Write {pair} as NETBOX=CODE.")
        found[name.strip()] = code.strip()
    return found


def _print_faults(brought: Any) -> None:
    """What is wrong, object by object; of many that are wrong in the same way the first few."""
    from django.utils.translation import gettext as _

    alike: dict[tuple[str, str, str], list[str]] = {}
    for fault in brought.faults:
        said = f"{fault.object} · {fault.theirs}（{fault.ours}）：{_(fault.wrong.msgid) % fault.wrong.params}"
        alike.setdefault((fault.object.split()[0], fault.theirs, fault.wrong.msgid), []).append(said)
    for lines in alike.values():
        for line in lines[:SHOWN]:
            print(f"  {line}", file=sys.stderr)
        if len(lines) > SHOWN:
            print(f"  …… 另有 {len(lines) - SHOWN} 个对象同样有误", file=sys.stderr)


def _say(remarks: Iterable[Any]) -> None:
    from django.utils.translation import gettext as _

    for each in remarks:
        print(f"注意：{_(each.msgid) % each.params}", file=sys.stderr)
