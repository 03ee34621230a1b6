"""Which incidents a person may see, and the look-ups that pages, jobs and other rooms need."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from opspact.contracts.models import Contract
from opspact.identity.models import User
from opspact.identity.roles import VENDOR_ROLES, Role
from opspact.kit.permissions import roles_of
from opspact.servicedesk.models import Incident

SEES_ALL = VENDOR_ROLES | {Role.CLIENT_MANAGER}
SEES_OWN = frozenset({Role.CLIENT_STAFF, Role.CLIENT_ASSET_MANAGER})


def visible_to(user: Any, contract: Contract) -> QuerySet[Incident]:
    """The incidents of `contract` that `user` may see.

    The vendor's people and the client's manager see all, the client's staff what they reported, a third party what is
    assigned to it. Several roles add up; nobody else sees anything.
    """
    return Incident.objects.filter(_seen_by(user, contract.code), contract=contract)


def may_see(user: Any, incident: Incident) -> bool:
    """The same rule for one incident, without a query."""
    roles = roles_of(user, incident.contract.code)
    return bool(
        roles & SEES_ALL
        or (roles & SEES_OWN and incident.reported_by_id == user.pk)
        or (Role.THIRD_PARTY in roles and incident.assignee_id == user.pk)
    )


def _seen_by(user: Any, code: str) -> Q:
    roles = roles_of(user, code)
    if roles & SEES_ALL:
        return Q()
    seen = Q(pk__in=[])
    if roles & SEES_OWN:
        seen |= Q(reported_by=user)
    if Role.THIRD_PARTY in roles:
        seen |= Q(assignee=user)
    return seen


def people(contract_code: str, *roles: Role, discipline: str = "") -> QuerySet[User]:
    """The active people who hold one of the roles in the contract, engineers only of that discipline if given."""
    grants = Q(grants__contract_code=contract_code, grants__role__in=roles)
    if discipline:
        grants &= ~Q(grants__role=Role.ENGINEER) | Q(grants__discipline__in=[discipline, ""])
    return User.objects.filter(grants, is_active=True).distinct()


def open_figures(incidents: QuerySet[Incident], now: datetime) -> dict[str, int]:
    """Of these incidents: how many are open, have no assignee, or are past what was due."""
    is_open = Q(state__in=Incident.OPEN_STATES)
    return incidents.filter(is_open).aggregate(
        open=Count("pk"),
        unassigned=Count("pk", filter=Q(assignee=None)),
        overdue=Count("pk", filter=Q(next_due_at__lt=now)),
    )


def unfinished(contract: Contract, at: datetime) -> QuerySet[Incident]:
    """The incidents that were open at that instant, what is due first first."""
    begun = Incident.objects.filter(contract=contract, opened_at__lte=at)
    ended = Q(resolved_at__lte=at) | Q(state=Incident.State.CANCELLED, closed_at__lte=at)
    return begun.exclude(ended).order_by(F("next_due_at").asc(nulls_last=True), "opened_at")
