"""Details travel as codes and are said in words."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import opspact.probes
from opspact.probes.details import MISSED_WORDS, WORDS, detail, explain
from opspact.probes.wire import MAX_DETAIL, MissedReason


@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_detail_comes_back_as_its_words(code: str) -> None:
    message, params = explain(detail(code, "x: y"))
    assert message == WORDS[code]
    assert params == {"arg": "x: y"}
    assert message % params


def test_a_detail_of_a_newer_collector_is_shown_as_it_is() -> None:
    message, params = explain("quantum: 5")
    assert message % params == "quantum: 5"


def test_a_detail_is_printable_and_not_too_long() -> None:
    told = detail("tls", "a\x00b\nc" + "x" * 500)
    assert len(told) == MAX_DETAIL
    assert told.startswith("tls: a b c")


def test_an_unknown_code_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        detail("nonsense")


def test_every_reason_for_missed_time_has_words() -> None:
    assert set(MISSED_WORDS) == {reason.value for reason in MissedReason}


def test_every_text_is_translated_with_the_same_places() -> None:
    folder = Path(opspact.probes.__file__).parent
    with (folder / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = {message.id: message.string for message in read_po(file) if message.id}
    for message in [*WORDS.values(), *MISSED_WORDS.values()]:
        assert re.findall(r"%\(\w+\)s", catalogue[message]) == re.findall(r"%\(\w+\)s", message)
