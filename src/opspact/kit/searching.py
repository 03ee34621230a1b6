"""The global search: every room finds in its own records, at most five hits each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.http import HttpRequest
from django.utils.functional import Promise

from opspact.kit.registries import Hit, search_providers

HITS_EACH = 5
LONGEST = 100


@dataclass(frozen=True)
class Found:
    label: str | Promise
    icon: str
    hits: list[Hit]


def search(request: HttpRequest, text: str) -> list[Found]:
    """What this person may see in the contract of this page; nothing for fewer than two characters."""
    text = " ".join(text.replace("\0", " ").split())[:LONGEST]  # PostgreSQL has no NUL in a text
    if len(text) < 2:
        return []
    groups = [
        Found(each.label, each.icon, list(islice(each.find(request, text, HITS_EACH), HITS_EACH)))
        for each in search_providers.for_page(request)
    ]
    return [group for group in groups if group.hits]
