"""Software, operating systems, licences, cloud resources, databases, certificates, mailboxes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.assets.models.asset import Asset
from opspact.assets.models.record import Record, once
from opspact.contracts.models import BusinessSystem


class Licence(Record):
    """The right to use a piece of software."""

    name = models.CharField(_("Software"), max_length=120)
    vendor = models.CharField(_("Maker"), max_length=80, blank=True, default="")
    seats = models.PositiveIntegerField(_("Seats"), null=True, blank=True)
    bought_on = models.DateField(_("Bought on"), null=True, blank=True)
    ends_on = models.DateField(_("Ends on"), null=True, blank=True)
    proof = models.CharField(_("Proof"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("Licence")
        constraints = [once("licence_code_once", "code")]


class Installation(Record):
    """Software or an operating system on an asset or a cloud resource."""

    class Kind(models.TextChoices):
        OS = "os", _("Operating system")
        MIDDLEWARE = "middleware", _("Middleware")
        APPLICATION = "application", _("Application")
        SECURITY = "security", _("Security software")

    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("Software"), max_length=120)
    version_text = models.CharField(_("Version"), max_length=60, blank=True, default="")
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="installations", verbose_name=_("On asset")
    )
    cloud = models.ForeignKey(
        "CloudResource", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("On cloud resource")
    )
    licence = models.ForeignKey(
        Licence, models.PROTECT, null=True, blank=True, related_name="installations", verbose_name=_("Licence")
    )
    system = models.ForeignKey(
        BusinessSystem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Business system")
    )
    installed_on = models.DateField(_("Installed on"), null=True, blank=True)
    patched_on = models.DateField(_("Last patched on"), null=True, blank=True)
    keeper = models.CharField(_("Keeper"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("Software instance")
        constraints = [once("installation_code_once", "code")]


class CloudResource(Record):
    """Something rented from a cloud operator, with its request."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        ACCEPTED = "accepted", _("Accepted by the operator")
        DELIVERED = "delivered", _("Delivered")
        INITIALISED = "initialised", _("Initialised, in use")
        RELEASED = "released", _("Released")

    name = models.CharField(_("Name"), max_length=120)
    operator = models.CharField(_("Operator"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=60)
    spec = models.CharField(_("Specification"), max_length=200, blank=True, default="")
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.REQUESTED)
    requested_on = models.DateField(_("Requested on"), null=True, blank=True)
    wanted_on = models.DateField(_("Wanted by"), null=True, blank=True)
    accepted_on = models.DateField(_("Accepted on"), null=True, blank=True)
    delivered_on = models.DateField(_("Delivered on"), null=True, blank=True)
    initialised_on = models.DateField(_("Initialised on"), null=True, blank=True)
    released_on = models.DateField(_("Released on"), null=True, blank=True)
    requester = models.CharField(_("Requester"), max_length=60, blank=True, default="")
    address = models.CharField(_("Address"), max_length=120, blank=True, default="")
    system = models.ForeignKey(
        BusinessSystem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Business system")
    )

    class Meta:
        verbose_name = _("Cloud resource")
        constraints = [once("cloud_resource_code_once", "code")]


class Database(Record):
    """A database instance."""

    name = models.CharField(_("Name"), max_length=120)
    product = models.CharField(_("Product"), max_length=60)
    version_text = models.CharField(_("Version"), max_length=60, blank=True, default="")
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="databases", verbose_name=_("On asset")
    )
    address = models.CharField(_("Address"), max_length=120, blank=True, default="")
    port = models.PositiveIntegerField(_("Port"), null=True, blank=True)
    character_set = models.CharField(_("Character set"), max_length=40, blank=True, default="")
    size_gb = models.DecimalField(_("Size (GB)"), max_digits=12, decimal_places=2, null=True, blank=True)
    mode = models.CharField(_("High availability"), max_length=60, blank=True, default="")
    system = models.ForeignKey(
        BusinessSystem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Business system")
    )
    keeper = models.CharField(_("Keeper"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("Database")
        constraints = [once("database_code_once", "code")]


class Certificate(Record):
    """A digital certificate, as parsed from a file or fetched from a port. Private keys are never kept."""

    name = models.CharField(_("Name"), max_length=200)
    subject = models.CharField(_("Subject"), max_length=500, blank=True, default="")
    issuer = models.CharField(_("Issuer"), max_length=500, blank=True, default="")
    names = models.JSONField(_("Names it is for"), default=list, blank=True)
    serial = models.CharField(_("Serial number"), max_length=80, blank=True, default="")
    sha256 = models.CharField(_("Fingerprint (SHA-256)"), max_length=64, blank=True, default="")
    algorithm = models.CharField(_("Key"), max_length=40, blank=True, default="")
    key_bits = models.PositiveIntegerField(_("Key length (bits)"), null=True, blank=True)
    signature = models.CharField(_("Signature"), max_length=60, blank=True, default="")
    starts_at = models.DateTimeField(_("Valid from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Valid until"), null=True, blank=True)
    pem = models.TextField(_("Chain (PEM)"), blank=True, default="")
    source = models.CharField(_("Source"), max_length=200, blank=True, default="")
    verification = models.CharField(_("Verification"), max_length=300, blank=True, default="")
    """What this machine's trust store said when the certificate was fetched; nothing for a file."""
    system = models.ForeignKey(
        BusinessSystem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Business system")
    )
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("On asset")
    )
    owner = models.CharField(_("Owner"), max_length=60, blank=True, default="")
    renewal = models.TextField(_("Steps of renewal"), blank=True, default="")
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("Replaced by")
    )
    warned_days = models.PositiveSmallIntegerField(null=True, editable=False)
    """The last of 60, 30, 7, 0 days that was warned of."""

    class Meta:
        verbose_name = _("Certificate")
        constraints = [once("certificate_code_once", "code")]
        indexes = [models.Index(fields=["contract", "ends_at"], name="certificate_by_end")]


class Mailbox(Record):
    """A mailbox or another account issued to somebody."""

    class Kind(models.TextChoices):
        MAILBOX = "mailbox", _("Mailbox")
        DOMAIN = "domain", _("Domain account")
        APPLICATION = "application", _("Application account")
        VPN = "vpn", _("VPN account")

    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.MAILBOX)
    account = models.CharField(_("Account"), max_length=120)
    holder = models.CharField(_("Holder"), max_length=60, blank=True, default="")
    department = models.CharField(_("Department"), max_length=60, blank=True, default="")
    issued_on = models.DateField(_("Issued on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    quota_mb = models.PositiveIntegerField(_("Quota (MB)"), null=True, blank=True)
    approved_by = models.CharField(_("Approved by"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("Mailbox or account")
        constraints = [once("mailbox_code_once", "code")]
