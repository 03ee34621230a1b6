"""The JSON Schema and the reference page follow the models; the messages have their Chinese."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import yaml

from opspact.contracts.terms import Terms, json_schema

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"
TERMS = ROOT / "src" / "opspact" / "contracts" / "terms"


def test_the_published_json_schema_is_current() -> None:
    """If not: python -m opspact.contracts.terms > docs/reference/contract-terms.schema.json"""
    printed = subprocess.run([sys.executable, "-m", "opspact.contracts.terms"], capture_output=True, check=True).stdout
    assert (REFERENCE / "contract-terms.schema.json").read_text("utf-8") == printed.decode()


def test_the_schema_closes_every_section() -> None:
    schema = json_schema()
    models = [schema, *schema["$defs"].values()]
    assert all(model["additionalProperties"] is False for model in models if "properties" in model)


def test_the_reference_page_has_a_heading_for_each_section() -> None:
    headings = [line for line in (REFERENCE / "contract-terms.md").read_text("utf-8").split("\n") if line[:3] == "## "]
    sections = {name for name in Terms.model_fields if f"`{name}`" in "".join(headings)}
    assert set(Terms.model_fields) - sections == {
        "format", "code", "name", "short_name", "language", "zone", "simulated", "signed_on"
    }  # fmt: skip


def test_the_examples_of_the_reference_page_are_yaml() -> None:
    blocks = (REFERENCE / "contract-terms.md").read_text("utf-8").split("```yaml\n")[1:]
    for block in blocks:
        assert set(yaml.safe_load(block.split("```")[0])) <= set(Terms.model_fields)


def test_the_package_imports_no_django() -> None:
    for file in TERMS.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "django" for name in names), file


def test_nothing_of_the_example_is_written_into_the_schema() -> None:
    text = "".join(file.read_text("utf-8") for file in TERMS.glob("*.py"))
    for word in ("2347000", "117350", "太极", "应急", "beijing", "OA"):
        assert word not in text


def test_every_message_has_its_chinese_with_the_same_parameters() -> None:
    chinese = dict(_entries((TERMS.parent / "locale/zh_Hans/LC_MESSAGES/django.po").read_text("utf-8")))
    for msgid in _msgids():
        assert sorted(re.findall(r"%\(\w+\)s", chinese[msgid])) == sorted(re.findall(r"%\(\w+\)s", msgid))


def _msgids() -> list[str]:
    calls = [node for file in TERMS.glob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    return [
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]


def _entries(po: str) -> list[tuple[str, str]]:
    return re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', po, re.MULTILINE)
