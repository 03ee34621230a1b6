"""`opspact targets import`: the same preview as on the page, printed row by row, then the same action."""

from __future__ import annotations

import argparse
import sys

from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from opspact.contracts.models import Contract
from opspact.kit.actions import Caller
from opspact.monitoring import workbook
from opspact.monitoring.actions import apply_import, upload
from opspact.monitoring.models import TargetImport
from opspact.monitoring.workbook.columns import BY_FIELD, header
from opspact.monitoring.workbook.preview import PreviewRow
from opspact.runtime.faults import Fault

LANGUAGE = "zh-hans"


def import_workbook(contract: Contract, content: bytes, options: argparse.Namespace) -> int:
    """Preview `content`, say what is wrong row by row, and apply unless asked not to. Raises Fault when it can't."""
    caller = Caller.system(now=timezone.now(), via="cli")
    with translation.override(LANGUAGE):
        try:
            found = upload(caller, contract, content=content, name=options.file.name)
        except workbook.WorkbookError as error:
            raise Fault(f"{options.file}: {error.text}", "Nothing was imported.") from error
        _print(found)
        if options.dry_run:
            return 0
        try:
            counts = apply_import(
                caller,
                found,
                only_good=options.only_good,
                authorised_by=options.authorised_by,
                reference=options.reference,
            )
        except ValidationError as error:
            raise Fault(" ".join(error.messages), "Nothing was imported.") from error
    print(f"已导入：新增 {counts['new']}，变更 {counts['changed']}。 Imported.")
    return 0


def _print(found: TargetImport) -> None:
    counts = found.counts
    print(f"新增 {counts['new']} · 变更 {counts['changed']} · 无变化 {counts['same']} · 有误 {counts['wrong']}")
    for row in map(PreviewRow.from_json, found.rows):
        for problem in row.problems:
            name = header(BY_FIELD[problem.field], LANGUAGE)
            print(f"第 {row.number} 行 {name}：{problem.text}", file=sys.stderr)
