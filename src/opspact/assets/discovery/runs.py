"""Much of it is a job's work, which says how far it is: asking for one, and doing it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from opspact.assets.actions.discovery import accept, reject, take_facts
from opspact.assets.models import Category, DiscoveryRun
from opspact.kit.actions import Caller
from opspact.kit.ledgers.progress import Cancelled, Progress
from opspact.kit.permissions import may
from opspact.kit.retaking import retake

log = logging.getLogger(__name__)
AT_ONCE = 1_000
"""Facts or proposals that are worked on while the person waits."""
Kind, State = DiscoveryRun.Kind, DiscoveryRun.State
TASK = "assets.discovery"


def ask(caller: Caller, contract: Any, kind: Kind, given: Mapping[str, Any], total: int) -> DiscoveryRun:
    """Have it done by a job in the caller's name; its permission is asked now and when it is done."""
    permission = "assets.discovery.take" if kind == Kind.TAKE else "assets.discovery.decide"
    if caller.user is None or not may(caller.user, permission, contract.code):
        raise PermissionDenied
    with transaction.atomic():
        run = DiscoveryRun.objects.create(
            contract=contract, kind=kind, given=dict(given), total=total, asked_by=caller.user, asked_at=caller.now
        )
        work.defer(run=run.pk)
    return run


@app.task(name=TASK, pass_context=False)
def work(run: int) -> None:
    """All of it or nothing. Doing it again after a worker died is harmless."""
    found = DiscoveryRun.objects.select_related("contract", "asked_by").get(pk=run)
    if found.state != State.WORKING:
        return
    caller = Caller(found.asked_by, timezone.now(), "job")
    try:
        with transaction.atomic(), Progress(found) as progress:
            _alone(found)
            counts = _done(caller, found, progress.at)
            ended = {"state": State.DONE, "counts": counts, "given": {}, "done": found.total, "ended_at": caller.now}
            if not DiscoveryRun.objects.filter(pk=run, state=State.WORKING).update(**ended):
                raise Cancelled
    except Cancelled:
        log.info("discovery run %s was over already", run)
    except ValidationError as error:
        _fail(run, " ".join(error.messages))
    except PermissionDenied:
        _fail(run, _("The permission for it was withdrawn."))
    except Exception:
        log.exception("discovery run %s broke off", run)
        _fail(run, _("It broke off for a reason that only the log knows."))


def _done(caller: Caller, run: DiscoveryRun, told: Callable[[int], None]) -> dict[str, int]:
    given = run.given
    if run.kind == Kind.TAKE:
        facts: Sequence[Mapping[str, str]] = given["facts"]
        return take_facts(caller, run.contract, given["source"], facts, told)
    shown = dict(given.get("shown", ()))
    if run.kind == Kind.REJECT:
        return reject(caller, run.contract, given["proposals"], given["reason"], told, shown)
    category = Category.objects.filter(contract=run.contract, pk=given["category"]).first()
    return accept(caller, run.contract, given["proposals"], category, given["reason"], told, shown)


def _alone(run: DiscoveryRun) -> None:
    """One at a time in a contract: two would open the same proposal twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('assets.discovery'), %s)", [run.contract_id])


def _fail(run: int, why: str) -> None:
    waiting = DiscoveryRun.objects.filter(pk=run, state=State.WORKING)
    waiting.update(state=State.FAILED, failure=why[:500], given={}, ended_at=timezone.now())


retake(TASK, lambda given: _fail(given["run"], _("It broke off for a reason that only the log knows.")))
