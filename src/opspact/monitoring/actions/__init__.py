"""Everything people do in monitoring. Pages, API and shell all go through these."""

from opspact.monitoring.actions.alerts import acknowledge
from opspact.monitoring.actions.grants import request_grant, withdraw_grant
from opspact.monitoring.actions.imports import apply_import, export_targets, upload
from opspact.monitoring.actions.rules import clear_rule, set_rule
from opspact.monitoring.actions.targets import TargetRefused, save_target, set_active

__all__ = [
    "TargetRefused",
    "acknowledge",
    "apply_import",
    "clear_rule",
    "export_targets",
    "request_grant",
    "save_target",
    "set_active",
    "set_rule",
    "upload",
    "withdraw_grant",
]
