"""By what a business system is up, from when until when."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import BusinessSystem, Contract
from opspact.core.availability.expressions import Expression
from opspact.monitoring.models.fields import Span


class SystemRule(models.Model):
    """A dated expression over check keys (`OA-WEB/http`), in the JSON of `core.expressions`.

    Two rules never hold at once. Where none holds, a system is up when all active checks of its targets are.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="system_rules")
    system = models.ForeignKey(BusinessSystem, models.PROTECT, related_name="rules")
    expression = models.JSONField(_("Rule"))
    starts_at = models.DateTimeField(_("Holds from"))
    ends_at = models.DateTimeField(_("Holds until"), null=True, blank=True)

    class Meta:
        verbose_name = _("Rule of a business system")
        ordering = ["starts_at"]
        constraints = [
            ExclusionConstraint(
                name="system_rule_one_at_a_time",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("system", RangeOperators.EQUAL),
                    (Span(), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="system_rule_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.starts_at:%Y-%m-%d}"

    @property
    def parsed(self) -> Expression:
        return Expression.parse(self.expression)
