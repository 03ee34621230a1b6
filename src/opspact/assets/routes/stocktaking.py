"""Stocktakings."""

from django.urls import path

from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.views import stocktaking as pages
from opspact.assets.views import stocktaking_count as count
from opspact.assets.views import stocktaking_items as items
from opspact.assets.views import stocktaking_papers as papers
from opspact.assets.views import stocktaking_steps as steps
from opspact.kit.ledgers.pages import ledger_urls

_ONE = "stocktakings/<int:pk>/"

urlpatterns = [
    path("stocktakings/preview/", pages.preview, name="stocktaking_preview"),
    path("stocktakings/items/", items.ItemList.as_view(), name="stocktaking_items"),
    *ledger_urls(
        STOCKTAKINGS,
        "stocktakings/",
        listing=pages.StocktakingList,
        page=pages.StocktakingPage,
        edit=pages.PlanPage,
    ),
    path(f"{_ONE}progress/", pages.progress, name="stocktaking_progress"),
    path(f"{_ONE}start/", steps.Start.as_view(), name="stocktaking_start"),
    path(f"{_ONE}cancel/", steps.Cancel.as_view(), name="stocktaking_cancel"),
    path(f"{_ONE}finish/", steps.Finish.as_view(), name="stocktaking_finish"),
    path(f"{_ONE}reopen/", steps.Reopen.as_view(), name="stocktaking_reopen"),
    path(f"{_ONE}submit/", steps.Submit.as_view(), name="stocktaking_submit"),
    path(f"{_ONE}take-back/", steps.TakeBack.as_view(), name="stocktaking_take_back"),
    path(f"{_ONE}adjust/", steps.Adjust.as_view(), name="stocktaking_adjust"),
    path(f"{_ONE}count/", count.page, name="stocktaking_count"),
    path(f"{_ONE}scans/", count.scans, name="stocktaking_scans"),
    path(f"{_ONE}count/worker.js", count.worker, name="stocktaking_worker"),
    path(f"{_ONE}count/expected.json", count.expected, name="stocktaking_expected"),
    path(f"{_ONE}items/<int:item>/", items.ItemPage.as_view(), name="stocktaking_item"),
    path(f"{_ONE}paper.pdf", papers.paper, name="stocktaking_paper"),
    path(f"{_ONE}list.xlsx", papers.counting_list, name="stocktaking_list_xlsx"),
    path(f"{_ONE}report.xlsx", papers.report, {"form": "xlsx"}, name="stocktaking_report_xlsx"),
    path(f"{_ONE}report.docx", papers.report, {"form": "docx"}, name="stocktaking_report_docx"),
    path(f"{_ONE}results/", papers.ResultsPage.as_view(), name="stocktaking_results"),
]
