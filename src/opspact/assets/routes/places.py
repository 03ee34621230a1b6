"""Machine rooms and racks."""

from django.urls import path

from opspact.assets.ledgers.places import RACKS, ROOMS
from opspact.assets.views import place_lists, rack_undo, racks
from opspact.assets.views.rooms import RoomPage
from opspact.kit.ledgers.pages import ledger_urls

urlpatterns = [
    path("racks/find/", racks.find, name="rack_find"),
    path("racks/<int:pk>/place/", racks.PlacePage.as_view(), name="rack_place"),
    path("racks/undo/", rack_undo.undo, name="rack_undo"),
    path("racks/<int:pk>/out/", racks.take_out, name="rack_take_out"),
    *ledger_urls(ROOMS, "rooms/", page=RoomPage, listing=place_lists.RoomList),
    *ledger_urls(RACKS, "racks/", page=racks.RackPage, listing=place_lists.RackList),
]
