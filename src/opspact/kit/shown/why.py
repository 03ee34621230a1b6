"""The "why?" of every figure, colour, deadline and refusal: core's Explanation in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.core.explain import Explanation, Plain
from opspact.core.instants import from_us
from opspact.kit.shown import formats
from opspact.kit.shown.states import STATE_WORDS, VERDICT_WORDS

INPUT_WORDS: dict[str, Promise] = {}


def name_inputs(words: dict[str, Promise]) -> None:
    """Give inputs of explanations (their keys, such as "merge_gap_us") the words people read."""
    INPUT_WORDS.update(words)


name_inputs(
    {
        "start_at": gettext_lazy("From"),
        "horizon_at": gettext_lazy("Counted until"),
        "decide_on_observed_fraction": gettext_lazy("Decide on availability from this observed share on"),
        "unknown_is_down": gettext_lazy("Unknown counts as down"),
        "degraded_is_down": gettext_lazy("Degraded counts as down"),
        "merge_gap_us": gettext_lazy("Gaps shorter than this join two outages"),
    }
)


@dataclass(frozen=True)
class ShownExplanation:
    """Everything translated and formatted."""

    rule: str
    clause: str
    inputs: list[tuple[str, str]]
    steps: list[str]


def shown(explanation: Explanation | dict[str, Any]) -> ShownExplanation:
    """For the page; takes the stored JSON of an explanation as well."""
    data = explanation.to_json() if isinstance(explanation, Explanation) else explanation
    return ShownExplanation(
        rule=_translated(data, "rule"),
        clause=_translated(data, "clause"),
        inputs=[(_input_name(name), plain(name, value)) for name, value in data["inputs"].items()],
        steps=[_step(step["text"], step["params"]) for step in data["steps"]],
    )


def _translated(data: dict[str, Any], part: str) -> str:
    msgid = data[part]
    return _(msgid) if msgid else ""


def _step(text: str, params: dict[str, Plain]) -> str:
    """A step, led by its time when it tells of an event."""
    words = sentence(text, params)
    return f"{plain('event_at', params['event_at'])} {words}" if "event_at" in params else words


def sentence(text: str, params: dict[str, Plain]) -> str:
    """A msgid of core in the reader's language, its parameters formatted by the unit in their names."""
    return _(text) % {name: plain(name, value) for name, value in params.items()}


def plain(name: str, value: Plain) -> str:
    """One parameter: `*_at` µs since the epoch, `*_us` a duration, `*_fraction` "a/b", `*_on` an ISO date."""
    if value is None:
        return formats.NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_at"):
        return formats.exact(from_us(int(value)))
    if name.endswith("_us"):
        return formats.duration(int(value))
    if name.endswith("_fraction"):
        return formats.percent(Fraction(value))
    if name.endswith("_on"):
        return formats.day(date.fromisoformat(str(value)))
    if isinstance(value, int):
        return formats.number(value)
    return str(STATE_WORDS.get(value) or VERDICT_WORDS.get(value) or value)


def _input_name(name: str) -> str:
    if name in INPUT_WORDS:
        return str(INPUT_WORDS[name])
    return name.replace("_", " ")
