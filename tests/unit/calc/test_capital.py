"""`opspact calc capital`: the worked files and their known answers."""

import json
from pathlib import Path

import pytest

from opspact.calc import kinds
from opspact.calc.language import Words
from opspact.calc.running import Context, Refused, calculate

EXAMPLES = Path(__file__).parents[3] / "examples" / "calc"


def answer(source):
    return calculate(kinds.kind("capital"), source, Context(Words("en")))


def test_the_contracts_figures_in_capitals():
    pairs = answer((EXAMPLES / "capital-contract-figures.json").read_bytes())["pairs"]
    assert {pair["amount"]: pair["capital"] for pair in pairs} == {
        "2347000.00": "贰佰叁拾肆万柒仟元整",
        "1408200.00": "壹佰肆拾万捌仟贰佰元整",
        "704100.00": "柒拾万肆仟壹佰元整",
        "234700.00": "贰拾叁万肆仟柒佰元整",
        "117350.00": "壹拾壹万柒仟叁佰伍拾元整",
        "23470.00": "贰万叁仟肆佰柒拾元整",
        "5867.50": "伍仟捌佰陆拾柒元伍角",
        "704.10": "柒佰零肆元壹角",
        "6430.14": "陆仟肆佰叁拾元壹角肆分",
        "107000.53": "壹拾万柒仟元伍角叁分",
        "1000001000.00": "壹拾亿零壹仟元整",
    }


def test_capitals_read_back_come_out_in_the_formal_spelling():
    pairs = answer((EXAMPLES / "capital-read-back.json").read_bytes())["pairs"]
    assert [(pair["amount"], pair["capital"]) for pair in pairs] == [
        ("2347000.00", "贰佰叁拾肆万柒仟元整"),
        ("117350.00", "壹拾壹万柒仟叁佰伍拾元整"),
        ("1408200.00", "壹佰肆拾万捌仟贰佰元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("6430.14", "陆仟肆佰叁拾元壹角肆分"),
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "give amounts or capitals"),
        ({"amounts": ["1.00", "1.005"]}, "amounts[1]: 1.005 has more than two decimals"),
        ({"amounts": [10**16]}, "amounts[0]: 10000000000000000 is too large to be written in capitals."),
        (
            {"capitals": ["壹元整", "壹百元整"]},
            "capitals[1]: Character 2 of the capital amount, “百”, does not belong there.",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_place(document, said):
    with pytest.raises(Refused) as caught:
        answer(json.dumps(document).encode())
    assert [finding.text(Words("en")) for finding in caught.value.findings] == [said]
