"""Pages of the ledgers, under /c/<contract>/."""

from opspact.assets.ledgers.asset import ASSETS, CATEGORIES, MAKE_MODELS
from opspact.assets.ledgers.places import RACKS, ROOMS
from opspact.kit.ledgers.pages import ledger_urls

app_name = "assets"
urlpatterns = [
    *ledger_urls(ASSETS, "assets/"),
    *ledger_urls(CATEGORIES, "asset-categories/"),
    *ledger_urls(MAKE_MODELS, "makes-and-models/"),
    *ledger_urls(ROOMS, "rooms/"),
    *ledger_urls(RACKS, "racks/"),
]
