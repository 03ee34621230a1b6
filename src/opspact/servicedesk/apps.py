from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicedeskConfig(AppConfig):
    name = "opspact.servicedesk"
    verbose_name = _("Service desk")

    def ready(self) -> None:
        from opspact.servicedesk import permissions  # noqa: F401  (declares on import)
