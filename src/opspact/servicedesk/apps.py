from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicedeskConfig(AppConfig):
    name = "opspact.servicedesk"
    verbose_name = _("Service desk")

    def ready(self) -> None:
        from opspact.servicedesk import entries, jobs, permissions  # noqa: F401  (declare and register on import)
