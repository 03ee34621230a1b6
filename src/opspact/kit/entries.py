"""What the kit itself puts on its pages: the inbox and the approvals."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from opspact.kit import approvals, inbox
from opspact.kit.navigation import entry
from opspact.kit.registries import InboxKind, Indicator, inbox_kinds, indicators


def _unread(request: HttpRequest) -> int:
    return inbox.unread(request.user).count()


def _waiting(request: HttpRequest) -> int:
    return approvals.waiting_for(request.user, request.contract.code).count()


indicators.add(Indicator("inbox", _("Unread messages"), "kit.inbox.view", "inbox", "kit:inbox", _unread, order=80))
indicators.add(
    Indicator("approvals", _("Decisions"), "kit.approval.decide", "signature", "kit:approvals", _waiting, order=70)
)
inbox_kinds.add(InboxKind(approvals.KIND, _("Approvals"), icon="signature"))
entry("overview", "home", _("Overview"), "kit:contract_home", "kit.contract.view", order=10)
entry("overview", "approvals", _("Approvals"), "kit:approvals", "kit.approval.view", order=40)
