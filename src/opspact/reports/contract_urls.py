"""/c/<contract>/reports/"""

from django.urls import path

from opspact.reports.views import report
from opspact.reports.views.listing import Reports

app_name = "reports"
_ONE = "reports/<slug:number>/<int:version>/"
urlpatterns = [
    path("reports/", Reports.as_view(), name="reports"),
    path("reports/draft/", report.draft, name="draft"),
    path(_ONE, report.report, name="report"),
    path(f"{_ONE}edit/", report.edit, name="edit"),
    path(f"{_ONE}refresh/", report.refresh, name="refresh"),
    path(f"{_ONE}submit/", report.submit, name="submit"),
    path(f"{_ONE}accept/", report.accept, name="accept"),
    path(f"{_ONE}return/", report.send_back, name="return"),
    path(f"{_ONE}scan/", report.scan, name="scan"),
    path(f"{_ONE}report.docx", report.document, {"form": "docx"}, name="docx"),
    path(f"{_ONE}report.pdf", report.document, {"form": "pdf"}, name="pdf"),
    path(f"{_ONE}signed/", report.signed, name="signed"),
]
