"""One word, one colour, one shape for each state; words and colours for verdicts. Never colour alone."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from opspact.core.states import State, Verdict
from opspact.kit.shown.icons import icon

STATE_WORDS: dict[str, Promise] = {
    State.UP: pgettext_lazy("state", "up"),
    State.DOWN: pgettext_lazy("state", "down"),
    State.DEGRADED: pgettext_lazy("state", "degraded"),
    State.MAINTENANCE: pgettext_lazy("state", "maintenance"),
    State.EXCUSED: pgettext_lazy("state", "excused"),
    State.UNKNOWN: pgettext_lazy("state", "unknown"),
}
_SHAPES: dict[str, str] = {
    State.UP: "circle-filled",
    State.DOWN: "square-filled",
    State.DEGRADED: "alert-triangle-filled",
    State.MAINTENANCE: "tool",
    State.EXCUSED: "shield-filled",
    State.UNKNOWN: "circle-dashed",
}
VERDICT_WORDS: dict[str, Promise] = {
    Verdict.MET: gettext_lazy("met"),
    Verdict.MISSED: gettext_lazy("missed"),
    Verdict.UNDECIDABLE: gettext_lazy("undecidable"),
    Verdict.NOT_APPLICABLE: gettext_lazy("not applicable"),
}
_VERDICT_TONES: dict[str, str] = {Verdict.MET: "good", Verdict.MISSED: "bad", Verdict.UNDECIDABLE: "warn"}


def state_badge(state: str) -> SafeString:
    """Raises KeyError for a word that is none of the six states."""
    return format_html(
        '<span class="op-state op-state-{}">{}{}</span>', state, icon(_SHAPES[state]), STATE_WORDS[state]
    )


def verdict_badge(verdict: str) -> SafeString:
    """Raises KeyError for a word that is no verdict."""
    return tag(VERDICT_WORDS[verdict], _VERDICT_TONES.get(verdict, ""))


def tag(words: object, tone: str = "") -> SafeString:
    """A short word on a tint; `tone` is good, bad, warn, info or nothing."""
    return format_html('<span class="op-tag{}">{}</span>', f" op-tag-{tone}" if tone else "", words)
