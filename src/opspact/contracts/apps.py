from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "opspact.contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        from opspact.contracts import permissions, queries  # noqa: F401  (declares on import)
        from opspact.kit.navigation import entry
        from opspact.kit.scope import set_contract_source

        entry("fulfilment", "terms", _("Contract terms"), "contracts:terms", "contracts.contract.view", order=90)
        set_contract_source(queries.contract_by_code, queries.contracts_by_codes)
