"""My account: roles, password, second factor, sessions, tokens, how the screen looks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from opspact.accounts import second_factor
from opspact.accounts.actions import create_token, end_other_sessions, revoke_token
from opspact.accounts.forms.users import TokenForm
from opspact.accounts.models import ApiToken
from opspact.accounts.policy import PASSWORD_AGE
from opspact.accounts.views.asking import Ask
from opspact.accounts.views.shown import agent_name, grants_shown
from opspact.identity.models import User
from opspact.kit.actions import Caller
from opspact.kit.guards import needs


@never_cache
@needs("accounts.self.view")
def page(request: HttpRequest) -> HttpResponse:
    user = request.user
    words = {
        "grants": grants_shown(user),
        "password_due": user.password_set_at + PASSWORD_AGE if user.password_set_at else None,
        "has_second_factor": second_factor.has(user),
        "needs_second_factor": second_factor.is_required(user),
        "sign_ins": [(each, agent_name(each.agent)) for each in user.sign_ins.all()],
        "session_key": request.session.session_key,
        "tokens": user.api_tokens.filter(revoked_at=None, expires_at__gt=timezone.now()),
        "may_have_tokens": bool(user.contract_codes),
    }
    return render(request, "accounts/own.html", words)


class EndSessions(Ask):
    permission = "accounts.session.end"

    def find(self, request: HttpRequest, **kwargs: Any) -> User:
        return request.user

    def words(self, thing: User) -> tuple[str, str, str]:
        others = thing.sign_ins.exclude(session_key=self.request.session.session_key).count()
        text = ngettext(
            "%(n)d other session of yours ends at once; this one goes on.",
            "%(n)d other sessions of yours end at once; this one goes on.",
            others,
        )
        return _("Sign out elsewhere"), text % {"n": others}, _("Sign out elsewhere")

    def act(self, caller: Caller, thing: User) -> str:
        ended = end_other_sessions(caller, thing, but=self.request.session.session_key)
        return ngettext("%(n)d session ended.", "%(n)d sessions ended.", ended) % {"n": ended}

    def back(self, thing: User) -> str:
        return reverse("accounts:own")


@never_cache
@needs("accounts.self.view")
def new_token(request: HttpRequest) -> HttpResponse:
    """The key is in the answer to the POST and nowhere else."""
    form = TokenForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            token, key = create_token(
                Caller.of(request),
                request.user,
                name=data["name"],
                contract_code=data["contract_code"],
                read_only=data["read_only"],
                expires_at=form.expires_at,
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            return render(request, "accounts/new_token.html", {"token": token, "key": key})
    return render(request, "accounts/new_token.html", {"form": form, "own_url": reverse("accounts:own")})


class RevokeToken(Ask):
    permission = "accounts.self.view"
    danger = True

    def find(self, request: HttpRequest, **kwargs: Any) -> ApiToken:
        return get_object_or_404(ApiToken, pk=kwargs["pk"], user=request.user)

    def words(self, thing: ApiToken) -> tuple[str, str, str]:
        text = _("The program that uses “%(name)s” is refused from now on. This can't be undone.")
        return _("Revoke the token"), text % {"name": thing.name}, _("Revoke")

    def act(self, caller: Caller, thing: ApiToken) -> str:
        revoke_token(caller, thing)
        return _("The token “%(name)s” is revoked.") % {"name": thing.name}

    def back(self, thing: ApiToken) -> str:
        return reverse("accounts:own")
