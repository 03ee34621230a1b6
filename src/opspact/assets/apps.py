from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssetsConfig(AppConfig):
    name = "opspact.assets"
    verbose_name = _("Ledgers")

    def ready(self) -> None:
        from opspact.assets import shown  # noqa: F401  (declare and register on import)
