"""The permissions of fulfilment. Figures concern both parties; staff and third parties see no assessment."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import VENDOR_ROLES, Role
from opspact.kit.permissions import declare

READERS = VENDOR_ROLES | {Role.CLIENT_MANAGER, Role.CLIENT_ASSET_MANAGER}

declare("fulfilment.kpi.view", _("See the contract's indicators"), READERS)
declare("fulfilment.kpi.export", _("Export an indicator with its ledgers"), {Role.CLIENT_MANAGER, Role.SERVICE_MANAGER})
