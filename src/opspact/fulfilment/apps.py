from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FulfilmentConfig(AppConfig):
    name = "opspact.fulfilment"
    verbose_name = _("Fulfilment")

    def ready(self) -> None:
        from opspact.fulfilment import cards, permissions  # noqa: F401  (declare and register on import)
        from opspact.kit.navigation import entry

        entry("fulfilment", "indicators", _("Indicators"), "fulfilment:indicators", "fulfilment.kpi.view", order=10)
