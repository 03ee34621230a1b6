"""What must hold from now on to still meet an objective at the end of the term. `docs/why/indicators.md`."""

from opspact.core.kpi.projection.cases import CountOutlook, project_count
from opspact.core.kpi.projection.outlook import Burn, Outlook, elapsed_fraction
from opspact.core.kpi.projection.shares import RatioOutlook, project_at_least, project_complaints
from opspact.core.kpi.projection.systems import (
    Standing,
    SystemsOutlook,
    project_systems,
    service_to_come,
    standings,
)

__all__ = [
    "Burn",
    "CountOutlook",
    "Outlook",
    "RatioOutlook",
    "Standing",
    "SystemsOutlook",
    "elapsed_fraction",
    "project_at_least",
    "project_complaints",
    "project_count",
    "project_systems",
    "service_to_come",
    "standings",
]
