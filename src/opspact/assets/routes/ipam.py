"""Address space."""

from django.urls import path

from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, RANGES, VLANS, VRFS
from opspact.assets.views.ipam import AddressPage, CheckPage, CutPage, PrefixPage, ReleasePage, TakePage
from opspact.assets.views.ipam_lists import AddressList, OwnCodeEdit, PrefixList
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    *ledger_urls(ADDRESSES, "addresses/", listing=AddressList, page=AddressPage, edit=OwnCodeEdit),
    path("addresses/<int:pk>/release/", ReleasePage.as_view(), name="ipaddress_release"),
    *ledger_urls(PREFIXES, "prefixes/", listing=PrefixList, page=PrefixPage, edit=OwnCodeEdit),
    path("prefixes/<int:pk>/take/", TakePage.as_view(), name="prefix_take"),
    path("prefixes/<int:pk>/cut/", CutPage.as_view(), name="prefix_cut"),
    *ledger_urls(RANGES, "ranges/", edit=OwnCodeEdit),
    *ledger_urls(VLANS, "vlans/", edit=OwnCodeEdit),
    *ledger_urls(VRFS, "routing-domains/"),
    path("ipam/check/", CheckPage.as_view(), name="ipam_check"),
]
