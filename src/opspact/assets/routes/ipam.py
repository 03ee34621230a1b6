"""Address space."""

from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, RANGES, VLANS, VRFS
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    *ledger_urls(ADDRESSES, "addresses/"),
    *ledger_urls(PREFIXES, "prefixes/"),
    *ledger_urls(RANGES, "ranges/"),
    *ledger_urls(VLANS, "vlans/"),
    *ledger_urls(VRFS, "routing-domains/"),
]
