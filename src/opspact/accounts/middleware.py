"""Between a request and every page: is there anybody yet, is the session still good, is something due first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from opspact.accounts import first_run, passwords, second_factor, sessions
from opspact.accounts.policy import SESSION_AT_MOST
from opspact.accounts.trail import Result, record
from opspact.kit.middleware import guards_itself

POLL_HEADER = "X-OpsPact-Poll"
_NOTE_USE_EVERY_S = 10

Respond = Callable[[HttpRequest], HttpResponse]


def send_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the whole page there: a fragment that htmx or a poll asked for must not show another page inside itself."""
    if request.headers.get("HX-Request") or POLL_HEADER in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def page_of(request: HttpRequest) -> str:
    """The path of the page the person looks at, to come back to after signing in."""
    if current := request.headers.get("HX-Current-URL"):
        parts = urlsplit(current)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path() if request.method == "GET" and POLL_HEADER not in request.headers else "/"


def sign_in_address(request: HttpRequest, **more: str) -> str:
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': page_of(request), **more})}"


class FirstRunMiddleware:
    """While there is nobody, every page is the one that creates the three administrators.

    Views with a credential of their own (collectors, health) answer as ever.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if guards_itself(view, None) or not first_run.needed():
            return None
        return HttpResponseRedirect(reverse("accounts:first_run"))


class SessionClockMiddleware:
    """Ends a session that nobody uses, and any at its twelfth hour (GB/T 22239-2019 8.1.4.1 b).

    A request with the header X-OpsPact-Poll is a page refreshing itself: it is answered, but is no use of the session.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self._whole_page(request, self.get_response(request))
        now = timezone.now()
        if why := self._over(request, now.timestamp()):
            record("accounts.session.expire", now=now, result=Result.DONE, request=request, user=request.user, why=why)
            sessions.forget(request)
            request.session.flush()
            request.user = AnonymousUser()
            return send_to(request, sign_in_address(request, why=why))
        unnoted_s = now.timestamp() - request.session.get(sessions.SEEN, 0)
        if POLL_HEADER not in request.headers and unnoted_s >= _NOTE_USE_EVERY_S:
            sessions.touch(request, now)
        return self.get_response(request)

    def _over(self, request: HttpRequest, now: float) -> str:
        if now - request.session.get(sessions.SEEN, 0) >= settings.IDLE_LOGOUT_S:
            return "idle"
        if now - request.session.get(sessions.BEGAN, 0) >= SESSION_AT_MOST.total_seconds():
            return "age"
        return ""

    def _whole_page(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A fragment asked for after the session ended elsewhere: the sign-in page takes the window, not its place."""
        if response.status_code == 302 and response["Location"].startswith(reverse(settings.LOGIN_URL)):
            return send_to(request, sign_in_address(request)) if request.headers.get("HX-Request") else response
        return response


class DueFirstMiddleware:
    """A password to change or a second factor to set up comes before every other page."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or guards_itself(view, request.resolver_match.url_name):
            return None
        if passwords.is_due(request.user, timezone.now()):
            return send_to(request, f"{reverse('account_change_password')}?{urlencode({'next': page_of(request)})}")
        if second_factor.is_due(request):
            return send_to(request, reverse("mfa_activate_totp"))
        return None
