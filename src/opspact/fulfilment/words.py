"""Words for the values a contract's readings may have."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

READING_WORDS = {
    "unknown": _("unknown, never up"),
    "down": _("down"),
    "up": _("up"),
    "maintenance_approved_before": _("maintenance approved before it starts"),
    "force_majeure_accepted": _("accepted force majeure and exemptions"),
    "counts_until_exempted": _("count until the client exempts them"),
    "excluded": _("excluded"),
    "equal": _("the same weight"),
    "time": _("up time over measured time"),
    "importance": _("by importance"),
    "minimum": _("the lowest system"),
    "each": _("each by itself"),
    "group_mean": _("the group's mean"),
    "probes": _("probes"),
    "tickets": _("tickets"),
    "closed": _("closed"),
    "reported": _("reported"),
    "confirmed_by_client": _("confirmed by the client"),
    "attributable_to_vendor": _("only what the vendor is answerable for"),
    "all": _("all"),
}
