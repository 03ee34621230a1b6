"""The permissions of the API's own pages."""

from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import EVERYBODY
from opspact.kit.permissions import declare

declare("api.docs.view", _("Read the API's documentation"), EVERYBODY)
