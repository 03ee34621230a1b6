from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "opspact.reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from opspact.kit.navigation import entry
        from opspact.kit.registries import InboxKind, inbox_kinds
        from opspact.reports import jobs, permissions  # noqa: F401  (declare and register on import)

        entry("reports", "reports", _("Periodic reports"), "reports:reports", "reports.report.view", order=10)
        inbox_kinds.add(InboxKind("reports.report", _("Reports"), "reports.report.view", icon="report"))
