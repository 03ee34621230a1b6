"""Terminals: PCs and emergency mobile terminals, their address book, loans and repairs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.assets.models.asset import Zone
from opspact.assets.models.fields import InetField
from opspact.assets.models.record import Record, once, once_if_given


class AddressBook(Record):
    """A version of the address book (通讯录) that terminals carry. `entries`: name, department, number."""

    issued_on = models.DateField(_("Issued on"))
    entries = models.JSONField(_("Entries"), default=list, blank=True)

    class Meta:
        verbose_name = _("Version of the address book")
        constraints = [once("address_book_code_once", "code")]


class Terminal(Record):
    """One terminal (终端台账). `code` is its label number."""

    class Kind(models.TextChoices):
        PC = "pc", _("PC")
        MOBILE = "mobile", _("Emergency mobile terminal")
        PERIPHERAL = "peripheral", _("Peripheral")

    class Usage(models.TextChoices):
        IN_USE = "in_use", _("In use")
        SPARE = "spare", _("Spare")
        LENT = "lent", _("Lent")
        REPAIR = "repair", _("In repair")
        SCRAPPED = "scrapped", _("Scrapped")

    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("Name"), max_length=120, blank=True, default="")
    hardware = models.TextField(_("Hardware"), blank=True, default="")
    software = models.TextField(_("Software"), blank=True, default="")
    serial_no = models.CharField(_("Serial number"), max_length=100, blank=True, default="")
    ip = InetField(_("IP address"), null=True, blank=True)
    mac = models.CharField(_("Hardware address"), max_length=17, blank=True, default="")
    call_no = models.CharField(_("SIM or call sign"), max_length=60, blank=True, default="")
    zone = models.CharField(_("Network"), max_length=12, choices=Zone.choices, blank=True, default="")
    user = models.CharField(_("Holder"), max_length=60, blank=True, default="")
    department = models.CharField(_("Department"), max_length=60, blank=True, default="")
    usage = models.CharField(_("Use"), max_length=10, choices=Usage.choices, default=Usage.IN_USE)
    address_book = models.ForeignKey(
        AddressBook, models.PROTECT, null=True, blank=True, related_name="terminals", verbose_name=_("Address book")
    )
    address_book_on = models.DateField(_("Address book updated on"), null=True, blank=True)
    in_service_on = models.DateField(_("In service since"), null=True, blank=True)
    retired_on = models.DateField(_("Retired on"), null=True, blank=True)
    last_inspected_on = models.DateField(_("Last inspection"), null=True, blank=True)

    class Meta:
        verbose_name = _("Terminal")
        constraints = [once("terminal_code_once", "code"), once_if_given("terminal_serial_once", "serial_no")]
        indexes = [models.Index(fields=["contract", "kind", "usage"], name="terminal_by_kind")]


class TerminalRepair(Record):
    """A repair of a terminal; from `failed_at` to `mended_at` it was out of service unless a spare was issued.

    `usage_before` is what the terminal goes back to.
    """

    terminal = models.ForeignKey(Terminal, models.PROTECT, related_name="repairs", verbose_name=_("Terminal"))
    symptom = models.CharField(_("Symptom"), max_length=200)
    failed_at = models.DateTimeField(_("Failed at"))
    mended_at = models.DateTimeField(_("Mended at"), null=True, blank=True)
    spare_at = models.DateTimeField(_("Spare issued at"), null=True, blank=True)
    action = models.TextField(_("What was done"), blank=True, default="")
    usage_before = models.CharField(max_length=10, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Repair of a terminal")
        constraints = [once("terminal_repair_code_once", "code")]


class Loan(Record):
    """A terminal lent and returned, each with a signature: drawn on the page or on paper and scanned.

    A signature is the path of its strokes (`assets.signatures`), empty when it stands on paper. `usage_before` is what
    the terminal goes back to.
    """

    terminal = models.ForeignKey(Terminal, models.PROTECT, related_name="loans", verbose_name=_("Terminal"))
    borrower = models.CharField(_("Borrower"), max_length=60)
    department = models.CharField(_("Department"), max_length=60, blank=True, default="")
    purpose = models.CharField(_("Purpose"), max_length=200, blank=True, default="")
    lent_at = models.DateTimeField(_("Lent at"))
    lent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("To be returned by"), null=True, blank=True)
    returned_at = models.DateTimeField(_("Returned at"), null=True, blank=True)
    returned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lent_signature = models.TextField(_("Signature of the borrower"), blank=True, default="")
    returned_signature = models.TextField(_("Signature at return"), blank=True, default="")
    condition = models.CharField(_("Condition at return"), max_length=200, blank=True, default="")
    usage_before = models.CharField(max_length=10, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Loan")
        constraints = [
            once("loan_code_once", "code"),
            models.UniqueConstraint(
                fields=["terminal"], condition=models.Q(returned_at=None, deleted_at=None), name="loan_one_open"
            ),
        ]
