from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "opspact.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from opspact.accounts import entries, permissions, signals  # noqa: F401  (declare and connect on import)
