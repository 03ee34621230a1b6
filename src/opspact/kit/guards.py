"""Declaring who may open a view; `kit.middleware.DefaultDenyMiddleware` enforces it before the view runs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

View = Callable[..., HttpResponse]


def needs(permission: str) -> Callable[[View], View]:
    """The view opens to who holds the permission in the contract of its address."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare
