"""`opspact contract …` and `opspact targets …`: what comes in and goes out as files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from opspact.cli.common import add_data_option, django_in, installation, read_file
from opspact.runtime.faults import Fault


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    contract = commands.add_parser("contract", help="合同条款 · contract terms").add_subparsers(required=True)
    load = contract.add_parser("load", help="载入合同条款文件 · load a file of terms")
    load.add_argument("file", type=Path)
    add_data_option(load)
    load.set_defaults(run=load_contract)

    targets = commands.add_parser("targets", help="监控对象 · monitored targets").add_subparsers(required=True)
    template = targets.add_parser("template", help="导出 Excel 模板 · write the Excel template")
    template.add_argument("file", type=Path, nargs="?", default=Path("opspact-targets.xlsx"))
    _add_contract_option(template)
    template.set_defaults(run=write_template)
    load_targets = targets.add_parser("import", help="导入已填写的模板 · import a filled template")
    load_targets.add_argument("file", type=Path)
    _add_contract_option(load_targets)
    load_targets.add_argument("--authorised-by", required=True, help="授权探测这些地址的人或单位")
    load_targets.add_argument("--reference", required=True, help="授权文件或场合")
    load_targets.add_argument("--only-good", action="store_true", help="有错误行时，只导入正确的行")
    load_targets.add_argument("--dry-run", action="store_true", help="只预览，不导入")
    load_targets.set_defaults(run=import_targets)


def _add_contract_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--contract", default="self", metavar="CODE", help="合同代码（默认 self：本机自监）")
    add_data_option(command)


def load_contract(options: argparse.Namespace) -> int:
    source = read_file(options.file)
    with django_in(installation(options)):
        from django.utils import timezone, translation

        from opspact.contracts.actions import load_contract as load
        from opspact.contracts.terms import TermsError
        from opspact.kit.actions import Caller

        try:
            contract, changed = load(Caller.system(now=timezone.now(), via="cli"), source, name=options.file.name)
        except TermsError as error:
            with translation.override("zh-hans"):
                for problem in error.problems:
                    print(f"{options.file}: {problem.text(translation.gettext)}", file=sys.stderr)
            raise Fault("合同未载入，数据未改动。", "The contract was not loaded; nothing was changed.") from error
        print(f"{contract.code} {contract.name}: {'已载入 loaded' if changed else '无变化 unchanged'}")
    return 0


def _contract(code: str) -> Any:
    from opspact.contracts.models import Contract

    found = Contract.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Contract.objects.values_list("code", flat=True)) or "-"
        raise Fault(
            f"没有代码为 {code} 的合同（现有：{known}）。", f"There is no contract {code} (there are: {known})."
        )
    return found


def write_template(options: argparse.Namespace) -> int:
    with django_in(installation(options)):
        from opspact.monitoring import workbook

        content = workbook.template(_contract(options.contract), "zh-hans")
    options.file.write_bytes(content)
    print(options.file)
    return 0


def import_targets(options: argparse.Namespace) -> int:
    content = read_file(options.file)
    with django_in(installation(options)):
        from opspact.cli.targets import import_workbook

        return import_workbook(_contract(options.contract), content, options)
