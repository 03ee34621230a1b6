"""Every minute: clocks that say something new."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from opspact.servicedesk.escalation import look_at_due


@app.periodic(cron="* * * * *")
@app.task(name="servicedesk.clocks", queueing_lock="servicedesk.clocks")
def clocks(timestamp: int) -> None:
    look_at_due(timezone.now())
