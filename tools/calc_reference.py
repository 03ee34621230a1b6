"""Writes docs/reference/calc/KIND.{input,output}.schema.json: `python tools/calc_reference.py [--check]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from opspact.calc import kinds
from opspact.calc.running import schema

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference" / "calc"


def pages() -> dict[str, str]:
    """The files as they should be, by name."""
    found = {}
    for name in kinds.names():
        kind = kinds.kind(name)
        for side, model in (("input", kind.takes), ("output", kind.gives)):
            content = schema(model, f"opspact calc {name}: {side}")
            found[f"{name}.{side}.schema.json"] = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return found


def differing() -> list[str]:
    """The names of files that are missing or not as they should be."""
    return [
        name
        for name, text in pages().items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]


def main() -> None:
    if "--check" in sys.argv:
        sys.exit("\n".join(differing()) or 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
