"""Relations, cables, impact."""

from django.urls import path

from opspact.assets.ledgers.cables import CABLES
from opspact.assets.ledgers.relations import RELATIONS
from opspact.assets.views import relations
from opspact.assets.views.impact import impact
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    *ledger_urls(RELATIONS, "relations/"),
    *ledger_urls(CABLES, "cables/"),
    path("assets/<int:pk>/relate/", relations.relate, name="asset_relate"),
    path("relations/impact/<slug:kind>/<int:pk>/", impact, name="impact"),
]
