"""The register of contracts and what every other room refers to: business systems, sites, scope, public holidays."""

from opspact.contracts.models.calendar import CalendarDay, CalendarYear
from opspact.contracts.models.contract import Contract, ContractParty, Kpi, TermsVersion
from opspact.contracts.models.scope import BusinessSystem, ScopeItem, Site

__all__ = [
    "BusinessSystem",
    "CalendarDay",
    "CalendarYear",
    "Contract",
    "ContractParty",
    "Kpi",
    "ScopeItem",
    "Site",
    "TermsVersion",
]
