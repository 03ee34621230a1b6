"""Assets: categories with fields of their own, makes and models, and the asset itself."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.assets.models.places import Rack, Room
from opspact.assets.models.record import Record, once, once_if_given
from opspact.contracts.models import BusinessSystem, Contract, Site


class Category(Record):
    """What kind of thing an asset is. `abbreviation` is what the rule for codes puts into them."""

    name = models.CharField(_("Name"), max_length=60)
    abbreviation = models.CharField(_("Abbreviation"), max_length=10, blank=True, default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Belongs to")
    )

    class Meta:
        verbose_name = _("Category")
        constraints = [once("category_code_once", "code")]


class CategoryField(models.Model):
    """A typed field that assets of a category have beside the common ones, defined as data."""

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("kind of field", "Text")
        WHOLE = "whole", _("Whole number")
        AMOUNT = "amount", pgettext_lazy("kind of field", "Number")
        DAY = "day", _("Date")
        YES_NO = "yes_no", _("Yes or no")
        CHOICE = "choice", _("One of a list")

    category = models.ForeignKey(Category, models.CASCADE, related_name="own_fields")
    name = models.SlugField(_("Name"), max_length=40)
    label = models.CharField(_("Label"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    options = models.JSONField(_("List"), default=list, blank=True)
    is_required = models.BooleanField(_("Must be filled"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("Field of a category")
        ordering = ["category", "position", "name"]
        constraints = [models.UniqueConstraint(fields=["category", "name"], name="category_field_once")]

    def __str__(self) -> str:
        return self.label


class MakeModel(Record):
    """A make and model (品牌型号), with what all pieces of it share."""

    make = models.CharField(_("Make"), max_length=60)
    name = models.CharField(_("Model"), max_length=100)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    units = models.PositiveSmallIntegerField(_("Height (U)"), default=0)
    power_w = models.PositiveIntegerField(_("Power (W)"), null=True, blank=True)
    ports = models.PositiveIntegerField(_("Ports"), null=True, blank=True)

    class Meta:
        verbose_name = _("Make and model")
        constraints = [once("make_model_code_once", "code"), once("make_model_once", "make", "name")]


class CodeRule(models.Model):
    """How asset codes are made (设备编码规则): `pattern` such as {site}-{category}-{year}-{number:4}.

    Numbers run per whatever stands before them, and a number given once is never given again.
    """

    contract = models.OneToOneField(Contract, models.CASCADE, related_name="asset_code_rule")
    pattern = models.CharField(_("Pattern"), max_length=100, default="{category}-{year}-{number:4}")

    class Meta:
        verbose_name = _("Rule for asset codes")

    def __str__(self) -> str:
        return self.pattern


class CodeCounter(models.Model):
    """The last number given after a prefix. Its row is locked while a number is taken."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+")
    prefix = models.CharField(max_length=80)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "prefix"], name="code_counter_once")]


class Lifecycle(models.TextChoices):
    """Where an asset stands in its life."""

    IN_STORE = "in_store", _("In store")
    IN_USE = "in_use", _("In use")
    SPARE = "spare", _("Spare")
    REPAIR = "repair", _("In repair")
    IDLE = "idle", _("Idle")
    SCRAPPED = "scrapped", _("Scrapped")


class Zone(models.TextChoices):
    """Networks that do not meet."""

    INTERNAL = "internal", _("Internal network")
    EXTERNAL = "external", _("External network")
    DEDICATED = "dedicated", _("Dedicated network")


class Face(models.TextChoices):
    FRONT = "front", _("Front")
    REAR = "rear", _("Rear")
    BOTH = "both", _("Both")


class Asset(Record):
    """One thing (资产台账). `lifecycle` changes by its own action, some steps only with the client's approval."""

    name = models.CharField(_("Name"), max_length=120)
    category = models.ForeignKey(Category, models.PROTECT, related_name="assets", verbose_name=_("Category"))
    model = models.ForeignKey(
        MakeModel, models.PROTECT, null=True, blank=True, related_name="assets", verbose_name=_("Make and model")
    )
    serial_no = models.CharField(_("Serial number"), max_length=100, blank=True, default="")
    spec = models.TextField(_("Specification"), blank=True, default="")
    mgmt_ip = models.GenericIPAddressField(_("Management address"), null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Site"))
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="assets", verbose_name=_("Machine room")
    )
    rack = models.ForeignKey(Rack, models.PROTECT, null=True, blank=True, related_name="assets", verbose_name=_("Rack"))
    u_pos = models.PositiveSmallIntegerField(
        _("Lowest U"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    units = models.PositiveSmallIntegerField(_("Height (U)"), null=True, blank=True)
    face = models.CharField(_("Mounted at"), max_length=5, choices=Face.choices, default=Face.BOTH)
    power_w = models.PositiveIntegerField(_("Power (W)"), null=True, blank=True)
    system = models.ForeignKey(
        BusinessSystem, models.PROTECT, null=True, blank=True, related_name="assets", verbose_name=_("Business system")
    )
    zone = models.CharField(_("Network zone"), max_length=12, choices=Zone.choices, blank=True, default="")
    department = models.CharField(_("Department"), max_length=60, blank=True, default="")
    owner = models.CharField(_("Responsible person"), max_length=60, blank=True, default="")
    in_service_on = models.DateField(_("In service since"), null=True, blank=True)
    warranty_end = models.DateField(_("Warranty until"), null=True, blank=True)
    mlps_level = models.PositiveSmallIntegerField(
        _("Protection level (MLPS)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    lifecycle = models.CharField(_("Status"), max_length=10, choices=Lifecycle.choices, default=Lifecycle.IN_STORE)
    purchased_on = models.DateField(_("Purchased on"), null=True, blank=True)
    value = models.DecimalField(_("Value (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True)
    supplier = models.CharField(_("Supplier"), max_length=120, blank=True, default="")
    last_audit = models.DateField(_("Last stocktaking"), null=True, blank=True)

    class Meta:
        verbose_name = _("Asset")
        constraints = [once("asset_code_once", "code"), once_if_given("asset_serial_once", "serial_no")]
        indexes = [
            models.Index(fields=["contract", "name", "id"], condition=models.Q(deleted_at=None), name="asset_by_name"),
            models.Index(fields=["contract", "category", "code"], name="asset_by_category"),
            models.Index(fields=["contract", "lifecycle", "code"], name="asset_by_lifecycle"),
            models.Index(fields=["contract", "mgmt_ip"], name="asset_by_ip"),
            models.Index(fields=["contract", "warranty_end"], name="asset_by_warranty"),
            models.Index(fields=["contract"], condition=models.Q(deleted_at=None), name="asset_present"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("assets:asset", kwargs={"contract": self.contract.code, "pk": self.pk})
