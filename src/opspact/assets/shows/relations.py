"""Relations and cables: their ledgers, and the boxes on the pages of assets, places, lines and systems."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from opspact.assets.ledgers.cables import CABLES
from opspact.assets.ledgers.relations import RELATIONS
from opspact.assets.views.impact import VIEW, panel_of
from opspact.assets.views.relations import cables_panel, relations_panel, stands_on
from opspact.kit.ledgers.registering import register
from opspact.kit.registries import Panel, panels

register(RELATIONS)
register(CABLES)

panels.add(
    Panel(
        "assets.relations",
        "assets.Asset",
        _("Relations"),
        VIEW,
        "assets/panel_relations.html",
        relations_panel,
        10,
        is_late=True,
    )
)
panels.add(
    Panel(
        "assets.cables", "assets.Asset", _("Cables"), "assets.cable.view", "assets/panel_cables.html", cables_panel, 15
    )
)
panels.add(
    Panel(
        "assets.stands_on",
        "contracts.BusinessSystem",
        _("Stands on"),
        "assets.asset.view",
        "assets/panel_stands_on.html",
        stands_on,
        order=40,
    )
)
for kind, label, title in (
    ("rack", "assets.Rack", _("If it loses power")),
    ("room", "assets.Room", _("If it loses power")),
    ("circuit", "assets.Circuit", _("If the line stops")),
):
    name = f"assets.impact.{kind}"
    panels.add(Panel(name, label, title, VIEW, "assets/panel_impact.html", panel_of(kind), order=10, is_late=True))
