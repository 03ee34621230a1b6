"""The list of users."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opspact.accounts.actions import deactivate
from opspact.accounts.filters import UserFilter
from opspact.accounts.queries import users
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab


def _roles(user: User) -> str:
    return "、".join(dict.fromkeys(str(Role(grant.role).label) for grant in user.grants.all()))


def _contracts(user: User) -> str:
    return ", ".join(sorted({grant.contract_code for grant in user.grants.all() if grant.contract_code}))


def _deactivate_all(caller: Caller, picked: QuerySet[User]) -> str:
    people = list(picked.filter(is_active=True))
    for user in people:
        deactivate(caller, user, reason="page")
    done = ngettext("%(n)d user is deactivated.", "%(n)d users are deactivated.", len(people))
    return done % {"n": len(people)}


class Users(ListPage):
    name = "accounts.users"
    permission = "accounts.user.view"
    title = gettext_lazy("Users")
    template_name = "accounts/users.html"
    filterset_class = UserFilter
    default_sort = "username"
    columns = (
        Column("username", gettext_lazy("User name"), kind="link", sort="username", phone=True),
        Column("name", gettext_lazy("Full name"), sort="name", phone=True),
        Column("organisation", gettext_lazy("Organisation"), value="organisation.name", sort="organisation__name"),
        Column("roles", gettext_lazy("Roles"), value=_roles, phone=True, width="l"),
        Column("contracts", gettext_lazy("Contracts"), value=_contracts),
        Column("is_active", gettext_lazy("Active"), kind="bool", sort="is_active"),
        Column("last_login", gettext_lazy("Last sign-in"), kind="datetime", sort="last_login"),
        Column("created_at", gettext_lazy("Created at"), kind="datetime", sort="created_at", default=False),
    )
    tabs = (Tab(gettext_lazy("Active"), "active=true"), Tab(gettext_lazy("Deactivated"), "active=false"))
    bulk_actions = (
        BulkAction(
            "deactivate",
            gettext_lazy("Deactivate"),
            "accounts.user.deactivate",
            gettext_lazy("%(count)s users are signed out at once and can't sign in any more. Their records stay."),
            _deactivate_all,
            is_dangerous=True,
        ),
    )
    empty = Empty(
        gettext_lazy("Whoever signs in is kept here."),
        gettext_lazy("New user"),
        "accounts:new_user",
        "accounts.user.create",
        icon="users",
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return users()

    def row_url(self, record: User) -> str:
        return reverse("accounts:user", args=[record.username])

    def sentence(self, request: HttpRequest) -> str:
        active = User.objects.filter(is_active=True).count()
        without = User.objects.filter(is_active=True, grants=None).count()
        text = _("%(active)d people can sign in.") % {"active": active}
        if without:
            text += " " + ngettext("%(n)d of them holds no role yet.", "%(n)d of them hold no role yet.", without) % {
                "n": without
            }
        return text


list_page = Users.as_view()
