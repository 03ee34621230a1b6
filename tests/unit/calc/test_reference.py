"""The published schemas are those of the program, and every worked file belongs to a kind and can be calculated."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.calc_reference import differing

from opspact.calc import kinds
from opspact.calc.language import Words
from opspact.calc.running import Context, Finding, Refused, calculate

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples" / "calc").glob("*.json"))
SLOW = ("roster-generate-month.json",)  # calculated in its own test, with a shorter search


def test_the_schemas_in_the_docs_are_those_of_the_program() -> None:
    assert differing() == []


def test_every_kind_has_a_worked_file() -> None:
    assert {path.name.split("-")[0] for path in EXAMPLES} == set(kinds.names())


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path.name not in SLOW], ids=lambda path: path.stem)
def test_every_worked_file_is_calculated_and_explained(path: Path) -> None:
    context = Context(read=lambda name: (path.parent / name).read_bytes())
    answer = calculate(kinds.kind(path.name.split("-")[0]), path.read_bytes(), context)
    assert answer["explain"]
    assert all(step["text"] for each in answer["explain"] for step in each["steps"])


@pytest.mark.parametrize("name", kinds.names())
def test_an_empty_document_is_refused_in_both_languages(name: str) -> None:
    with pytest.raises(Refused) as refused:
        calculate(kinds.kind(name), b"{}", Context())
    for finding in refused.value.findings:
        assert finding.text(Words("zh")) != finding.text(Words("en"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "this is not valid JSON"),
        (b'{"amounts": [1, 2', "this is not valid JSON"),
        (b'{"amounts": [1], "amounts": [2]}', "the key amounts stands twice"),
        (b"[" * 100_000, "this is not valid JSON"),
        (b'{"amounts": "12"}', "amounts: expected a list, found 12"),
        (b'{"amount": ["12"]}', "amount: nothing here is called that"),
        (b'{"amounts": [1, "12.345"]}', r"amounts\[1\]: 12.345 has more than two decimals"),
        (b'{"amounts": [NaN]}', "expected a number"),
    ],
)
def test_rubbish_is_refused_with_its_place(source: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        calculate(kinds.kind("capital"), source, Context())


def test_a_finding_of_the_whole_document_has_no_place() -> None:
    assert Finding("", "this key is missing").text(Words("en")) == "this key is missing"
