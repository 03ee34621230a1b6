"""The permissions of the kit's own pages and actions."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import BUSINESS_ROLES, EVERYBODY, Role
from opspact.kit.permissions import declare

declare("kit.home.view", _("See the home page"), EVERYBODY)
declare("kit.contract.view", _("See the contract's pages"), BUSINESS_ROLES)
declare("kit.search", _("Search"), BUSINESS_ROLES)
declare("kit.inbox.view", _("Read one's own messages"), EVERYBODY)
declare("kit.list.save", _("Save list settings"), EVERYBODY)
declare("kit.list.export", _("Export lists"), EVERYBODY)
declare("kit.list.share", _("Share a saved filter"), {Role.SERVICE_MANAGER, Role.CLIENT_MANAGER})
declare("kit.attachment.add", _("Attach files"), BUSINESS_ROLES)
declare("kit.attachment.view", _("Open attached files"), BUSINESS_ROLES)
declare("kit.attachment.remove", _("Remove attached files"), {Role.SERVICE_MANAGER, Role.CLIENT_MANAGER})
declare("kit.approval.view", _("See approvals"), BUSINESS_ROLES)
DECIDERS = {Role.CLIENT_MANAGER, Role.CLIENT_ASSET_MANAGER, Role.SERVICE_MANAGER}
declare("kit.approval.decide", _("Decide approvals"), DECIDERS)
declare("kit.audit.view", _("Read the audit trail"), {Role.AUDIT_ADMIN})
