"""`{% load kit %}`: the components of our pages. Each tag only hands over to `opspact.kit.shown`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from opspact.kit.actions import contract_code_of
from opspact.kit.permissions import may
from opspact.kit.registries import Panel, panels_for
from opspact.kit.shown import fields, formats, states
from opspact.kit.shown.clocks import ClockFace
from opspact.kit.shown.happenings import Happening
from opspact.kit.shown.icons import icon
from opspact.kit.shown.kpis import KpiCard
from opspact.kit.shown.money import money
from opspact.kit.shown.ribbon import ribbon
from opspact.kit.shown.why import shown

register = template.Library()

register.simple_tag(icon, name="icon")
register.simple_tag(states.state_badge, name="state")
register.simple_tag(states.verdict_badge, name="verdict")
register.simple_tag(states.tag, name="tag")
register.simple_tag(formats.when, name="when")
register.simple_tag(formats.exact, name="exact")
register.simple_tag(formats.duration, name="dur")
register.simple_tag(formats.percent, name="pct")
register.simple_tag(formats.figure, name="num")
register.simple_tag(money, name="money")
register.simple_tag(ribbon, name="ribbon")
register.filter("is_check", fields.is_check)
register.filter("control", fields.control)


@register.inclusion_tag("kit/parts/why.html")
def why(explanation: Any, side: str = "") -> dict[str, Any]:
    """`{% why explanation %}`; side "left" opens it towards the left, for the right edge of a page."""
    return {"why": shown(explanation) if explanation else None, "side": side}


@register.inclusion_tag("kit/parts/clock.html")
def clock(face: ClockFace) -> dict[str, Any]:
    return {"clock": face}


@register.inclusion_tag("kit/parts/kpi.html")
def kpi(card: KpiCard) -> dict[str, Any]:
    scale = card.scale
    places = {name: scale.at(getattr(card, name)) for name in ("value", "best", "worst", "objective")}
    width = f"{max(0.0, float(places['best']) - float(places['worst'])):.3f}"
    return {"card": card, "scale": scale, "at": places, "band_width": width}


@register.inclusion_tag("kit/parts/timeline.html")
def timeline(happenings: Iterable[Happening]) -> dict[str, Any]:
    """Newest first, whatever order they come in."""
    items = sorted(happenings, key=lambda happening: happening.at, reverse=True)
    return {"items": items, "kinds": sorted({item.kind for item in items})}


@register.inclusion_tag("kit/parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """`{% field form.name %}`: one column, label above, help and errors beneath."""
    return {"field": bound}


@register.inclusion_tag("kit/parts/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong, at the top, each line leading to its field."""
    named = [(form[name], errors) for name, errors in form.errors.items() if name != NON_FIELD_ERRORS]
    return {"general": form.non_field_errors(), "named": named}


@register.simple_tag(takes_context=True)
def panels(context: Context, subject: Any) -> SafeString:
    """What other rooms show about this record, for who may see it."""
    request = context["request"]
    boxes = (_box(request, panel, subject) for panel in panels_for(request, subject))
    return format_html_join("", "{}", ((box,) for box in boxes))


def _box(request: HttpRequest, panel: Panel, subject: Any) -> SafeString | str:
    if panel.is_late:
        kwargs = {"contract": request.contract.code, "name": panel.name, "pk": subject.pk}
        return render_to_string("kit/parts/late_box.html", {"box": panel, "url": reverse("kit:panel", kwargs=kwargs)})
    values = panel.context(request, subject)
    if values is None:
        return ""
    return render_to_string("kit/parts/box.html", {"box": panel, "inside": panel.template, **values}, request)


@register.simple_tag(takes_context=True)
def can(context: Context, permission: str, subject: Any = None) -> bool:
    """`{% can "servicedesk.incident.assign" incident as may_assign %}`; without a subject: in the page's contract."""
    request = context["request"]
    code = contract_code_of(subject) if subject is not None else getattr(request.contract, "code", "")
    return may(request.user, permission, code)
