"""`opspact calc KIND [FILE]`: any figure made again from a document, with core alone and no database."""

from __future__ import annotations

import argparse
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from opspact.calc import kinds
from opspact.calc.language import LANGUAGES, Words
from opspact.calc.running import Context, Kind, Refused, calculate, schema
from opspact.cli.common import add_data_option, django_in, installation, read_file
from opspact.core.calendars import WorkCalendar
from opspact.runtime.faults import Fault

DISAGREES = 2


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    calc = commands.add_parser("calc", help="按输入的数据计算时限、可用率、指标、违约金、排班等（不需要数据库）")
    calc.add_argument("kind", choices=kinds.names(), metavar="KIND", help="、".join(kinds.names()))
    calc.add_argument("file", nargs="?", default="-", metavar="FILE", help="JSON 文件（台账可用 CSV），缺省读标准输入")
    calc.add_argument("--language", choices=sorted(LANGUAGES), default="zh", help="说明文字的语言，默认 zh")
    calc.add_argument("--schema", choices=("input", "output"), help="只输出该类计算的 JSON Schema")
    add_data_option(calc)
    calc.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the answer; exit code 2 when a document claims figures and they come out differently."""
    kind = kinds.kind(options.kind)
    words = Words(options.language)
    if options.schema:
        model = kind.takes if options.schema == "input" else kind.gives
        answer = schema(model, f"opspact calc {kind.name}: {options.schema}")
    else:
        answer = _answer(kind, options, words)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return DISAGREES if answer.get("agrees") is False else 0


def _answer(kind: Kind[Any, Any], options: argparse.Namespace, words: Words) -> dict[str, Any]:
    path = None if options.file == "-" else Path(options.file)
    source = sys.stdin.buffer.read() if path is None else read_file(path)
    folder = path.parent if path else Path.cwd()
    context = Context(words, partial(_loaded_calendar, options), partial(_beside, folder))
    try:
        return calculate(kind, source, context)
    except Refused as refused:
        sentences = [[finding.text(Words(language)) for finding in refused.findings] for language in ("zh", "en")]
        raise Fault(*("\n".join(lines) for lines in sentences)) from refused


def _beside(folder: Path, name: str) -> bytes:
    """A file that lies beside the document: a document from elsewhere must not name any other. Raises Fault."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise Fault(f"{name} 不是文档所在目录中的文件。", f"{name} is no file beside the document.")
    return read_file(path)


def _loaded_calendar(options: argparse.Namespace, name: str) -> WorkCalendar | None:
    """`CONTRACT/CALENDAR` from this installation; nothing is opened for another kind of name."""
    contract, slash, calendar = name.partition("/")
    if not slash:
        return None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opspact.config.settings")
    with django_in(installation(options)):
        from opspact.contracts.calendars import calendar_of

        return calendar_of(contract, calendar)
