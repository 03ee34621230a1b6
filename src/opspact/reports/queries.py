"""Which reports a person may see: the client sees nothing before it was submitted."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from opspact.contracts.models import Contract
from opspact.identity.roles import VENDOR_ROLES
from opspact.kit.permissions import roles_of
from opspact.reports.models import Report


def visible_to(user: Any, contract: Contract) -> QuerySet[Report]:
    rows = Report.objects.filter(contract=contract)
    return rows if roles_of(user, contract.code) & VENDOR_ROLES else rows.exclude(state=Report.State.DRAFT)


def versions_of(user: Any, report: Report) -> QuerySet[Report]:
    """All versions of the report that the person may see, the newest first."""
    return visible_to(user, report.contract).filter(number=report.number).order_by("-version")
