"""Address space."""

from django.urls import path

from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, RANGES, VLANS, VRFS
from opspact.assets.views.ipam import AddressPage, CheckPage, CutPage, PrefixPage, TakePage
from opspact.assets.views.ipam_lists import AddressList, OwnCodeEdit, PrefixList
from opspact.assets.views.ipam_release import ReclaimPage, ReleasePage
from opspact.assets.views.ipam_seen import MovedList, SilentList, TablesPage, UnregisteredList
from opspact.assets.views.ipam_sweeps import SweepsPage, stop
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    *ledger_urls(ADDRESSES, "addresses/", listing=AddressList, page=AddressPage, edit=OwnCodeEdit),
    path("addresses/<int:pk>/release/", ReleasePage.as_view(), name="ipaddress_release"),
    *ledger_urls(PREFIXES, "prefixes/", listing=PrefixList, page=PrefixPage, edit=OwnCodeEdit),
    path("prefixes/<int:pk>/take/", TakePage.as_view(), name="prefix_take"),
    path("prefixes/<int:pk>/cut/", CutPage.as_view(), name="prefix_cut"),
    path("prefixes/<int:pk>/release/", ReclaimPage.as_view(), name="prefix_release"),
    *ledger_urls(RANGES, "ranges/", edit=OwnCodeEdit),
    *ledger_urls(VLANS, "vlans/", edit=OwnCodeEdit),
    *ledger_urls(VRFS, "routing-domains/"),
    path("ipam/check/", CheckPage.as_view(), name="ipam_check"),
    path("ipam/seen/", UnregisteredList.as_view(), name="ipam_unregistered"),
    path("ipam/seen/silent/", SilentList.as_view(), name="ipam_silent"),
    path("ipam/seen/moved/", MovedList.as_view(), name="ipam_moved"),
    path("ipam/seen/sweeps/", SweepsPage.as_view(), name="ipam_sweeps"),
    path("ipam/seen/sweeps/<int:pk>/stop/", stop, name="ipam_sweep_stop"),
    path("ipam/seen/tables/", TablesPage.as_view(), name="ipam_tables"),
]
