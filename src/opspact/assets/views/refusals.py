"""What an action refused, in one sentence for a message."""

from __future__ import annotations

from django.utils.translation import gettext as _

from opspact.kit.ledgers.writing import RecordRefused


def say_refused(refused: RecordRefused) -> str:
    """All problems, each once."""
    words = (_(wrong.msgid) % wrong.params for problems in refused.problems.values() for _name, wrong in problems)
    return _("; ").join(dict.fromkeys(words))
