"""What every page needs from the server."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The contract of the page and the contracts to switch to."""
    return {"contract": getattr(request, "contract", None)}
