"""A rule is one file, found by being there."""

import pytest

from opspact.contracts.terms.kpi import Kpi
from opspact.core.kpi import Asked, Objective
from opspact.core.kpi.errors import UnknownRule
from opspact.core.kpi.rules import RULES, compute, rule


def test_every_rule_that_a_contract_may_name_is_here():
    union = Kpi.__args__[0].__args__
    named = {each.model_fields["rule"].annotation.__args__[0] for each in union}
    assert set(RULES) == named


def test_a_rule_is_computed_by_its_name():
    asked = Asked(Objective.at_least("0.95"), (0, 1), 1)
    assert compute("satisfaction", [], asked).verdict == "not_applicable"
    with pytest.raises(UnknownRule):
        compute("guess")


def test_two_files_cannot_compute_one_rule():
    with pytest.raises(ValueError, match="two files"):
        rule("satisfaction")(RULES["satisfaction"])
