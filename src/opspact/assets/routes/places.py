"""Machine rooms and racks."""

from opspact.assets.ledgers.places import RACKS, ROOMS
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [*ledger_urls(ROOMS, "rooms/"), *ledger_urls(RACKS, "racks/")]
