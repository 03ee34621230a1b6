"""The audit trail, for the audit administrator. It only reads; the database lets nobody change a row."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from opspact.accounts.filters import AuditFilter
from opspact.accounts.labels import action_label, detail_text, kind_label, via_label
from opspact.kit.lists import Column, Empty, ListPage, Tab
from opspact.kit.models import AuditEvent

_LOOKS = {"done": "op-tag-good", "denied": "op-tag-bad", "failed": "op-tag-warn"}


def _result(event: AuditEvent) -> SafeString:
    return format_html('<span class="op-tag {}">{}</span>', _LOOKS[event.result], event.get_result_display())


def _whole(text: str) -> SafeString:
    """Text that no narrow column breaks."""
    return format_html('<span class="text-nowrap">{}</span>', text)


def _person(event: AuditEvent) -> str:
    """Who it was, or what name was tried; OpsPact itself where nobody acted."""
    return event.user_name if event.user_id or event.user_name != event.via else "OpsPact"


def _subject(event: AuditEvent) -> str:
    kind = kind_label(event.subject_type) if event.subject_type else ""
    return f"{kind}: {event.subject_label}" if event.subject_label else kind


class Audit(ListPage):
    name = "accounts.audit"
    permission = "kit.audit.view"
    title = _("Audit trail")
    filterset_class = AuditFilter
    default_sort = "-at"
    columns = (
        Column("at", _("Time"), kind="datetime", phone=True, sort="id"),
        Column(
            "user_name",
            _("Person"),
            value=lambda event: _whole(_person(event)),
            kind="html",
            phone=True,
            sort="user_name",
            export=_person,
        ),
        Column("action", _("Action"), value=lambda event: action_label(event.action), phone=True, width="m"),
        Column("subject", _("Object"), value=_subject, width="l"),
        Column("result", _("Result"), value=_result, kind="html", export=AuditEvent.get_result_display),
        Column("contract_code", _("Contract")),
        Column(
            "ip",
            _("Source address"),
            value=lambda event: _whole(event.ip or "—"),
            kind="html",
            export=lambda event: event.ip,
        ),
        Column(
            "via",
            _("Via"),
            value=lambda event: _whole(via_label(event.via)),
            kind="html",
            export=lambda event: via_label(event.via),
        ),
        Column("detail", _("Detail"), value=lambda event: detail_text(event.detail), width="xl"),
        Column("code", _("Code of the action"), value="action", default=False),
    )
    tabs = (
        Tab(_("Denied"), "result=denied"),
        Tab(_("Signing in"), "action=accounts.session.sign_in"),
        Tab(_("Roles granted"), "action=accounts.grant.give"),
        Tab(_("Exports"), "action=kit.list.export"),
    )
    empty = Empty(_("Every sign-in, change and refusal is kept here and can't be altered."), icon="history")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return AuditEvent.objects.all()


list_page = Audit.as_view()
