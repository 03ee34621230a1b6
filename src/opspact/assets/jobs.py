"""What this room does by itself: warnings of certificates and overdue loans, and ledgers adjusted to stocktakings."""

from __future__ import annotations

import logging
from contextlib import suppress

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from opspact.assets.actions.certificates import warn_everybody
from opspact.assets.actions.loans import remind_everybody
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Stocktaking
from opspact.assets.stocktaking import adjusting
from opspact.identity.models import User
from opspact.kit.actions import Caller
from opspact.kit.ledgers.writing import RecordRefused, refusal_of

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


@app.task(name=adjusting.JOB, pass_context=False)
def adjust(stocktaking: int) -> None:
    """Adjust the ledger in the name of who asked for it. Running it again is harmless."""
    found = Stocktaking.objects.get(pk=stocktaking)
    if found.state != Stocktaking.State.ADJUSTING:
        return
    caller = Caller(User.objects.filter(pk=found.adjusting["by"]).first(), timezone.now(), "job")
    try:
        adjusting.adjust(caller, found)
    except RecordRefused as refused:
        adjusting.give_up(caller, found, reason=refusal_of(refused, ASSETS.all_fields(found.contract)))
    except ValidationError as error:
        adjusting.give_up(caller, found, reason=" ".join(error.messages))
    except PermissionDenied:  # whoever may not adjust may not say that it failed either
        reason = _("The permission for it was withdrawn.")
        adjusting.give_up(Caller.system(now=caller.now), found, reason=reason)
    except Exception:
        log.exception("the ledger can't be adjusted to stocktaking %s", stocktaking)
        adjusting.give_up(caller, found, reason=_("It broke off for a reason that only the log knows."))


@app.periodic(cron="* * * * *")
@app.task(name="assets.stocktaking.resume", queueing_lock="assets.stocktaking.resume", pass_context=False)
def resume(timestamp: int) -> None:
    """Begin again what a worker that died left behind; one that is still at work keeps others out."""
    for pk in Stocktaking.objects.filter(state=Stocktaking.State.ADJUSTING).values_list("pk", flat=True):
        with suppress(AlreadyEnqueued):
            adjust.configure(queueing_lock=f"{adjusting.JOB}.{pk}").defer(stocktaking=pk)
