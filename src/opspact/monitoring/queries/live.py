"""Whether results come in at all."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from opspact.monitoring.models import CheckState


def last_live_result_at() -> datetime | None:
    """When the newest result of a real check was measured; simulated contracts have no live results."""
    live = CheckState.objects.filter(checked__target__contract__simulated=False)
    return live.aggregate(newest=Max("last_at"))["newest"]
