"""What this room does by itself every morning: warnings of certificates that end and of loans that are overdue."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from opspact.assets.actions.certificates import warn_everybody
from opspact.assets.actions.loans import remind_everybody

log = logging.getLogger(__name__)


@app.periodic(cron="10 22 * * *")  # 06:10 in Shanghai, before people look
@app.task(name="assets.certificates", queueing_lock="assets.certificates", pass_context=False)
def warn_nightly(timestamp: int) -> dict[str, int]:
    done = warn_everybody(timezone.now())
    log.info("certificates: %s", done)
    return done


@app.periodic(cron="12 22 * * *")
@app.task(name="assets.loans", queueing_lock="assets.loans", pass_context=False)
def remind_nightly(timestamp: int) -> int:
    done = remind_everybody(timezone.now())
    log.info("loans overdue: %s", done)
    return done
