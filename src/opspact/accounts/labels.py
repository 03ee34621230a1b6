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
    """The notes of an action in one line, e.g. "username: li.lei; role: engineer"."""
    if detail == {"locked": True}:
        return _("The name was locked.")
    return "; ".join(f"{key}: {value}" for key, value in detail.items() if value not in ("", None, [], {}))
