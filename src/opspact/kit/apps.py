from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    name = "opspact.kit"
    verbose_name = _("Kit")

    def ready(self) -> None:
        from opspact.kit import entries, permissions_declared  # noqa: F401  (declare and register on import)
        from opspact.kit.database import grant_to_program_role

        post_migrate.connect(grant_to_program_role, dispatch_uid="kit.grant_to_program_role")
