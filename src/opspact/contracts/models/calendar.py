"""Public holidays and make-up working days as data: they are published late in the year before, and amended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarYear(models.Model):
    """A year whose days were published. A year without a row is provisional, and every answer that used it says so."""

    country = models.CharField(max_length=2, default="cn")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "year"], name="calendar_year_once")]


class CalendarDay(models.Model):
    """A day that departs from the week: a holiday (no work), or a make-up day (调休上班, work)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Public holiday")
        WORKDAY = "workday", _("Make-up working day")

    country = models.CharField(max_length=2, default="cn")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "day"], name="calendar_day_once")]
