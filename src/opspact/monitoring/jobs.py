"""What runs by itself: the sweep every minute (heartbeats run it more often), retention every night."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from opspact.monitoring import retention
from opspact.monitoring.sweep import sweep

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="monitoring.sweep", queueing_lock="monitoring.sweep", pass_context=False)
def sweep_every_minute(timestamp: int) -> int:
    return sweep(timezone.now())


@app.periodic(cron="20 19 * * *")  # 03:20 in Shanghai
@app.task(name="monitoring.retention", queueing_lock="monitoring.retention", pass_context=False)
def retain_nightly(timestamp: int) -> dict[str, int]:
    done = retention.nightly(timezone.now())
    log.info("retention: %s", done)
    return done
