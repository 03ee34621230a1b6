"""Reading the file itself: what is no YAML, no UTF-8, or more YAML than a contract needs."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opspact.contracts.terms import Problem
from opspact.contracts.terms.yamltree import read

Problems = Callable[[str | bytes], list[Problem]]


def _said(content: str | bytes) -> list[str]:
    return [str(problem) for problem in read(content).problems]


def test_numbers_stay_exact_and_words_stay_words() -> None:
    data = read("a: 0.05\nb: no\nc: 18:00\nd: 0123\ne: 2022-07-06\nf: 1e3\ng: null\nh: true\ni: -7\nj: .nan").data
    assert data == {
        "a": Decimal("0.05"),
        "b": "no",
        "c": "18:00",
        "d": "0123",
        "e": date(2022, 7, 6),
        "f": "1e3",
        "g": None,
        "h": True,
        "i": -7,
        "j": ".nan",
    }
    assert str(data["a"]) == "0.05"


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_any_amount_comes_back_digit_for_digit(amount: Decimal) -> None:
    assert str(read(f"amount: {amount:f}").data["amount"]) == f"{amount:f}"


def test_gbk_is_named_as_such(example: str) -> None:
    said = _said(example.encode("gbk", "replace"))
    assert said == ["line 1: the file is not UTF-8 text, it looks like GBK: save it again as UTF-8"]


def test_bytes_of_no_known_text_are_refused() -> None:
    assert _said(b"code: x\nname: \xff\xff\xff") == ["line 2: the file is not UTF-8 text"]


def test_a_byte_order_mark_does_no_harm(small: str, problems_in: Problems) -> None:
    assert problems_in(b"\xef\xbb\xbf" + small.encode()) == []
    assert problems_in("\ufeff" + small) == []


def test_windows_line_ends_do_no_harm(small: str, problems_in: Problems) -> None:
    assert problems_in(small.replace("\n", "\r\n")) == []


def test_every_tab_in_the_indentation_is_named() -> None:
    assert _said("term:\n\tstart: 2022-07-06\n\tmonths: 12\n") == [
        "line 2: a tab character in the indentation: use spaces",
        "line 3: a tab character in the indentation: use spaces",
    ]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ("", "line 1: the file is empty"),
        ("# nothing but a comment\n", "line 1: the file is empty"),
        ("a: [1, 2\nb: 3", "line 2: this is not valid YAML"),
        ("a: 'open", "this is not valid YAML"),
        ("a: 1\n---\nb: 2", "line 2: this is not valid YAML: expected a single document in the stream"),
        ("a: &x 1\nb: *x", "line 1: this is not valid YAML: anchors and aliases are not used here"),
        ("a: !!python/object:os.system x", "line 1, a: the tag tag:yaml.org,2002:python/object:os.system is not used"),
        ("? [a, b]\n: 1", "line 1: a key must be text"),
        ("1: one", "line 1: a key must be text"),
        ("a: \x07", "line 1: this is not valid YAML: special characters are not allowed (U+0007)"),
        ("[" * 40 + "]" * 40, "line 1: this is not valid YAML: nested too deeply"),
        ("a: " + "x" * 1_000_001, "line 1: the file is longer than 1000000 characters"),
        ('a: "\\ud800"', "line 1, a: the character U+D800 cannot be stored"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(content: str, answer: str) -> None:
    (said,) = _said(content)
    assert said.startswith(answer) or answer in said


@pytest.mark.parametrize("content", ["- a\n- b", "just words", "42"])
def test_a_file_without_keys_is_refused(content: str, problems_in: Problems) -> None:
    assert [str(problem) for problem in problems_in(content)] == [
        "line 1: the file must begin with keys such as code and name"
    ]


@settings(deadline=None)
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_whatever_the_bytes_the_answer_is_terms_or_problems(content: bytes | str, problems_in: Problems) -> None:
    assert problems_in(content)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_spoilt_line_never_ends_in_anything_but_problems_in_the_file(
    data: st.DataObject, small: str, problems_in: Problems
) -> None:
    lines = small.split("\n")
    number = data.draw(st.integers(0, len(lines) - 1))
    bad = data.draw(st.sampled_from(["", "x", "- 1", "  - [", "code: 1", "systems: 3", "kpis: [{rule: []}]", "\t: 2"]))
    text = "\n".join([*lines[:number], bad, *lines[number + 1 :]])
    for problem in problems_in(text):
        assert 1 <= problem.line <= len(lines)
        assert problem.column >= 1
        assert str(problem)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_an_unknown_key_anywhere_is_reported_on_its_own_line(
    data: st.DataObject, small: str, problems_in: Problems
) -> None:
    lines = small.split("\n")
    places = [n for n, line in enumerate(lines) if line.strip() and line.strip()[0] not in "#-" and ": " in line]
    number = data.draw(st.sampled_from(places))
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    text = "\n".join([*lines[:number], f"{indent}qqqqqq: 1", *lines[number:]])
    assert {problem.line for problem in problems_in(text)} == {number + 1}
