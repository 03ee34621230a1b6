"""Monday 08:00 in Shanghai: last week's report is drafted for every running contract."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from opspact.contracts.models import Contract
from opspact.kit.actions import Caller
from opspact.reports.actions import draft
from opspact.reports.weekly import weeks

log = logging.getLogger(__name__)


@app.periodic(cron="0 0 * * 1")
@app.task(name="reports.weekly", queueing_lock="reports.weekly")
def weekly(timestamp: int) -> int:
    return draft_all(timezone.now())


def draft_all(now: datetime) -> int:
    """Draft the week that ended for each contract whose term it touches; how many there are. One failure stops none."""
    count = 0
    for contract in Contract.objects.order_by("code"):
        week = weeks.last_week(contract, now)
        if not weeks.is_within_term(contract, week):
            continue
        try:
            draft(Caller.system(now=now), contract, week=week)
        except Exception:
            log.exception("no weekly report for %s", contract.code)
            continue
        count += 1
    return count
