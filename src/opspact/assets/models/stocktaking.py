"""Stocktaking (盘点): a plan over a scope, what was expected, what was found, and what follows from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.assets.models.asset import Asset, Category
from opspact.assets.models.places import Rack, Room
from opspact.assets.models.record import Record, once
from opspact.contracts.models import Contract, Site


class Stocktaking(Record):
    """`scope` narrows the assets by site, room, category, department. What is expected is listed when it starts.

    From `submitted` on nobody changes what was found and what follows: `report_digest` is what the client is asked
    about, and what the ledger is adjusted to. `adjusting` is what came of that: counts, or the failure.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        COUNTED = "counted", _("Counting over")
        SUBMITTED = "submitted", _("Report with the client")
        APPROVED = "approved", _("Approved")
        ADJUSTING = "adjusting", _("Ledger being adjusted")
        ADJUSTED = "adjusted", _("Ledger adjusted")
        CANCELLED = "cancelled", _("Cancelled")

    name = models.CharField(_("Name"), max_length=120)
    scope = models.JSONField(_("Scope"), default=dict)
    planned_on = models.DateField(_("Planned for"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PLANNED)
    started_at = models.DateTimeField(pgettext_lazy("stocktaking", "Started at"), null=True, blank=True)
    counted_at = models.DateTimeField(_("Counted at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("Submitted at"), null=True, blank=True)
    adjusted_at = models.DateTimeField(_("Ledger adjusted at"), null=True, blank=True)
    report_digest = models.CharField(max_length=64, blank=True, default="")
    adjusting = models.JSONField(default=dict, blank=True)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Stocktaking")
        constraints = [once("stocktaking_code_once", "code")]

    def get_absolute_url(self) -> str:
        return reverse("assets:stocktaking", kwargs={"contract": self.contract.code, "pk": self.pk})


class StocktakingItem(models.Model):
    """An asset that was expected, or a thing that was found beyond; `found_*` is where it was found.

    `expected_*` is what the ledger said when counting began. A place that differs counts once `confirmed_by` said so.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Not found yet")
        FOUND = "found", _("Found in its place")
        MOVED = "moved", _("Found elsewhere")
        MISSING = "missing", _("Missing")
        EXTRA = "extra", _("Found, not expected here")
        UNKNOWN = "unknown", _("Found, not on the ledger")

    class Resolution(models.TextChoices):
        """What the ledger is adjusted to; an unknown thing's new asset also needs its category."""

        KEEP = "keep", _("Leave the ledger as it is")
        MOVE = "move", _("Take over the place found")
        IDLE = "idle", _("Set to idle")
        SCRAP = "scrap", _("Propose to scrap")
        CREATE = "create", _("Put on the ledger")
        DISMISS = "dismiss", _("Dismiss, not ours")

    class Outcome(models.TextChoices):
        """What the adjustment did with the item."""

        DONE = "done", _("On the ledger as approved")
        ASKED = "asked", _("The client is asked")
        NEWER = "newer", _("Left: the ledger was changed after the counting")
        GONE = "gone", _("Left: taken off the ledger meanwhile")

    stocktaking = models.ForeignKey(Stocktaking, models.CASCADE, related_name="items")
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.OPEN)
    text = models.CharField(_("As scanned"), max_length=200, blank=True, default="")
    expected_site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    expected_room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+")
    expected_rack = models.ForeignKey(Rack, models.PROTECT, null=True, blank=True, related_name="+")
    found_site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    found_room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+")
    found_rack = models.ForeignKey(Rack, models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(_("Found at"), null=True, blank=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(_("Remark"), max_length=300, blank=True, default="")
    resolution = models.CharField(
        pgettext_lazy("stocktaking", "Resolution"), max_length=30, choices=Resolution.choices, blank=True, default=""
    )
    outcome = models.CharField(_("Outcome"), max_length=10, choices=Outcome.choices, blank=True, default="")
    new_category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("Item of a stocktaking")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stocktaking", "asset"], condition=models.Q(asset__isnull=False), name="stocktaking_asset_once"
            )
        ]
        indexes = [models.Index(fields=["stocktaking", "state"], name="stocktaking_item_state")]

    def __str__(self) -> str:
        return str(self.asset) if self.asset else self.text

    @property
    def contract(self) -> Contract:
        return self.stocktaking.contract


class StocktakingScan(models.Model):
    """One scan, kept as it came. `key` is made by the device, so that a scan sent twice counts once."""

    stocktaking = models.ForeignKey(Stocktaking, models.CASCADE, related_name="scans")
    item = models.ForeignKey(StocktakingItem, models.CASCADE, null=True, related_name="scans")
    key = models.UUIDField()
    text = models.CharField(max_length=200)
    by_hand = models.BooleanField(default=False)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    rack = models.ForeignKey(Rack, models.PROTECT, null=True, related_name="+")
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_repeat = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["stocktaking", "key"], name="stocktaking_scan_once")]
