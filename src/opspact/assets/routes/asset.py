"""Assets, categories, makes and models."""

from typing import Any

from django.urls import path

from opspact.assets.ledgers.asset import ASSETS, CATEGORIES, MAKE_MODELS
from opspact.assets.views import asset_codes, asset_labels, assets, category_fields
from opspact.kit.ledgers.pages import ledger_urls


def of_assets(view: type[Any]) -> Any:
    """The view of the asset ledger; what it may be opened with follows from the ledger unless the view says."""
    said = {} if "permission" in vars(view) else view.declared(ASSETS)
    return type(view.__name__, (view,), {"ledger": ASSETS, **said}).as_view()


urlpatterns = [
    path("assets/labels/", asset_labels.LabelsPage.as_view(), name="labels"),
    path("assets/<int:pk>/status/", of_assets(assets.StepPage), name="asset_step"),
    path("a/<path:code>", of_assets(assets.ByCode), name="asset_by_code"),
    path("asset-codes/", asset_codes.RulePage.as_view(), name="asset_codes"),
    path("asset-categories/<int:pk>/fields/", category_fields.FieldsPage.as_view(), name="category_fields"),
    path("asset-categories/<int:pk>/fields/<slug:name>/", category_fields.FieldPage.as_view(), name="category_field"),
    path(
        "asset-categories/<int:pk>/fields/<slug:name>/remove/",
        category_fields.FieldRemovePage.as_view(),
        name="category_field_remove",
    ),
    *ledger_urls(ASSETS, "assets/", listing=assets.AssetList, page=assets.AssetPage, edit=assets.AssetEdit),
    *ledger_urls(CATEGORIES, "asset-categories/", page=assets.CategoryPage),
    *ledger_urls(MAKE_MODELS, "makes-and-models/"),
]
