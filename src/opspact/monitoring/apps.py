from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "opspact.monitoring"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        from opspact.monitoring import actions, jobs, permissions, shown  # noqa: F401  (declare and register on import)
