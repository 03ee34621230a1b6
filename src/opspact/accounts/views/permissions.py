"""The matrix of permissions and roles, for the security administrator. What it shows is declared in the program."""

from __future__ import annotations

from tempfile import TemporaryFile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from opspact.accounts.matrix import Row, rows
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.lists import Column, kept
from opspact.kit.lists import export as sheet


@needs("accounts.permission.view")
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/permissions.html", {"rows": rows(), "roles": list(Role)})


@needs("accounts.permission.view")
def export(request: HttpRequest) -> HttpResponse:
    marks = [
        Column(role.value, role.label, value=lambda row, role=role: "●" if role in row.holders else "") for role in Role
    ]
    columns: list[Column] = [Column("label", _("Permission"), width="l"), Column("name", _("Name"), width="l"), *marks]
    found: list[Row] = rows()
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    kept.export(
        Caller.of(request),
        None,
        list_name="accounts.permissions",
        query="",
        write=lambda: sheet.write(target, _("Permissions"), columns, found),
    )
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename="permissions.xlsx", content_type=sheet.CONTENT_TYPE)
