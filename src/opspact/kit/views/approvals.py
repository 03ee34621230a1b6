"""What waits for a decision, and deciding it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from opspact.kit import approvals
from opspact.kit.actions import Caller
from opspact.kit.lists import Column, Empty, ListPage, Tab
from opspact.kit.models import Approval
from opspact.kit.permissions import may
from opspact.kit.views.filters import ApprovalFilter


class ApprovalsPage(ListPage):
    name = "kit.approvals"
    permission = "kit.approval.view"
    title = gettext_lazy("Approvals")
    columns = (
        Column("title", gettext_lazy("Title"), kind="link", sort="title", phone=True, width="xl"),
        Column("role", gettext_lazy("Decided by"), value="get_role_display"),
        Column("asked_by", gettext_lazy("Asked by"), value="asked_by"),
        Column("asked_at", gettext_lazy("Asked at"), kind="datetime", sort="asked_at", phone=True),
        Column("state", gettext_lazy("State"), value="get_state_display", sort="state", phone=True),
        Column("decided_by", gettext_lazy("Decision by"), value="decided_by"),
        Column("decided_at", gettext_lazy("Decided at"), kind="datetime", sort="decided_at"),
        Column("comment", gettext_lazy("Comment"), default=False),
    )
    filterset_class = ApprovalFilter
    default_sort = "-asked_at"
    tabs = (Tab(gettext_lazy("Waiting"), "state=open"), Tab(gettext_lazy("Asked by me"), "mine=true"))
    empty = Empty(gettext_lazy("Questions that need your role's decision, and those you asked, stand here."))

    def base_queryset(self, request: HttpRequest) -> QuerySet[Approval]:
        visible = approvals.visible_to(request.user, request.contract.code)
        return visible.select_related("asked_by", "decided_by")

    def row_url(self, record: Approval) -> str:
        return approvals.url_of(record)

    def sentence(self, request: HttpRequest) -> str:
        count = approvals.waiting_for(request.user, request.contract.code).count()
        if not count:
            return _("Nothing waits for your decision.")
        return ngettext("%(n)d decision waits for you.", "%(n)d decisions wait for you.", count) % {"n": count}


class DecisionForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("Needed for a refusal."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ApprovalPage(View):
    """One question: what it is about, and for those it is put to, the two answers."""

    permission = "kit.approval.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(request, self._approval(request, pk), DecisionForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        approval, form = self._approval(request, pk), DecisionForm(request.POST)
        if form.is_valid():
            approved = request.POST.get("decision") == "approve"
            try:
                approvals.decide(Caller.of(request), approval, approved=approved, comment=form.cleaned_data["comment"])
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Approved.") if approved else _("Refused."))
                return redirect(approvals.url_of(approval))
        return self._show(request, approval, form)

    def _approval(self, request: HttpRequest, pk: int) -> Approval:
        return get_object_or_404(approvals.visible_to(request.user, request.contract.code), pk=pk)

    def _show(self, request: HttpRequest, approval: Approval, form: DecisionForm) -> HttpResponse:
        code = request.contract.code
        waiting = approvals.waiting_for(request.user, code).filter(pk=approval.pk).exists()
        subject = approval.subject
        context = {
            "approval": approval,
            "form": form,
            "may_decide": waiting and may(request.user, "kit.approval.decide", code),
            "subject": subject,
            "subject_url": subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else "",
        }
        return render(request, "kit/approval.html", context)
