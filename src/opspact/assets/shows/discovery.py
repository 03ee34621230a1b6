"""Proposals from discovery: permissions, the entry, and the box on an asset's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from opspact.assets.ledgers import common
from opspact.assets.views.discovery import asset_panel
from opspact.kit.navigation import entry
from opspact.kit.permissions import declare
from opspact.kit.registries import Panel, panels

declare("assets.discovery.view", _("See what was seen of devices"), common.VIEWERS)
declare("assets.discovery.take", _("Bring in facts of devices"), common.EDITORS)
declare("assets.discovery.decide", _("Accept or reject proposals from discovery"), common.EDITORS)

entry(
    "ledgers",
    "discovery",
    _("Seen and written"),
    "assets:discovery",
    "assets.discovery.view",
    order=17,
    covers="facts/",
)
panels.add(
    Panel(
        "assets.discovery",
        "assets.Asset",
        _("Seen differently"),
        "assets.discovery.view",
        "assets/discovery/panel.html",
        asset_panel,
        order=20,
    )
)
