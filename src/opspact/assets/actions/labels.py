"""Printing labels: what leaves the house as a file is on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from opspact.assets.labels import drawing
from opspact.assets.labels.drawing import Label, Layout
from opspact.assets.ledgers import common
from opspact.identity.roles import Role
from opspact.kit.actions import Caller, action
from opspact.kit.permissions import declare

PERMISSION = "assets.label.print"
MOST = 2_000
declare(PERMISSION, _("Print labels"), common.EDITORS | {Role.SERVICE_DESK})


@action(PERMISSION)
def print_labels(caller: Caller, contract: Any, *, labels: Sequence[Label], layout: Layout) -> bytes:
    """The labels as PDF. Raises Wrong for one that does not fit."""
    caller.note(format=layout.format.name, labels=len(labels), codes=[label.code for label in labels][:50])
    return drawing.pdf(labels, layout)
