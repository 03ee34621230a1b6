"""Language of the page, and default deny: a view without a declared permission is nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from opspact.kit import scope
from opspact.kit.permissions import may
from opspact.kit.refusals import put_on_record

# Views of libraries that guard themselves: signing in and out, and the second factor of the person signed in.
SELF_GUARDED_NAMES = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


class CookieLocaleMiddleware:
    """Chinese unless the person chose otherwise: an office browser's Accept-Language says little about its user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.codes = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in self.codes else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def permission_of(view: Any) -> str | None:
    """The permission a view declares: `permission` on its class or on the function itself."""
    return getattr(getattr(view, "view_class", view), "permission", None)


def guards_itself(view: Any, url_name: str | None) -> bool:
    """Whether a view is open on purpose or checks its own credential: `public = True`, or a known library view."""
    return bool(getattr(getattr(view, "view_class", view), "public", False)) or url_name in SELF_GUARDED_NAMES


class DefaultDenyMiddleware:
    """Resolves the contract of the address and checks the view's permission before the view runs.

    Whoever holds no role in a contract is told "not found": that a contract exists is already its own business.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.contract = None
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if guards_itself(view, request.resolver_match.url_name):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        code = kwargs.pop("contract", "")
        if code:
            request.contract = self._contract(request, code)
        name = permission_of(view)
        if name is None or not may(request.user, name, code):
            refused = PermissionDenied()
            put_on_record(request, name or "", refused)
            raise refused
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view that found out for itself that this is not for this person."""
        if isinstance(exception, PermissionDenied) and request.resolver_match is not None:
            put_on_record(request, permission_of(request.resolver_match.func) or "", exception)

    def _contract(self, request: HttpRequest, code: str) -> scope.ContractLike:
        """One of the person's contracts; all of them stay at hand for the page's menu of contracts."""
        request.contracts = scope.contracts(request.user.contract_codes)
        found = next((each for each in request.contracts if each.code == code), None)
        if found is None:
            raise Http404
        return found
