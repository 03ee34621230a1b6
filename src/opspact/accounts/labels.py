"""Words for what the audit trail holds as names."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.kit.permissions import declared

VIA = {
    "page": gettext_lazy("Page"),
    "api": gettext_lazy("API"),
    "cli": gettext_lazy("Shell"),
    "job": gettext_lazy("Job"),
    "collector": gettext_lazy("Collector"),
    "start": gettext_lazy("Start"),
}


def action_label(name: str) -> str:
    """The permission's label; the bare name for an action that a later version no longer declares."""
    known = declared().get(name)
    return str(known.label) if known else name


def via_label(name: str) -> str:
    return str(VIA.get(name, name))


def kind_label(subject_type: str) -> str:
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject_type


def detail_text(detail: dict[str, Any]) -> str:
    """The notes of an action in one line, e.g. "User name: li.lei; Role: engineer"."""
    if detail == {"locked": True}:
        return _("The name was locked.")
    shown = ((key, _value(value)) for key, value in detail.items())
    return "; ".join(f"{_NOTES.get(key, key)}: {text}" for key, text in shown if text)


def _value(value: Any) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ", ".join(map(_value, value))
        case dict():
            return "; ".join(f"{_NOTES.get(key, key)}: {_value(each)}" for key, each in value.items())
        case None:
            return ""
    return str(value)


# The notes that many actions leave, in words; a room's own stay as the room named them.
_NOTES = {
    "username": gettext_lazy("User name"),
    "usernames": gettext_lazy("User names"),
    "name": gettext_lazy("Name"),
    "organisation": gettext_lazy("Organisation"),
    "role": gettext_lazy("Role"),
    "discipline": gettext_lazy("Discipline"),
    "reason": gettext_lazy("Reason"),
    "why": gettext_lazy("Reason"),
    "kind": gettext_lazy("Kind"),
    "changed": gettext_lazy("Changed"),
    "error": gettext_lazy("Fault"),
    "rows": gettext_lazy("Rows"),
    "list": gettext_lazy("List"),
    "query": gettext_lazy("Filter"),
    "second_factor": gettext_lazy("Second factor"),
    "sessions_ended": gettext_lazy("Sessions ended"),
    "tokens_revoked": gettext_lazy("Tokens revoked"),
    "expires_at": gettext_lazy("Expires at"),
    "read_only": gettext_lazy("Read only"),
    "permissions": gettext_lazy("Permissions"),
}
