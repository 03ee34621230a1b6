"""The roles of an O&M contract (§12, annex 1 part 四), and the three administrators (三员, GB/T 22239-2019 8.1.5)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    CLIENT_MANAGER = "client_manager", _("Client manager")
    CLIENT_STAFF = "client_staff", _("Client staff")
    CLIENT_ASSET_MANAGER = "client_asset_manager", _("Client asset manager")
    SERVICE_MANAGER = "service_manager", _("Service manager")
    SERVICE_DESK = "service_desk", _("Service desk")
    ENGINEER = "engineer", _("Engineer")
    THIRD_PARTY = "third_party", _("Third party")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


class Discipline(TextChoices):
    """An engineer's field of work, as annex 1 part 四 names them."""

    HOST = "host", _("Host engineer")
    SYSTEM = "system", _("Database engineer")
    NETWORK = "network", _("Network engineer")
    TERMINAL = "terminal", _("Terminal engineer")
    SERVICE_DESK = "service_desk", _("Service desk engineer")


# The three administrators look after the installation, exclude each other and see no business data.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
CLIENT_ROLES = frozenset({Role.CLIENT_MANAGER, Role.CLIENT_STAFF, Role.CLIENT_ASSET_MANAGER})
VENDOR_ROLES = frozenset({Role.SERVICE_MANAGER, Role.SERVICE_DESK, Role.ENGINEER})
BUSINESS_ROLES = CLIENT_ROLES | VENDOR_ROLES | {Role.THIRD_PARTY}
EVERYBODY = BUSINESS_ROLES | ADMINISTRATORS
