"""Assets, categories, makes and models."""

from opspact.assets.ledgers.asset import ASSETS, CATEGORIES, MAKE_MODELS
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    *ledger_urls(ASSETS, "assets/"),
    *ledger_urls(CATEGORIES, "asset-categories/"),
    *ledger_urls(MAKE_MODELS, "makes-and-models/"),
]
