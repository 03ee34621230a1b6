"""What a reader of people's files says when a value is wrong: a translatable sentence, and the path to the value."""

from typing import Any

from opspact.core.words import N_

Loc = tuple[str | int, ...]
"""Keys and list indexes from the top of the file down to a value, as pydantic gives them."""

MESSAGES = {
    "missing": N_("this key is missing"),
    "int_type": N_("expected a whole number, found %(found)s"),
    "bool_type": N_("expected true or false, found %(found)s"),
    "model_type": N_("expected keys with values, found %(found)s"),
    "model_attributes_type": N_("expected keys with values, found %(found)s"),
    "dict_type": N_("expected keys with values, found %(found)s"),
    "tuple_type": N_("expected a list, found %(found)s"),
    "literal_error": N_("%(found)s is not one of %(expected)s"),
    "union_tag_invalid": N_("%(tag)s is not one of %(expected_tags)s"),
    "string_pattern_mismatch": N_("%(found)s does not have the form %(pattern)s"),
    "string_too_short": N_("this text is empty"),
    "string_too_long": N_("this text is longer than %(max_length)s characters"),
    "too_short": N_("this list is empty"),
    "greater_than_equal": N_("%(found)s is less than %(ge)s"),
    "greater_than": N_("%(found)s is not more than %(gt)s"),
    "less_than_equal": N_("%(found)s is more than %(le)s"),
    "decimal_max_places": N_("%(found)s has more than %(decimal_places)s decimals"),
    "decimal_max_digits": N_("%(found)s has more than %(max_digits)s digits"),
    "decimal_whole_digits": N_("%(found)s has more than %(whole_digits)s digits before the point"),
}
"""By pydantic's type of error."""

OTHERWISE = N_("%(found)s is not accepted: %(reason)s")


class Wrong(ValueError):
    """A value that a rule refuses, with an English msgid and its parameters."""

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(msgid % params)
        self.msgid = msgid
        self.params = params


def path_of(loc: Loc) -> str:
    """`("payments", 1, "amount")` as `payments[1].amount`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def shown(value: Any) -> str:
    """A value as it is quoted in a problem, short enough for one line."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    text = {None: "~", True: "true", False: "false"}.get(value) if value is None or isinstance(value, bool) else None
    text = text if text is not None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
