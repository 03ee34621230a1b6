from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "opspact.field"
    verbose_name = _("Field")

    def ready(self) -> None:
        from opspact.field import permissions, sweeps  # noqa: F401  (declare on import)
        from opspact.kit.navigation import entry

        entry("system", "collectors", _("Collectors"), "field:collectors", "field.collector.view", order=20)
