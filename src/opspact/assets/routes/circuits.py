"""Leased circuits and their carriers."""

from opspact.assets.ledgers.circuits import CARRIERS, CIRCUITS
from opspact.assets.views.circuits import CarrierPage, CircuitPage
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    *ledger_urls(CIRCUITS, "circuits/", page=CircuitPage),
    *ledger_urls(CARRIERS, "carriers/", page=CarrierPage),
]
