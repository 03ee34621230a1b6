"""The permissions of reports: the vendor drafts and submits, the client accepts or returns."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import VENDOR_ROLES, Role
from opspact.kit.permissions import declare

_WRITERS = {Role.SERVICE_MANAGER, Role.SERVICE_DESK}

declare("reports.report.view", _("Read reports"), VENDOR_ROLES | {Role.CLIENT_MANAGER, Role.CLIENT_ASSET_MANAGER})
declare("reports.report.draft", _("Draft reports"), _WRITERS)
declare("reports.report.edit", _("Edit draft reports"), _WRITERS)
declare("reports.report.submit", _("Submit reports"), {Role.SERVICE_MANAGER})
declare("reports.report.accept", _("Accept reports"), {Role.CLIENT_MANAGER})
declare("reports.report.return", _("Return reports"), {Role.CLIENT_MANAGER})
declare("reports.report.scan", _("Upload signed reports"), {Role.SERVICE_MANAGER, Role.CLIENT_MANAGER})
