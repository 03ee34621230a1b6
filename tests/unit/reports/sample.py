"""A content with everything a report can have: Chinese, a chart with all states, an empty table, hostile texts."""

from __future__ import annotations

import json
from typing import Any

HOUR_US = 3_600_000_000
WEEK_START = 1_667_145_600_000_000  # 2022-10-31 00:00 in Beijing
HOSTILE = (
    '#include "/etc/passwd"',
    "#panic() $ x^2 $ *粗* _斜_ @ref <label> `raw`",
    "{{ 7*7 }} {% for x in y %} {{ head.__class__ }}",
    "</w:t></w:r><w:p/> & <script>alert(1)</script>",
    "\x00\x07控制字符\ufffe",
)


def content(**changes: Any) -> Any:
    """A fresh copy, with top-level keys replaced by `changes`."""
    return json.loads(json.dumps(_CONTENT)) | changes


def _chart() -> dict[str, Any]:
    hours = (("up", 60), ("down", 2), ("up", 30), ("unknown", 20), ("maintenance", 4), ("degraded", 2), ("excused", 50))
    pieces, at = [], WEEK_START
    for state, length in hours:
        pieces.append([at, at + length * HOUR_US, state])
        at += length * HOUR_US
    return {
        "title": "本周系统状态",
        "start": WEEK_START,
        "end": at,
        "ticks": [[WEEK_START + day * 24 * HOUR_US, f"第{day + 1}天"] for day in range(7)],
        "rows": [{"name": "应急值守系统", "value": "99.31%", "pieces": pieces}],
        "legend": [["up", "正常"], ["down", "中断"], ["unknown", "未知"]],
    }


_TABLE = [
    {"title": "系统", "align": "left"},
    {"title": "可用率", "align": "right"},
    {"title": "结论", "align": "center"},
]
_CONTENT = {
    "format": 1,
    "language": "zh-hans",
    "number": "WR-2022-000001",
    "dated": "2022-11-07",
    "head": {
        "title": "运维周报",
        "contract": "应急指挥系统运维合同",
        "facts": [["合同", "应急指挥系统运维合同"], ["周期", "2022-10-31 至 2022-11-06"]],
    },
    "mark": "",
    "sections": [
        {
            "code": "overview",
            "title": "一、概述",
            "text": "本周运行平稳。\n\n无重大事故。",
            "columns": [],
            "rows": [],
            "empty": "",
        },
        {
            "code": "availability",
            "title": "二、系统可用率",
            "text": "",
            "columns": _TABLE,
            "rows": [
                {"cells": ["应急值守系统", "99.31%", "已达标"], "ref": "system:duty"},
                {"cells": ["局网站系统", "95.99%", "未达标"]},
            ],
            "empty": "没有系统。",
            "chart": _chart(),
        },
        {"code": "outages", "title": "三、故障", "text": "", "columns": _TABLE, "rows": [], "empty": "本周没有中断。"},
    ],
    "signatures": ["编制：______", "日期：______"],
    "words": {"page": "第 {page} 页 共 {pages} 页", "hash": "内容摘要 SHA-256", "draft": "草稿"},
}
