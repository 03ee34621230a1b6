"""The permissions of monitoring."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import BUSINESS_ROLES, VENDOR_ROLES, Role
from opspact.kit.permissions import declare

_KEEPERS = {Role.SERVICE_MANAGER, Role.ENGINEER}
_READERS = BUSINESS_ROLES - {Role.THIRD_PARTY, Role.CLIENT_STAFF}

declare("monitoring.target.view", _("See targets and their states"), _READERS)
declare("monitoring.target.edit", _("Add and change targets"), _KEEPERS)
declare("monitoring.target.export", _("Export targets"), _READERS)
declare("monitoring.target.import", _("Import targets"), _KEEPERS)
declare("monitoring.system.view", _("See business systems and their states"), BUSINESS_ROLES - {Role.THIRD_PARTY})
declare("monitoring.rule.set", _("Set the rule of a business system"), {Role.SERVICE_MANAGER})
declare("monitoring.alert.view", _("See alerts"), _READERS)
declare("monitoring.alert.acknowledge", _("Acknowledge alerts"), VENDOR_ROLES)
declare("monitoring.grant.request", _("Ask for maintenance or exemption"), _KEEPERS)
declare("monitoring.batch.refuse", _("Refuse a forged batch"), {Role.SYSTEM_ADMIN})
