"""Language and colours of a person's screen, kept in two cookies of the browser they look at it with."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "opspact_theme"
_YEAR_S = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else "auto"


def choose(response: HttpResponse, *, theme: str = "", language: str = "") -> None:
    """Set what is known; an unknown value changes nothing."""
    if theme in THEMES:
        _set(response, THEME_COOKIE, theme)
    if language in dict(settings.LANGUAGES):
        _set(response, settings.LANGUAGE_COOKIE_NAME, language)


def _set(response: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=_YEAR_S, samesite="Lax", secure=secure, httponly=True)
