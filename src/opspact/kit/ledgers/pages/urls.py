"""Mounting the pages of a ledger in its room's contract_urls."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.pages import batches, imports, record
from opspact.kit.ledgers.pages.batch_list import BatchList
from opspact.kit.ledgers.pages.listing import DeletedList, LedgerList


def ledger_urls(
    ledger: Ledger,
    at: str,
    *,
    listing: type[LedgerList] = LedgerList,
    page: type[record.RecordPage] = record.RecordPage,
    edit: type[record.EditPage] = record.EditPage,
) -> list[URLPattern]:
    """`at` is the folder ("assets/"). Names: `asset`, `asset_list`, `asset_new`, `asset_edit`, `asset_delete`,
    `asset_deleted`, `asset_imports`, `asset_import`, `asset_template`, `asset_batches`, `asset_done`, after the end of
    `ledger.url_name`."""
    name = ledger.url_name.split(":")[-1]

    def of(view: type[Any]) -> Any:
        return type(view.__name__, (view,), {"ledger": ledger, **view.declared(ledger)}).as_view()

    return [
        path(at, of(listing), name=f"{name}_list"),
        path(f"{at}new/", of(edit), name=f"{name}_new"),
        path(f"{at}deleted/", of(DeletedList), name=f"{name}_deleted"),
        path(f"{at}import/", of(imports.UploadPage), name=f"{name}_imports"),
        path(f"{at}import/template/", of(imports.TemplatePage), name=f"{name}_template"),
        path(f"{at}import/<int:pk>/", of(batches.ImportPage), name=f"{name}_import"),
        path(f"{at}done/", of(BatchList), name=f"{name}_batches"),
        path(f"{at}done/<int:pk>/", of(batches.DonePage), name=f"{name}_done"),
        path(f"{at}<int:pk>/", of(page), name=name),
        path(f"{at}<int:pk>/edit/", of(edit), name=f"{name}_edit"),
        path(f"{at}<int:pk>/delete/", of(record.DeletePage), name=f"{name}_delete"),
    ]
