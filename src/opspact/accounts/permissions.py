"""The permissions of accounts. Who creates a person can't grant, and who grants can't create (三员分立)."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import EVERYBODY, Role
from opspact.kit.permissions import declare

SYSTEM, SECURITY = {Role.SYSTEM_ADMIN}, {Role.SECURITY_ADMIN}

declare("accounts.user.view", _("See users"), SYSTEM | SECURITY)
declare("accounts.user.create", _("Create users"), SYSTEM)
declare("accounts.user.edit", _("Edit users"), SYSTEM)
declare("accounts.user.activate", _("Activate users"), SYSTEM)
declare("accounts.user.deactivate", _("Deactivate users"), SYSTEM | SECURITY)
declare("accounts.user.unlock", _("Unlock users"), SYSTEM)
declare("accounts.password.reset", _("Reset passwords"), SYSTEM)
# With the security administrator, so that nobody alone can take over an account: a password and a second factor.
declare("accounts.second_factor.reset", _("Reset the second factor"), SECURITY)
declare("accounts.grant.give", _("Grant roles"), SECURITY)
declare("accounts.grant.revoke", _("Revoke roles"), SECURITY)
declare("accounts.permission.view", _("See permissions"), SECURITY)

# A person's own.
declare("accounts.self.view", _("See one's own account"), EVERYBODY)
declare("accounts.password.change", _("Change one's own password"), EVERYBODY)
declare("accounts.session.end", _("End one's own sessions"), EVERYBODY)
declare("accounts.token.create", _("Create API tokens"), EVERYBODY)
declare("accounts.token.revoke", _("Revoke API tokens"), EVERYBODY)

# What the audit trail names although no action asks for permission: it happens to a person.
declare("accounts.session.sign_in", _("Sign in"), EVERYBODY)
declare("accounts.session.sign_out", _("Sign out"), EVERYBODY)
declare("accounts.session.expire", _("Signed out by the clock"), EVERYBODY)
declare("accounts.second_factor.enter", _("Enter the second factor"), EVERYBODY)
declare("accounts.second_factor.set_up", _("Set up the second factor"), EVERYBODY)
declare("accounts.second_factor.remove", _("Remove the second factor"), EVERYBODY)
declare("accounts.first_run.complete", _("Create the three administrators"), frozenset())
