"""What codes from the wire mean, in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from opspact.contracts.models import Contract
from opspact.core.words import N_
from opspact.probes.details import explain
from opspact.probes.registry import KINDS

NOT_WATCHED = "not_watched"
"""The detail of the result that monitoring itself writes when a check is switched off."""

_OWN = {NOT_WATCHED: N_("The check was switched off.")}


def detail_words(detail: str) -> str:
    """The detail of a result as a sentence; "" stays empty."""
    if not detail:
        return ""
    if detail in _OWN:
        return _(_OWN[detail])
    message, params = explain(detail)
    return _(message) % params


def kind_words(kind: str) -> str:
    """The name of a kind of check; a kind that is not known here is its own name."""
    return _(KINDS[kind].label) if kind in KINDS else kind


def ended_words(contract: Contract, now: datetime) -> str:
    """Why a page stands still: "截至合同期满 2023-07-07 00:00。"; "" while the term runs."""
    if now < contract.ends_at:
        return ""
    return _("As of the end of the term, %(at)s.") % {"at": f"{timezone.localtime(contract.ends_at):%Y-%m-%d %H:%M}"}
