"""The kit's own pages: of the installation, and of each contract."""

from __future__ import annotations

from django.urls import include, path

from opspact.kit.views import approvals, attachments, home, inbox, panels, shell

app_name = "kit"

of_a_contract = [
    path("", home.contract_home, name="contract_home"),
    path("search/", shell.search, name="search"),
    path("indicators/", shell.indicators, name="indicators"),
    path("panel/<str:name>/<int:pk>/", panels.late, name="panel"),
    path("approvals/", approvals.ApprovalsPage.as_view(), name="approvals"),
    path("approvals/<int:pk>/", approvals.ApprovalPage.as_view(), name="approval"),
    path("attachments/add/<str:model>/<int:pk>/", attachments.add, name="attachment_add"),
    path("attachments/<int:pk>/", attachments.download, name="attachment"),
    path("attachments/<int:pk>/remove/", attachments.remove, name="attachment_remove"),
]
urlpatterns = [
    path("", home.start, name="start"),
    path("inbox/", inbox.InboxPage.as_view(), name="inbox"),
    path("inbox/read/", inbox.mark_all_read, name="inbox_read"),
    path("inbox/<int:pk>/", inbox.open_message, name="message"),
    path("preferences/", shell.set_preferences, name="preferences"),
    path("c/<slug:contract>/", include(of_a_contract)),
]
