"""Answers in the reader's language, from the same catalogues as the pages."""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

from opspact.calc.values import Part, duration_text, instant_text
from opspact.core.availability import percent
from opspact.core.explain import Explanation, Plain

CATALOGUES = Path(__file__).resolve().parent.parent
LANGUAGES = {"zh": "zh_Hans", "en": ""}


class ExplainedStep(Part):
    """One step of a calculation."""

    text: str
    """The sentence, with its values."""
    params: dict[str, str | int | bool | None]
    """The values: `*_at` µs since the epoch, `*_us` µs, `*_fraction` exact, `*_on` days."""


class Explained(Part):
    """How an answer came about."""

    about: str
    """Which element of the answer this is about."""
    rule: str
    clause: str
    """The contract's clause, or empty."""
    inputs: dict[str, str | int | bool | None]
    steps: list[ExplainedStep]


@dataclass(frozen=True)
class Words:
    """Translates msgids (`language` zh or en) and writes instants on the wall of `zone`."""

    language: str = "zh"
    zone: str = "Asia/Shanghai"
    _catalogue: gettext.NullTranslations = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_catalogue", _catalogue(LANGUAGES[self.language]))

    def text(self, msgid: str) -> str:
        """The msgid in the reader's language; the empty text stays empty."""
        return self._catalogue.gettext(msgid) if msgid else ""

    def sentence(self, msgid: str, params: Mapping[str, object]) -> str:
        """The sentence with its values, each written by the unit in its name."""
        return self.text(msgid) % {name: self._plain(name, value) for name, value in params.items()}

    def explained(self, explanation: Explanation, about: str = "") -> Explained:
        """An explanation of core, for the answer."""
        return Explained(
            about=about,
            rule=self.text(explanation.rule),
            clause=explanation.clause,
            inputs=dict(explanation.inputs),
            steps=[
                ExplainedStep(text=self._step(step.text, step.params), params=dict(step.params))
                for step in explanation.steps
            ],
        )

    def _step(self, text: str, params: Mapping[str, Plain]) -> str:
        words = self.sentence(text, params)
        return f"{self._plain('event_at', params['event_at'])} {words}" if "event_at" in params else words

    def _plain(self, name: str, value: object) -> str:
        if value is None:
            return "—"
        if isinstance(value, bool):
            return self.text("yes" if value else "no")
        if isinstance(value, int) and name.endswith("_at"):
            return instant_text(value, self.zone)
        if isinstance(value, int) and name.endswith("_us"):
            return duration_text(value)
        if name.endswith("_fraction"):
            return f"{percent(Fraction(str(value)))}%"
        if isinstance(value, date):
            return value.isoformat()
        return self.text(value) if isinstance(value, str) else str(value)


def _catalogue(language: str) -> gettext.NullTranslations:
    found = gettext.NullTranslations()
    if language:
        for path in sorted(CATALOGUES.glob(f"*/locale/{language}/LC_MESSAGES/django.mo")):
            with path.open("rb") as file:
                found.add_fallback(gettext.GNUTranslations(file))
    return found
