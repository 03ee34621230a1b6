"""What an asset's page says first: what it is, where, whose, in which state, and how long the warranty lasts."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.assets.models import Asset
from opspact.kit.shown import formats

SOON_DAYS = 60


def sentence(asset: Asset, today: date) -> str:
    """One line for the top of the page."""
    parts = [str(asset.category.name)]
    if asset.model:
        parts.append(f"{asset.model.make} {asset.model.name}")
    parts.append(place(asset) or _("no place on record"))
    parts.append(str(asset.get_lifecycle_display()))
    holder = " ".join(word for word in (asset.department, asset.owner) if word)
    parts.append(holder or _("nobody is responsible"))
    if words := warranty(asset.warranty_end, today):
        parts.append(words)
    return _(", ").join(parts) + _(".")


def place(asset: Asset) -> str:
    """Site, room, rack and unit, as far as they are known; a site that is named after its room says both."""
    words = [str(it.name) for it in (asset.site, asset.room) if it is not None]
    if len(words) == 2 and words[0].endswith(words[1]):
        words.pop()
    if asset.rack is not None:
        words.append(asset.rack.code)
        words += [f"U{asset.u_pos}"] if asset.u_pos else []
    return " ".join(words)


def warranty(ends: date | None, today: date) -> str:
    """How many days are left, or since when it is over; "" when nothing is on record."""
    if ends is None:
        return ""
    days = (ends - today).days
    if days < 0:
        return _("warranty ended on %(day)s") % {"day": formats.day(ends)}
    if days == 0:
        return _("warranty ends today")
    return ngettext("warranty ends in %(n)s day", "warranty ends in %(n)s days", days) % {"n": days}
