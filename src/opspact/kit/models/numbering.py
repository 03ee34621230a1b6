"""Numbers that people quote: INC-2026-000123. Never reused, one sequence per contract, kind and year."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, models

_LOCAL = ZoneInfo("Asia/Shanghai")


class Sequence(models.Model):
    contract_code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract_code", "kind", "year"], name="sequence_once")]


def next_number(contract_code: str, kind: str, now: datetime) -> str:
    """The next number of `kind` in the local year of `now`, e.g. "INC-2026-000001".

    The row stays locked to the end of the transaction, so a number is lost only together with what it was taken for.
    """
    year = now.astimezone(_LOCAL).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_sequence (contract_code, kind, year, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (contract_code, kind, year) DO UPDATE SET last = kit_sequence.last + 1 RETURNING last",
            [contract_code, kind, year],
        )
        return f"{kind}-{year}-{cursor.fetchone()[0]:06d}"
