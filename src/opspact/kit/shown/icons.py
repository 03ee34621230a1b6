"""Icons from the one sprite that the build hook makes of `frontend/icons.txt`."""

from __future__ import annotations

from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


@cache
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon: whoever can't see it misses nothing, the word stands beside it."""
    return format_html(
        '<svg class="op-icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        static("vendor/icons.svg"),
        name,
    )
