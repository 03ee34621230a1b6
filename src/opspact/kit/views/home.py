"""The home page: cards for the roles of the person who looks."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opspact.kit import scope
from opspact.kit.guards import needs
from opspact.kit.navigation import doors_for
from opspact.kit.registries import HomeCard, cards_for

log = logging.getLogger(__name__)


@needs("kit.home.view")
def start(request: HttpRequest) -> HttpResponse:
    """The way in: to the contract this person works for; for who works for none, the installation's first page."""
    contracts = scope.contracts(request.user.contract_codes)
    if contracts:
        return redirect("kit:contract_home", contract=contracts[0].code)
    doors = doors_for(request, "")
    return redirect(doors[0].url) if doors else _home(request)


@needs("kit.contract.view")
def contract_home(request: HttpRequest) -> HttpResponse:
    return _home(request)


def _home(request: HttpRequest) -> HttpResponse:
    drawn = [html for card in cards_for(request) if (html := _draw(request, card))]
    empty = {"icon": "home", "text": _("Nothing needs you right now. What does will be shown here.")}
    return render(
        request, "kit/home.html", {"cards": format_html_join("", "{}", ((c,) for c in drawn)), "empty": empty}
    )


def _draw(request: HttpRequest, card: HomeCard) -> SafeString | None:
    """One broken card says so and leaves the others standing: people come to this page when something is wrong."""
    context: dict[str, Any] | None
    try:
        context = card.context(request)
        inside = card.template
    except Exception:
        log.exception("home card %s", card.name)
        context, inside = {}, "kit/parts/broken_card.html"
    if context is None:
        return None
    return render_to_string("kit/parts/box.html", {"box": card, "inside": inside, **context}, request)
