"""Software, cloud resources, databases, certificates, accounts, spare parts."""

from django.urls import path

from opspact.assets.ledgers.certificates import CERTIFICATES
from opspact.assets.ledgers.software import CLOUDS, DATABASES, INSTALLATIONS, LICENCES, MAILBOXES
from opspact.assets.ledgers.spares import SPARES
from opspact.assets.views import certificates, software, spares
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    path("certificates/upload/", certificates.UploadPage.as_view(), name="certificate_upload"),
    path("certificates/fetch/", certificates.FetchPage.as_view(), name="certificate_fetch"),
    path("certificates/<int:pk>/replace/", certificates.UploadPage.as_view(), name="certificate_replace"),
    path("certificates/<int:pk>/fetch/", certificates.FetchPage.as_view(), name="certificate_refetch"),
    path("cloud/<int:pk>/step/", software.StepPage.as_view(), name="cloudresource_step"),
    path("spare-parts/movements/", spares.MovementList.as_view(), name="sparepart_movements"),
    *(path(f"spare-parts/<int:pk>/{name}/", spares.move_view(name), name=f"sparepart_{name}") for name in spares.MOVES),
    *ledger_urls(LICENCES, "licences/", listing=software.LicenceList, page=software.LicencePage),
    *ledger_urls(INSTALLATIONS, "software/"),
    *ledger_urls(CLOUDS, "cloud/", listing=software.CloudList, page=software.CloudPage),
    *ledger_urls(DATABASES, "databases/"),
    *ledger_urls(
        CERTIFICATES,
        "certificates/",
        listing=certificates.CertificateList,
        page=certificates.CertificatePage,
        edit=certificates.CertificateEdit,
    ),
    *ledger_urls(MAILBOXES, "accounts/", listing=software.MailboxList, edit=software.MailboxEdit),
    *ledger_urls(SPARES, "spare-parts/", listing=spares.SpareList, page=spares.SparePage),
]
