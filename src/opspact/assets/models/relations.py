"""Relations between assets: what connects, runs on, depends on, is part of, backs up, and the cables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.assets.models.asset import Asset
from opspact.assets.models.record import Record, once
from opspact.contracts.models import BusinessSystem


class RelationKind(models.TextChoices):
    """Read from the first end to the second. All but `connects` and `backs_up` carry a failure back to the first."""

    CONNECTS = "connects", _("connects to")
    RUNS_ON = "runs_on", _("runs on")
    DEPENDS_ON = "depends_on", _("depends on")
    PART_OF = "part_of", _("is part of")
    BACKS_UP = "backs_up", _("backs up")
    LOCATED_IN = "located_in", _("is located in")


class Relation(Record):
    """From one end to another; the first end is an asset or a business system, the second an asset.

    Several ends that back each other up share a `group`: what depends on the group suffers when all of it is down.
    """

    kind = models.CharField(_("Relation"), max_length=12, choices=RelationKind.choices)
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="relations", verbose_name=_("From asset")
    )
    system = models.ForeignKey(
        BusinessSystem, models.PROTECT, null=True, blank=True, related_name="relations", verbose_name=_("From system")
    )
    to = models.ForeignKey(Asset, models.PROTECT, related_name="relations_to", verbose_name=_("To asset"))
    group = models.CharField(_("Redundancy group"), max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("Relation")
        constraints = [
            once("relation_code_once", "code"),
            models.CheckConstraint(
                condition=models.Q(asset__isnull=False) ^ models.Q(system__isnull=False), name="relation_one_start"
            ),
            models.UniqueConstraint(
                fields=["contract", "kind", "asset", "system", "to"],
                condition=models.Q(deleted_at=None),
                nulls_distinct=False,
                name="relation_once",
            ),
        ]
        indexes = [models.Index(fields=["to", "kind"], name="relation_to")]

    def __str__(self) -> str:
        return f"{self.asset or self.system} {self.get_kind_display()} {self.to}"

    @property
    def asset_name(self) -> str:
        return self.asset.name if self.asset else str(self.system or "")

    @property
    def to_name(self) -> str:
        return self.to.name


class Cable(Record):
    """A cable between two ports (布线): label, colour, A and Z ends."""

    kind = models.CharField(_("Kind of cable"), max_length=40, blank=True, default="")
    colour = models.CharField(_("Colour"), max_length=20, blank=True, default="")
    length_m = models.DecimalField(_("Length (m)"), max_digits=7, decimal_places=1, null=True, blank=True)
    a_asset = models.ForeignKey(Asset, models.PROTECT, related_name="cables_a", verbose_name=_("A end"))
    a_port = models.CharField(_("A port"), max_length=40)
    z_asset = models.ForeignKey(Asset, models.PROTECT, related_name="cables_z", verbose_name=_("Z end"))
    z_port = models.CharField(_("Z port"), max_length=40)

    class Meta:
        verbose_name = _("Cable")
        constraints = [
            once("cable_code_once", "code"),
            models.UniqueConstraint(
                fields=["a_asset", "a_port"], condition=models.Q(deleted_at=None), name="cable_a_port_once"
            ),
            models.UniqueConstraint(
                fields=["z_asset", "z_port"], condition=models.Q(deleted_at=None), name="cable_z_port_once"
            ),
        ]

    @property
    def a_name(self) -> str:
        return self.a_asset.name

    @property
    def z_name(self) -> str:
        return self.z_asset.name
