"""Each way of getting a contract file wrong has its own answer, with line and path."""

from collections.abc import Callable

import pytest

from opspact.contracts.terms import Problem, TermsError, load_terms

Spoil = Callable[..., list[str]]
Problems = Callable[[str | bytes], list[Problem]]


def _line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_an_unknown_key_is_named_with_its_line_and_what_was_meant(
    example: str, spoil: Spoil, problems_in: Problems
) -> None:
    line = _line_of(example, "amount: 704100.00")
    assert spoil(("    amount: 704100.00", "    amout: 704100.00")) == [
        f"line {line - 3}, payments[1].amount: this key is missing",
        f"line {line}, payments[1].amout: unknown key; did you mean amount?",
    ]


def test_an_unknown_key_inside_a_chosen_rule_is_found_too(example: str, spoil: Spoil) -> None:
    line = _line_of(example, "minimum_sample:")
    said = spoil(("      minimum_sample: {value: 10}", "      minimum_sample: {value: 10, alternative: [5]}"))
    assert said == [
        f"line {line}, kpis[7].parameters.minimum_sample.alternative: unknown key; did you mean alternatives?"
    ]


def test_a_key_like_no_other_gets_no_suggestion(spoil: Spoil) -> None:
    assert spoil(("simulated: true", "simulated: true\nzzzzzz: 1")) == ["line 14, zzzzzz: unknown key"]


def test_all_problems_are_reported_at_once_in_the_order_of_the_file(spoil: Spoil) -> None:
    said = spoil(
        ("simulated: true", "simulated: yes"),
        ("贰佰叁拾肆万柒仟元整", "贰佰叁拾肆万捌仟元整"),
        ("category: duty,", "category: dutty,"),
        ('hours: ["09:00-12:00"', 'hours: ["09:00-13:30"'),
    )
    assert [text.split(", ", 1)[1] for text in said] == [
        "simulated: expected true or false, found yes",
        "price.capital: the capital figures say 2348000.00, the digits 2347000.00",
        "systems[2].category: dutty is not declared in system_categories[].code; did you mean duty?",
        "calendars[1].weekly[0].hours: hours must be in order and not overlap: 09:00-13:30, 13:00-18:00",
    ]


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("code: beijing-2022", "code: Beijing 2022", "code: Beijing 2022 does not have the form"),
        ("format: 1", "format: 2", "format: 2 is not one of 1"),
        ("short_name: 2022 年基础软硬件运维", "short_name: 2022", "short_name: expected text, found 2022"),
        ("signed_on: 2022-07-06", "signed_on: '2022-07-06'", "signed_on: expected a day such as 2022-07-06 without"),
        ("signed_on: 2022-07-06", "signed_on: 2022-02-30", "signed_on: there is no day 2022-02-30"),
        ("signed_on: 2022-07-06", "signed_on: 0022-07-06", "signed_on: 0022-07-06 is less than 1990-01-01"),
        ("  months: 12", "  months: 12.5", "term.months: expected a whole number, found 12.5"),
        ("  months: 12", "  months: 12\n  end: 2023-07-06", "term: give either months or end"),
        ("amount: 2347000.00", "amount: 2,347,000.00", "price.amount: expected a number such as"),
        ("amount: 2347000.00", "amount: ２３４７０００", "price.amount: expected a number such as"),
        ("amount: 2347000.00", "amount: true", "price.amount: expected a number such as 12500.00, found true"),
        ("percent: 60", "percent: 160", "payments[0].percent: 160 is more than 100"),
        ("due: 10 WD", "due: 10 working days", "bond.due: expected a duration such as 10 min"),
        ("{within: 10 min, calendar: 7x24}", "{within: 10 CD, calendar: 7x24}", "response: a service clock runs in"),
        ("role: client", "role: owner", "parties[0].role: owner is not one of client, vendor, third_party, authority"),
        ("rule: count_zero", "rule: count_none", "kpis[4].rule: count_none is not one of availability_mean"),
        ("    rule: count_zero\n", "", "kpis[4].rule: this key is missing"),
        ("zone: Asia/Shanghai", "zone: Asia/Peking", "zone: Asia/Peking is no time zone"),
        ("term:\n", "term: []\nterms:\n", "term: expected keys with values, found […]"),
        ("name: 合同正文", 'name: "\\0"', "documents[0].name: the character U+0000 cannot be stored"),
        ("value: equal, alternatives: [time", "value: time, alternatives: [time", "is listed among its alternatives"),
        ("kind: every, duration: 3 months}", "kind: within, duration: 3 months}", "also needs event"),
    ],
)
def test_a_wrong_value_is_named(spoil: Spoil, old: str, new: str, answer: str) -> None:
    said = spoil((old, new))
    assert any(answer in text for text in said), said


