"""Machine rooms and racks, and the cables between what stands in them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.assets.models.record import Record, once
from opspact.contracts.models import Site


class Room(Record):
    """A machine room (机房). `plan_columns` × `plan_rows` floor tiles of 600 mm are what its plan is drawn on."""

    name = models.CharField(_("Name"), max_length=120)
    site = models.ForeignKey(Site, models.PROTECT, related_name="rooms", verbose_name=_("Site"))
    floor = models.CharField(_("Floor"), max_length=20, blank=True, default="")
    network = models.CharField(_("Network"), max_length=40, blank=True, default="")
    power_w = models.PositiveIntegerField(_("Power budget (W)"), null=True, blank=True)
    plan_columns = models.PositiveSmallIntegerField(_("Plan: columns"), default=20)
    plan_rows = models.PositiveSmallIntegerField(_("Plan: rows"), default=12)
    keeper = models.CharField(_("Keeper"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("Machine room")
        constraints = [once("room_code_once", "code")]


class Rack(Record):
    """A rack (机柜). Units count from the bottom, 1 is the lowest. `plan_x`, `plan_y` place it on the room's plan."""

    name = models.CharField(_("Name"), max_length=120, blank=True, default="")
    room = models.ForeignKey(Room, models.PROTECT, related_name="racks", verbose_name=_("Machine room"))
    units = models.PositiveSmallIntegerField(
        _("Height (U)"), default=42, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    power_w = models.PositiveIntegerField(_("Power budget (W)"), null=True, blank=True)
    ports = models.PositiveIntegerField(_("Ports"), null=True, blank=True)
    plan_x = models.PositiveSmallIntegerField(_("Plan: column"), null=True, blank=True)
    plan_y = models.PositiveSmallIntegerField(_("Plan: row"), null=True, blank=True)

    class Meta:
        verbose_name = _("Rack")
        constraints = [once("rack_code_once", "code")]
