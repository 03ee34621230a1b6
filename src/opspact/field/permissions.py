"""The permissions of collectors and authorisations."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import BUSINESS_ROLES, Role
from opspact.kit.permissions import declare

declare("field.collector.view", _("See collectors"), BUSINESS_ROLES - {Role.THIRD_PARTY, Role.CLIENT_STAFF})
declare("field.collector.manage", _("Register collectors"), {Role.SYSTEM_ADMIN})
declare(
    "field.authorisation.record", _("Record an authorisation to probe"), {Role.SERVICE_MANAGER, Role.CLIENT_MANAGER}
)
declare("field.sweep.view", _("See ping sweeps"), BUSINESS_ROLES - {Role.THIRD_PARTY, Role.CLIENT_STAFF})
declare("field.sweep.request", _("Ask for a ping sweep"), {Role.SERVICE_MANAGER, Role.ENGINEER})
