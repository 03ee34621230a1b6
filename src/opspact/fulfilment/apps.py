from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FulfilmentConfig(AppConfig):
    name = "opspact.fulfilment"
    verbose_name = _("Fulfilment")

    def ready(self) -> None:
        from opspact.fulfilment import permissions  # noqa: F401  (declares on import)
