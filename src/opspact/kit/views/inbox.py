"""The inbox: messages to the person signed in, whatever contract they are about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from opspact.kit import inbox, scope
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab
from opspact.kit.models import Message
from opspact.kit.registries import inbox_kinds
from opspact.kit.views.filters import MessageFilter


def _kind(message: Message) -> str:
    return next((str(kind.label) for kind in inbox_kinds.all() if kind.name == message.kind), "")


def _mark(caller: Caller, picked: QuerySet[Message]) -> str:
    return _marked(inbox.mark_read(caller, picked))


def _marked(count: int) -> str:
    return ngettext("%(n)d message marked as read.", "%(n)d messages marked as read.", count) % {"n": count}


class InboxPage(ListPage):
    name = "kit.inbox"
    permission = "kit.inbox.view"
    title = gettext_lazy("Inbox")
    template_name = "kit/inbox.html"
    columns = (
        Column("text", gettext_lazy("Message"), value=inbox.words_of, kind="link", phone=True, width="xl"),
        Column("kind", gettext_lazy("Kind"), value=_kind, width="m"),
        Column("contract", gettext_lazy("Contract"), value="contract_name", phone=True, width="m"),
        Column("at", gettext_lazy("Time"), kind="datetime", sort="at", phone=True),
        Column("read_at", gettext_lazy("Read"), kind="datetime", sort="read_at"),
    )
    filterset_class = MessageFilter
    default_sort = "-at"
    tabs = (Tab(gettext_lazy("Unread"), "unread=true"),)
    empty = Empty(gettext_lazy("What needs you or concerns your incidents is told here."), icon="inbox")
    bulk_actions = (
        BulkAction(
            "read",
            gettext_lazy("Mark as read"),
            "kit.inbox.view",
            gettext_lazy("Mark %(count)s messages as read?"),
            _mark,
        ),
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return Message.objects.filter(user=request.user)

    def row_url(self, record: Message) -> str:
        return reverse("kit:message", args=[record.pk])

    def prepare(self, request: HttpRequest, records: list[Message]) -> None:
        named = {contract.code: str(contract) for contract in scope.contracts({each.contract_code for each in records})}
        for record in records:
            record.contract_name = named.get(record.contract_code, "")

    def sentence(self, request: HttpRequest) -> str:
        count = inbox.unread(request.user).count()
        return ngettext("%(n)d message is unread.", "%(n)d messages are unread.", count) % {"n": count}

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"unread": inbox.unread(request.user).exists()}


@require_GET
@needs("kit.inbox.view")
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read and go to what it is about."""
    own = Message.objects.filter(user=request.user, pk=pk)
    message = get_object_or_404(own)
    inbox.mark_read(Caller.of(request), own)
    is_ours = url_has_allowed_host_and_scheme(message.url, allowed_hosts=None)
    return HttpResponseRedirect(message.url if is_ours else reverse("kit:inbox"))


@require_POST
@needs("kit.inbox.view")
def mark_all_read(request: HttpRequest) -> HttpResponse:
    messages.success(request, _mark(Caller.of(request), Message.objects.filter(user=request.user)))
    return HttpResponseRedirect(reverse("kit:inbox"))
