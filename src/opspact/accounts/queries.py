"""Look-ups about people."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce, Greatest

from opspact.accounts.policy import DORMANT_AFTER
from opspact.identity.models import Grant, User
from opspact.identity.roles import ADMINISTRATORS


def users() -> QuerySet[User]:
    return User.objects.select_related("organisation").prefetch_related("grants")


def dormant_users(now: datetime) -> QuerySet[User]:
    """Active people who neither signed in nor used a token for so long that the account is disabled."""
    used = Greatest(
        Coalesce("last_login", "created_at"), Coalesce(Max("api_tokens__last_used_at"), "created_at"), "created_at"
    )
    return User.objects.filter(is_active=True).annotate(used_at=used).filter(used_at__lt=now - DORMANT_AFTER)


def is_last_administrator(user: User) -> bool:
    """Whether the installation would be left without one of the three administrators if this person went.

    Locks the grants of that role: of two who would go at the same moment, one stays. Needs a transaction.
    """
    role = next((grant.role for grant in user.grants.all() if grant.role in ADMINISTRATORS), None)
    if role is None or not user.is_active:
        return False
    list(Grant.objects.select_for_update().filter(role=role).order_by("pk"))
    return not Grant.objects.filter(role=role, user__is_active=True).exclude(user=user).exists()
