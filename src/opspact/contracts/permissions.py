"""The permissions of the contract register."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import BUSINESS_ROLES, Role
from opspact.kit.permissions import declare

declare("contracts.contract.view", _("Read the contract's terms"), BUSINESS_ROLES - {Role.THIRD_PARTY})
declare("contracts.contract.load", _("Load a contract"), {Role.CLIENT_MANAGER, Role.SERVICE_MANAGER})
declare("contracts.calendar.load", _("Load public holidays"), {Role.SYSTEM_ADMIN})
