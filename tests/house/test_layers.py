"""A room knows only what lies below it; import-linter reads the imports, and we the foreign keys it can't see."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]


def _layers() -> list[str]:
    """The rooms from the top of the house to its ground floor, from the same list that import-linter reads."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:house"]["layers"].split("\n")
    return [line.strip() for line in lines if line.strip()]


def test_imports_only_look_down() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_foreign_keys_only_point_down() -> None:
    """String references escape import-linter; every relation of every model is walked here."""
    floor = {room: number for number, room in enumerate(reversed(_layers()))}
    upward = []
    for model in apps.get_models():
        room = model._meta.app_config.name.removeprefix("opspact.")
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            other = field.related_model._meta.app_config.name.removeprefix("opspact.")
            if room in floor and other in floor and floor[other] > floor[room]:
                upward.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")
    assert upward == []
