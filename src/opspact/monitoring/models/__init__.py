"""Targets and checks; the observed and the granted ledger; results; alerts; imports."""

from opspact.monitoring.models.alerts import Alert
from opspact.monitoring.models.granted import GrantedInterval
from opspact.monitoring.models.imports import TargetImport
from opspact.monitoring.models.observed import CheckState, LedgerRevision, ObservedInterval
from opspact.monitoring.models.results import Coverage, KeptResult, Result, ResultBatch, Sweep
from opspact.monitoring.models.rules import SystemRule
from opspact.monitoring.models.targets import Check, Target

__all__ = [
    "Alert",
    "Check",
    "CheckState",
    "Coverage",
    "GrantedInterval",
    "KeptResult",
    "LedgerRevision",
    "ObservedInterval",
    "Result",
    "ResultBatch",
    "Sweep",
    "SystemRule",
    "Target",
    "TargetImport",
]
