"""`{% load fulfilment %}`: the words of readings, and the way from an interval to its records."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from opspact.fulfilment.words import READING_WORDS
from opspact.monitoring.models import ObservedInterval

register = template.Library()


@register.filter
def say(msgid: str) -> str:
    """A msgid that a rule gave, in the reader's language."""
    return _(msgid) if msgid else ""


@register.filter
def reading(value: str) -> str:
    """The words for a value of the terms; codes and numbers stay as they are."""
    return ", ".join(str(READING_WORDS.get(each, each)) for each in value.split(", "))


@register.simple_tag(takes_context=True)
def records_url(context: template.Context, interval: ObservedInterval) -> str:
    """The page of the check's outage, where its results are."""
    return reverse("monitoring:outage", kwargs={"contract": context["contract"].code, "pk": interval.pk})
