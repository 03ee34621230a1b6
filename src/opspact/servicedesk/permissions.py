"""The permissions of the service desk. Which incidents a person sees at all is decided in `queries.visible_to`."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import BUSINESS_ROLES, VENDOR_ROLES, Role
from opspact.kit.permissions import declare

_DESK = {Role.SERVICE_MANAGER, Role.SERVICE_DESK}
_HANDS = VENDOR_ROLES | {Role.THIRD_PARTY}

declare("servicedesk.incident.view", _("See incidents"), BUSINESS_ROLES)
declare("servicedesk.incident.open", _("Open an incident"), BUSINESS_ROLES - {Role.THIRD_PARTY})
declare("servicedesk.incident.comment", _("Comment on an incident"), BUSINESS_ROLES)
declare("servicedesk.incident.assign", _("Assign an incident"), _DESK)
declare("servicedesk.incident.take", _("Take an incident"), VENDOR_ROLES)
declare("servicedesk.incident.respond", _("Record the response"), _HANDS)
declare("servicedesk.incident.arrive", _("Record the arrival on site"), _HANDS)
declare("servicedesk.incident.report", _("Record that an incident was reported"), VENDOR_ROLES)
declare("servicedesk.incident.pause", _("Pause an incident"), VENDOR_ROLES)
declare("servicedesk.incident.resume", _("Resume an incident"), VENDOR_ROLES)
declare("servicedesk.incident.restore", _("Record that service is restored"), _HANDS)
declare("servicedesk.incident.resolve", _("Resolve an incident"), VENDOR_ROLES)
declare("servicedesk.incident.propose", _("Propose to resolve an incident"), VENDOR_ROLES)
declare("servicedesk.incident.decide_proposal", _("Decide a proposed resolution"), VENDOR_ROLES)
declare("servicedesk.incident.close", _("Close an incident"), _DESK | {Role.CLIENT_MANAGER})
declare("servicedesk.incident.reopen", _("Reopen an incident"), _DESK | {Role.CLIENT_MANAGER})
declare("servicedesk.incident.change_priority", _("Change an incident's priority"), _DESK)
declare("servicedesk.incident.cancel", _("Cancel an incident"), _DESK)
declare("servicedesk.incident.escalate", _("Escalate an incident"), ())
