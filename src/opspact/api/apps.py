from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "opspact.api"
    verbose_name = _("API")

    def ready(self) -> None:
        from opspact.api import permissions  # noqa: F401  (declares on import)
