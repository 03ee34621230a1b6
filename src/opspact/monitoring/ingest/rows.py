"""Which results of a batch are taken, and why the others are not. One bad row never costs its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from opspact.core.instants import to_us
from opspact.field.models import Collector
from opspact.field.queries import default_collector_id
from opspact.monitoring.partitions import LATE_DAYS
from opspact.probes.wire import Refusal, ResultRow

AHEAD = timedelta(minutes=5)
"""How far a collector's clock may be ahead of ours."""


def sift(rows: Sequence[ResultRow], mine: set[int], now: datetime) -> tuple[dict[int, ResultRow], list[Refusal]]:
    """The rows to take, by their index, and the refusals of the others."""
    latest, oldest = to_us(now + AHEAD), to_us(now - timedelta(days=LATE_DAYS))
    good: dict[int, ResultRow] = {}
    refused: list[Refusal] = []
    taken: set[tuple[int, int]] = set()
    for index, row in enumerate(rows):
        check, at = row[0], row[1]
        if check not in mine:
            refused.append(_not_yours(index, check))
        elif at > latest:
            refused.append(_refuse(index, "result.future", _("The result lies more than 5 minutes in the future.")))
        elif at < oldest:
            words = _("The result is older than %(days)s days.") % {"days": LATE_DAYS}
            refused.append(_refuse(index, "result.too_old", words))
        elif (check, at) in taken:
            refused.append(twice(index))
        else:
            taken.add((check, at))
            good[index] = row
    return good, refused


def twice(index: int) -> Refusal:
    return _refuse(index, "result.duplicate", _("There already is a result of this check at this instant."))


def checks_of(collector: Collector, check_ids: Iterable[int]) -> set[int]:
    """Those of the checks that this collector is to run: active, its own, and in no simulated contract."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM monitoring_check c JOIN monitoring_target t ON t.id = c.target_id "
            "JOIN contracts_contract k ON k.id = t.contract_id "
            "WHERE c.id = ANY(%s) AND coalesce(c.collector_id, %s) = %s AND c.is_active AND t.is_active "
            "AND NOT k.simulated",
            [list(check_ids), default_collector_id(), collector.pk],
        )
        return {row[0] for row in cursor.fetchall()}


def _not_yours(index: int, check: int) -> Refusal:
    words = _("Check %(check)s is not assigned to this collector.") % {"check": check}
    return _refuse(index, "check.unknown", words)


def _refuse(index: int, code: str, message: str) -> Refusal:
    return Refusal(index=index, code=code, message=message)
