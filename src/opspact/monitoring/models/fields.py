"""The words and the range that several ledgers share."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary
from django.db.models import Func, TextChoices
from django.utils.translation import gettext_lazy as _


class Seen(TextChoices):
    """`core.states.Observed`, with the words of the pages."""

    UP = "up", _("Up")
    DOWN = "down", _("Down")
    DEGRADED = "degraded", _("Degraded")
    UNKNOWN = "unknown", _("Unknown")


class Span(Func):
    """[starts_at, ends_at) as a range; an end that is null is open."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()

    def __init__(self, start: str = "starts_at", end: str = "ends_at") -> None:
        super().__init__(start, end, RangeBoundary())
