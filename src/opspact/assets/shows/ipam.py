"""Address space: ledgers, permissions, entries, and what other pages show of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from opspact.assets.actions.ipam_seen import hear_sweep
from opspact.assets.ledgers import common
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, RANGES, VLANS, VRFS
from opspact.assets.views.ipam_panels import asset_panel
from opspact.assets.views.ipam_release import asked  # its actions say what an answer of the client does
from opspact.field import sweeps
from opspact.kit.ledgers.registering import register
from opspact.kit.navigation import entry
from opspact.kit.permissions import declare
from opspact.kit.registries import Panel, panels

declare("assets.ipaddress.take", _("Take free addresses and prefixes"), common.EDITORS)
declare("assets.ipaddress.release", _("Ask for the release of addresses"), common.EDITORS)
declare("assets.sighting.view", _("See which addresses were seen"), common.VIEWERS)
declare("assets.sighting.take", _("Bring in tables of seen addresses"), common.EDITORS)

sweeps.on_seen("assets", hear_sweep)

for ledger in (ADDRESSES, PREFIXES, RANGES, VLANS, VRFS):
    register(ledger)

entry("ledgers", "ipam_check", _("Addresses: check"), "assets:ipam_check", "assets.prefix.view", order=44)
entry(
    "ledgers",
    "ipam_seen",
    _("Addresses: seen and written"),
    "assets:ipam_unregistered",
    "assets.sighting.view",
    order=45,
)
panels.add(
    Panel(
        "assets.addresses",
        "assets.Asset",
        _("IP addresses"),
        "assets.ipaddress.view",
        "assets/ipam/asset_panel.html",
        asset_panel,
        order=30,
    )
)
panels.add(
    Panel(
        "assets.ipaddress.release",
        "kit.Approval",
        _("Addresses to be released"),
        "assets.ipaddress.view",
        "assets/ipam/asked.html",
        asked,
    )
)
