"""`opspact calc availability FILE`: a KPI figure made again from its export, with core alone and no database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from opspact.cli.common import read_file
from opspact.core.errors import CoreError
from opspact.fulfilment.figures import exported
from opspact.runtime.faults import Fault


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    calc = commands.add_parser("calc", help="用导出的数据重新计算指标（不需要数据库）")
    kinds = calc.add_subparsers(dest="kind", required=True, metavar="KIND")
    availability = kinds.add_parser("availability", help="可用率：读取指标页导出的 JSON，输出结果与计算步骤")
    availability.add_argument("file", metavar="FILE", help="导出文件，- 表示标准输入")
    availability.set_defaults(run=calc_availability)


def calc_availability(options: argparse.Namespace) -> int:
    """Print the recomputed figures with their steps; exit code 2 when they differ from those in the file."""
    source = sys.stdin.buffer.read() if options.file == "-" else read_file(Path(options.file))
    answer = recomputed(source)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0 if answer["agrees"] in (True, None) else 2


def recomputed(source: bytes) -> dict[str, Any]:
    """The answer as plain JSON; `agrees` is None when the file claims no figures. Raises Fault."""
    try:
        data = json.loads(source)
        extract, period, method, objective = exported.read(data)
        figures = exported.figures(extract, period, method, objective)
        steps = exported.explanations(extract, period, method, objective)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Fault(f"文件不是有效的 JSON：{error}。", f"The file is not valid JSON: {error}.") from error
    except (exported.ExportError, CoreError) as error:
        raise Fault(f"无法重新计算：{error}。", f"This cannot be recomputed: {error}.") from error
    claimed = data.get("figures")
    return {
        "contract": extract.contract,
        "simulated": extract.simulated,
        "kpi": data.get("kpi"),
        "period": list(period),
        "method": method,
        "objective": str(objective),
        "figures": figures,
        "agrees": None if claimed is None else claimed == figures,
        "explain": {code: explanation.to_json() for code, explanation in steps.items()},
    }
