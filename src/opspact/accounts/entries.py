"""Where the room's pages are found: behind the door "System", and in the menu under one's name."""

from django.utils.translation import gettext_lazy as _

from opspact.kit.navigation import entry, personal

entry("system", "users", _("Users"), "accounts:users", "accounts.user.view", order=10)
entry("system", "permissions", _("Permissions"), "accounts:permissions", "accounts.permission.view", order=20)
entry("system", "audit", _("Audit trail"), "accounts:audit", "kit.audit.view", order=30)
personal(_("My account"), "accounts:own", order=10)
