"""A list of people, to try the generic list on real rows: duplicates, NULLs, a related field."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import include, path

from opspact.config import urls
from opspact.identity.models import User
from opspact.identity.roles import BUSINESS_ROLES, Role
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab
from opspact.kit.permissions import declare, declared

if "test.people.view" not in declared():
    declare("test.people.view", "See people", BUSINESS_ROLES)
    declare("test.people.rename", "Rename people", {Role.SERVICE_MANAGER})


class PeopleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter("name", lookup_expr="icontains", label="Search")

    class Meta:
        model = User
        fields = ()


class People(ListPage):
    name = "test.people"
    permission = "test.people.view"
    title = "People"
    columns = (
        Column("username", "User name", kind="link", sort="username", phone=True),
        Column("name", "Name", sort="name", phone=True),
        Column("organisation", "Organisation", value="organisation.name", sort="organisation__name"),
        Column("set_at", "Password set", value="password_set_at", kind="datetime", sort="password_set_at"),
        Column("email", "E-mail", default=False),
    )
    filterset_class = PeopleFilter
    default_sort = "username"
    tabs = (Tab("Li", "q=Li"),)
    empty = Empty("People work here.", "Add", "kit:contract_home", "test.people.rename")
    bulk_actions = (
        BulkAction(
            "rename", "Rename", "test.people.rename", "Rename %(count)s people?", lambda caller, people: _do(people)
        ),
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return User.objects.select_related("organisation").exclude(username="me")

    def row_url(self, record: User) -> str:
        return f"/people/{record.pk}/"


def _do(people: QuerySet[User]) -> str:
    return f"{people.update(name='renamed')} renamed"


urlpatterns = [
    path("c/<slug:contract>/", include([path("people/", People.as_view(), name="people")])),
    *urls.urlpatterns,
]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
