"""`opspact assets …`: every ledger from the shell, by the same actions as the pages."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from opspact.cli.common import add_data_option, django_in, installation, progress, read_file, writing
from opspact.cli.netbox import add_arguments, import_netbox
from opspact.runtime.faults import Fault

LANGUAGE = "zh-hans"


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    assets = commands.add_parser(
        "assets",
        help="台账：列出、查询、新增、修改、导入、导出（资产、线路、终端、机房等） · every ledger from the shell",
    )
    verbs = assets.add_subparsers(dest="verb", required=True, metavar="VERB")
    command(verbs, "ledgers", "列出全部台账及其字段 · the ledgers and their fields", the_ledgers, ledger=False)
    find = command(verbs, "list", "列出记录（JSON，每行一条） · records as JSON lines", listing)
    find.add_argument("--search", default="", metavar="TEXT", help="按编码、名称等检索")
    find.add_argument(
        "--where", action="append", default=[], metavar="筛选=值", help="如列表的筛选，可多次给出 · a filter"
    )
    show = command(verbs, "show", "一条记录及其变更历史 · one record with its history", show_record)
    show.add_argument("code")
    add = command(verbs, "add", "新增一条记录 · add a record", add_record)
    change = command(verbs, "set", "修改一条记录的字段 · change fields of a record", change_record)
    change.add_argument("code")
    delete = command(verbs, "delete", "从台账移除一条记录（可恢复） · take a record off the ledger", delete_record)
    delete.add_argument("code")
    restore = command(verbs, "restore", "恢复被移除的记录 · put a deleted record back", restore_record)
    restore.add_argument("code")
    for each in (add, change):
        each.add_argument("values", nargs="+", metavar="字段=值")
    for each in (add, change, delete, restore):
        each.add_argument("--reason", default="", help="原因，写入变更历史")
    bring = command(
        verbs, "import", "导入 Excel：先预览，再写入 · import a workbook, after its preview", import_workbook
    )
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--dry-run", action="store_true", help="只预览")
    bring.add_argument("--only-good", action="store_true", help="有错误的行除外，其余写入")
    bring.add_argument("--clear", action="store_true", help="空单元格清空字段")
    take = command(verbs, "export", "导出为可再导入的 Excel · export a workbook that reads back", export_workbook)
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--search", default="", metavar="TEXT")
    take.add_argument(
        "--where", action="append", default=[], metavar="筛选=值", help="如列表的筛选，可多次给出 · a filter"
    )

    facts = command(
        verbs,
        "facts",
        "载入其他系统看到的设备信息（CSV 或 JSON），与台账比对 · facts of devices as proposals",
        take_facts,
        ledger=False,
    )
    facts.add_argument("file", type=Path, metavar="FILE")
    facts.add_argument("--source", required=True, help="来源，如 网管平台")
    netbox = command(
        verbs,
        "netbox",
        "导入 NetBox API 导出（目录、zip 或 JSON 文件） · bring in a NetBox API export",
        import_netbox,
        ledger=False,
    )
    add_arguments(netbox)


def command(
    verbs: argparse._SubParsersAction[Any], name: str, words: str, run: Callable[..., int], *, ledger: bool = True
) -> argparse.ArgumentParser:
    """A verb that runs as `run(ledger, contract, options)` inside the installation, `ledger` None unless it has one."""
    made = verbs.add_parser(name, help=words)
    made.add_argument("--contract", required=True, metavar="CODE", help="合同编号")
    if ledger:
        made.add_argument("--ledger", default="asset", metavar="NAME", help="台账，默认 asset（见 assets ledgers）")
    add_data_option(made)
    made.set_defaults(run=partial(_inside, run))
    return made


def _inside(run: Callable[..., int], options: argparse.Namespace) -> int:
    with django_in(installation(options)):
        from django.utils import translation

        from opspact.contracts.models import Contract
        from opspact.core.inputs import Wrong
        from opspact.kit.ledgers import plain
        from opspact.kit.ledgers.ledger import ledgers
        from opspact.kit.ledgers.writing import RecordRefused

        contract = Contract.objects.filter(code=options.contract).first()
        if contract is None:
            raise Fault(f"没有编号为 {options.contract} 的合同。", f"There is no contract {options.contract}.")
        with translation.override(LANGUAGE):
            found = None
            if "ledger" in options:
                found = next((each for each in ledgers.all() if each.name.split(".")[-1] == options.ledger), None)
                if found is None:
                    raise Fault(f"没有名为 {options.ledger} 的台账。", f"There is no ledger {options.ledger}.")
            try:
                return run(found, contract, options)
            except Wrong as wrong:
                raise Fault(translation.gettext(wrong.msgid) % wrong.params, str(wrong)) from wrong
            except RecordRefused as refused:
                lines = [
                    f"{name}: {'；'.join(texts)}".removeprefix(": ")
                    for name, texts in plain.said(refused, translation.gettext).items()
                ]
                raise Fault("\n".join(lines), "Nothing was written.") from refused


def the_ledgers(_ledger: None, contract: Any, _options: argparse.Namespace) -> int:
    from opspact.kit.ledgers.ledger import ledgers

    for ledger in ledgers.all():
        print(f"{ledger.name.split('.')[-1]}\t{ledger.title}")
        for each in ledger.all_fields(contract):
            print(f"    {each.name}\t{each.label}")
    return 0


def listing(ledger: Any, contract: Any, options: argparse.Namespace) -> int:
    from opspact.kit.ledgers import plain

    fields = ledger.all_fields(contract)
    for record in _matching(ledger, contract, options).order_by(ledger.key).iterator(chunk_size=2000):
        print(json.dumps(plain.as_json(fields, record), ensure_ascii=False))
    return 0


def show_record(ledger: Any, contract: Any, options: argparse.Namespace) -> int:
    from opspact.kit.ledgers import plain
    from opspact.kit.ledgers.pages.record import history

    record = _record(ledger, contract, options.code)
    fields = ledger.all_fields(contract)
    print(json.dumps(plain.as_json(fields, record), ensure_ascii=False, indent=2))
    for change in history(fields, record):
        print(f"{change.at:%Y-%m-%d %H:%M} {change.what} {change.who} {change.said}".replace("\n", "；"))
    return 0


def add_record(ledger: Any, contract: Any, options: argparse.Namespace) -> int:
    from opspact.kit.ledgers import actions

    print(actions.create(caller(), ledger, contract, _values(ledger, contract, options.values), options.reason))
    return 0


def change_record(ledger: Any, contract: Any, options: argparse.Namespace) -> int:
    from opspact.kit.ledgers import actions

    record = _record(ledger, contract, options.code)
    print(actions.change(caller(), ledger, record, _values(ledger, contract, options.values), options.reason))
    return 0


def delete_record(ledger: Any, contract: Any, options: argparse.Namespace) -> int:
    from opspact.kit.ledgers import actions

    actions.delete(caller(), ledger, contract, [_record(ledger, contract, options.code)], options.reason)
    return 0


def restore_record(ledger: Any, contract: Any, options: argparse.Namespace) -> int:
    from opspact.kit.ledgers import actions

    found = ledger.records(contract, deleted=True).filter(**{ledger.key: options.code}).first()
    if found is None:
        raise Fault(f"已移除的记录中没有 {options.code}。", f"{options.code} is not among the deleted records.")
    actions.restore(caller(), ledger, contract, [found], options.reason)
    return 0


def import_workbook(ledger: Any, contract: Any, options: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError
    from django.utils.translation import gettext as _

    from opspact.kit.ledgers import imports
    from opspact.kit.ledgers.files import WorkbookError

    content = read_file(options.file)
    try:
        batch = imports.upload(
            caller(), ledger, contract, content=content, name=options.file.name, clears=options.clear
        )
    except WorkbookError as error:
        raise Fault(f"{options.file}: {error.text}", "Nothing was imported.") from error
    progress("正在读取", "reading")
    imports.read(batch, ledger, contract)
    if batch.failure:
        raise Fault(_(batch.failure["message"]) % batch.failure["params"], "Nothing was imported.")
    print(counted(batch.counts))
    _print_wrong(batch)
    if options.dry_run:
        return 0
    try:
        done = imports.apply(caller(), ledger, contract, batch, only_good=options.only_good)
    except ValidationError as error:
        raise Fault(" ".join(error.messages), "Nothing was imported.") from error
    print(f"已导入：新增 {done.get('new', 0)}，变更 {done.get('changed', 0)}。 Imported.")
    return 0


def export_workbook(ledger: Any, contract: Any, options: argparse.Namespace) -> int:
    from opspact.kit.ledgers import workbook
    from opspact.kit.lists.kept import export

    records = _matching(ledger, contract, options).order_by(ledger.key).iterator(chunk_size=2000)
    with writing(options.file) as target:
        rows = export(
            caller(),
            contract,
            list_name=ledger.name,
            query=options.search,
            write=lambda: workbook.write(target, ledger, contract, LANGUAGE, records),
        )
    print(f"已导出 {rows} 条。 {rows} records.")
    return 0


def take_facts(_ledger: None, contract: Any, options: argparse.Namespace) -> int:
    from opspact.assets.actions.discovery import take_facts as take
    from opspact.assets.discovery.reading import read_facts

    done = take(caller(), contract, options.source, read_facts(read_file(options.file)))
    print(f"设备 {done['devices']}，台账已有 {done['known']}，新提议 {done['opened']}。 {done['opened']} proposals.")
    return 0


def counted(counts: dict[str, int]) -> str:
    """How many rows are new, changed, the same and wrong, in words."""
    words = {"new": "新增", "changed": "变更", "same": "无变化", "wrong": "有误"}
    return " · ".join(f"{word} {counts.get(name, 0)}" for name, word in words.items())


def _print_wrong(batch: Any) -> None:
    from django.utils.translation import gettext as _

    for row in batch.rows.filter(status="wrong"):
        for _name, cell, msgid, params in row.problems:
            print(f"第 {row.number} 行 {cell}：{_(msgid) % params}", file=sys.stderr)


def caller() -> Any:
    """The shell acts as the machine itself; the audit says so."""
    from django.utils import timezone

    from opspact.kit.actions import Caller

    return Caller.system(now=timezone.now(), via="cli")


def _matching(ledger: Any, contract: Any, options: argparse.Namespace) -> Any:
    """The records that the list's search and filters find. Raises Fault for a filter that there is not."""
    from django.http import QueryDict

    from opspact.kit.ledgers.filters import filterset_of

    made = filterset_of(ledger, contract)
    given = QueryDict(mutable=True)
    given["q"] = options.search
    for pair in options.where:
        name, equals, value = pair.partition("=")
        if not equals or name not in made.base_filters:
            known = "、".join(sorted(made.base_filters))
            raise Fault(f"没有筛选“{name}”；有：{known}", f"There is no filter {name}; write FILTER=VALUE.")
        given[name] = value
    filters = made(given, queryset=ledger.records(contract))
    if not filters.is_valid():
        raise Fault(filters.errors.as_text(), "A filter has a value that it does not know.")
    return filters.qs


def _record(ledger: Any, contract: Any, code: str) -> Any:
    found = ledger.records(contract).select_related("contract").filter(**{ledger.key: code}).first()
    if found is None:
        raise Fault(f"台账“{ledger.title}”中没有 {code}。", f"{code} is not on the ledger.")
    return found


def _values(ledger: Any, contract: Any, pairs: list[str]) -> dict[str, Any]:
    """`字段=值`, the field by its name or any of its headers."""
    from opspact.kit.ledgers import plain
    from opspact.kit.ledgers.ledger import bare, headers_of

    fields = ledger.bound_fields(contract)
    headers = headers_of(fields)
    given = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Fault(f"“{pair}”应写作 字段=值。", f"Write {pair} as FIELD=VALUE.")
        found = headers.get(bare(name))
        given[found.name if found else name] = value
    return plain.from_json(ledger, fields, given)
