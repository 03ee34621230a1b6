"""Settings of a check as short text, ``warn_ms=500; text="a; b"``, as in an Excel cell, and as a plain dict.

A value with a semicolon or a quote in it stands in double quotes, a quote within written twice.
"""

import re
from typing import Any

from pydantic import BaseModel, ValidationError

from opspact.core.words import N_
from opspact.probes.addresses import normalise
from opspact.probes.errors import SettingsError
from opspact.probes.kind import Kind

_PAIR = re.compile(r'\s*(?P<key>[^=;"]*?)\s*=\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^;"]*?))\s*(?:;|$)')
_YES_NO = {"是": "yes", "否": "no"}

MESSAGES = {
    "extra_forbidden": N_("“%(key)s” is no setting of this kind; it knows %(known)s."),
    "int_parsing": N_("%(key)s needs a whole number, not “%(value)s”."),
    "int_from_float": N_("%(key)s needs a whole number, not “%(value)s”."),
    "float_parsing": N_("%(key)s needs a number, not “%(value)s”."),
    "bool_parsing": N_("%(key)s needs yes or no, not “%(value)s”."),
    "greater_than": N_("%(key)s must be more than %(gt)s, not %(value)s."),
    "greater_than_equal": N_("%(key)s must be at least %(ge)s, not %(value)s."),
    "less_than_equal": N_("%(key)s must be at most %(le)s, not %(value)s."),
    "literal_error": N_("%(key)s must be %(expected)s, not “%(value)s”."),
    "string_too_long": N_("%(key)s may have at most %(max_length)s characters."),
    "status_set": N_("%(key)s needs status codes such as 200 or 200-299,401, not “%(value)s”."),
    "server_name": N_("%(key)s needs a host name, not “%(value)s”."),
}
_OTHERWISE = N_("%(key)s can't be “%(value)s”.")


def parse_settings(kind: Kind, text: str) -> dict[str, Any]:
    """The settings in a short text, only those that were given, in their types. Raises :class:`SettingsError`.

    Full-width characters are folded outside quotes; yes, no, true, false, 是 and 否 are truth values.
    """
    given: dict[str, Any] = {}
    rest = _fold_outside_quotes(text).rstrip(" ;")
    while rest:
        match = _PAIR.match(rest)
        if match is None or not match["key"]:
            raise SettingsError(
                "settings.text", N_("“%(text)s” can't be read; write key=value; key=value."), text=rest[:80]
            )
        key = match["key"].lower()
        if key in given:
            raise SettingsError("settings.twice", N_("%(key)s stands there twice."), key=key)
        quoted = match["quoted"]
        given[key] = quoted.replace('""', '"') if quoted is not None else _YES_NO.get(match["plain"], match["plain"])
        rest = rest[match.end() :]
    return check_settings(kind, given)


def check_settings(kind: Kind, given: dict[str, Any]) -> dict[str, Any]:
    """The same settings in their types, only those given, ready for JSON. Raises :class:`SettingsError`."""
    try:
        return kind.settings.model_validate(given).model_dump(mode="json", exclude_unset=True)
    except ValidationError as error:
        raise _settings_error(kind.settings, error) from error


def write_settings(given: dict[str, Any]) -> str:
    """The short text that :func:`parse_settings` reads back as the same settings."""
    return "; ".join(f"{key}={_write(value)}" for key, value in given.items() if value is not None)


def _write(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return str(value).removesuffix(".0")
    text = value.replace('"', '""')
    return f'"{text}"' if text != normalise(text) or re.search(r'[;"是否]', text) or not text else text


def _fold_outside_quotes(text: str) -> str:
    parts = re.split(r'("(?:[^"]|"")*")', text.replace("“", '"').replace("”", '"'))
    return "".join(part if index % 2 else normalise(part) for index, part in enumerate(parts))


def _settings_error(model: type[BaseModel], error: ValidationError) -> SettingsError:
    first = error.errors(include_url=False)[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    message = MESSAGES.get(first["type"], _OTHERWISE)
    known = ", ".join(model.model_fields)
    return SettingsError(
        f"settings.{first['type']}", message, key=key, value=first["input"], known=known, **first.get("ctx", {})
    )
