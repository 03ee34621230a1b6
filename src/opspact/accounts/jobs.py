"""Once a day: accounts that nobody uses are disabled, and what has run out is cleared away."""

from __future__ import annotations

import logging
from datetime import datetime

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone
from procrastinate.contrib.django import app

from opspact.accounts.actions import deactivate
from opspact.accounts.models import SignIn, SignInLock
from opspact.accounts.policy import FORGET_AFTER, SESSION_AT_MOST
from opspact.accounts.queries import dormant_users
from opspact.kit.actions import Caller

log = logging.getLogger(__name__)


@app.periodic(cron="20 3 * * *")
@app.task(name="accounts.daily", queueing_lock="accounts.daily")
def daily(timestamp: int) -> None:
    now = timezone.now()
    disable_dormant(now)
    clear_away(now)


def disable_dormant(now: datetime) -> list[str]:
    """Deactivate everybody unused for 90 days, except an administrator without whom there would be none.

    The user names of those who were deactivated.
    """
    caller = Caller.system(now=now)
    gone = []
    for user in dormant_users(now):
        try:
            deactivate(caller, user, reason="dormant")
        except ValidationError:
            log.warning("the account of %s is dormant, but the last administrator of its kind", user.username)
        else:
            gone.append(user.username)
    return gone


def clear_away(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    SignIn.objects.filter(seen_at__lt=now - SESSION_AT_MOST).delete()
    SignInLock.objects.filter(last_at__lt=now - FORGET_AFTER).exclude(locked_until__gt=now).delete()