def test_a_price_must_match_its_capital_figures(example: str, spoil: Spoil) -> None:
    line = _line_of(example, "  capital: 贰佰叁拾肆万柒仟元整")
    assert spoil(("capital: 贰佰叁拾肆万柒仟元整", "capital: 贰佰叁拾万元整")) == [
        f"line {line}, price.capital: the capital figures say 2300000.00, the digits 2347000.00"
    ]


def test_capital_figures_must_be_capital_figures(spoil: Spoil) -> None:
    said = spoil(("capital: 拾壹万柒仟叁佰伍拾元整", "capital: 十一万七千"))
    assert [text.split(": ", 1)[1] for text in said] == ["“十一万七千” is no amount in capital figures"]


def test_payments_must_add_up_to_the_price(spoil: Spoil) -> None:
    said = spoil(
        (
            "    percent: 10\n    amount: 234700.00\n    capital: 贰拾叁万肆仟柒佰元整",
            "    percent: 9\n    amount: 211230.00",
        )
    )
    assert [text.split(", ", 1)[1] for text in said] == [
        "payments: amount adds up to 2323530.00, not 2347000.00",
        "payments: percent adds up to 99, not 100",
    ]


def test_an_amount_must_be_its_percentage_of_the_price(spoil: Spoil) -> None:
    said = spoil(("  amount: 117350.00\n  capital: 拾壹万柒仟叁佰伍拾元整", "  amount: 117530.00"))
    assert [text.split(", ", 1)[1] for text in said] == ["bond.amount: 5% of 2347000.00 is 117350.00, not 117530.00"]


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (
            "    categories: [oa, website, duty]",
            "    systems: [OAA]",
            "kpis[1].systems[0]: OAA is not declared in systems",
        ),
        ("restore: {within: 4 h, calendar: 7x24", "restore: {within: 4 h, calendar: 7x25", "did you mean 7x24?"),
        ("    global: {high: P1", "    global: {high: P9", "priorities.matrix.global.high: P9 is not declared"),
        ("    individual: {high: P3, ", "    individual: {", "no priority for impact individual and urgency high"),
        ("vetoes: [major-outages", "vetoes: [outages", "assessment.vetoes[0]: outages is not declared in kpis"),
        ("for_payments: [P2, P3]", "for_payments: [P4]", "deliverables[0].for_payments[0]: P4 is not declared"),
        ("levels: {value: [I, II]", "levels: {value: [I, V]", "kpis[4].parameters.levels.value[1]: V is not declared"),
        ("role: client, code: bj-eoc", "role: authority, code: bj-eoc", "parties: no party has the role client"),
    ],
)
def test_a_reference_to_what_is_not_declared_is_named(spoil: Spoil, old: str, new: str, answer: str) -> None:
    said = spoil((old, new))
    assert len(said) == 1
    assert answer in said[0]


def test_the_same_code_twice_is_named_with_the_line_of_the_first(example: str, spoil: Spoil) -> None:
    first = _line_of(example, "{code: OA,")
    said = spoil(("{code: WEBSITE,", "{code: OA,"))
    assert said == [f"line {first + 1}, systems[1].code: OA was used already on line {first}"]


def test_the_same_key_twice_is_refused(spoil: Spoil) -> None:
    assert spoil(("simulated: true", "simulated: true\nsimulated: false")) == [
        "line 14, simulated: the same key again, first on line 13"
    ]


def test_chinese_messages_are_made_by_translating_the_msgid(problems_in: Problems, small: str) -> None:
    (problem,) = problems_in(small.replace("short_name: 本机自监", "short_name: 本机自监\nshortname: x"))
    chinese = {
        "line %(line)s, %(path)s: %(message)s": "第 %(line)s 行，%(path)s：%(message)s",
        "unknown key; did you mean %(suggestion)s?": "不认识的键；是否应为 %(suggestion)s？",
    }
    assert problem.text(chinese.__getitem__) == "第 8 行，shortname：不认识的键；是否应为 short_name？"


def test_the_error_as_text_names_the_file_before_each_problem(small: str) -> None:
    with pytest.raises(TermsError) as caught:
        load_terms(small.replace("code: self", "code: SELF"), "my.yaml")
    assert str(caught.value).startswith("my.yaml: line 5, code: SELF does not have the form")
