"""Users: the list, a person's page, and what the system and the security administrator do there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from opspact.accounts import lockout, passwords, second_factor
from opspact.accounts.actions import (
    activate,
    create_user,
    deactivate,
    edit_user,
    grant,
    reset_password,
    reset_second_factor,
    revoke,
    unlock,
)
from opspact.accounts.forms.users import GrantForm, UserForm
from opspact.accounts.views.asking import Ask, Question
from opspact.accounts.views.shown import grants_shown
from opspact.identity.models import Grant, User
from opspact.kit.actions import Caller
from opspact.kit.guards import needs


@needs("accounts.user.view")
def page(request: HttpRequest, username: str) -> HttpResponse:
    person = get_object_or_404(User.objects.select_related("organisation"), username=username)
    words = {
        "person": person,
        "grants": grants_shown(person),
        "locked_until": lockout.locked_until(person.username, timezone.now()),
        "has_second_factor": second_factor.has(person),
        "is_oneself": person.pk == request.user.pk,
    }
    return render(request, "accounts/user.html", words)


@never_cache
@needs("accounts.user.create")
def new(request: HttpRequest) -> HttpResponse:
    """Create a person; their password for one sign-in is in the answer and nowhere else."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = passwords.one_time()
        try:
            person = create_user(Caller.of(request), None, password=password, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            return render(request, "accounts/one_time_password.html", {"person": person, "password": password})
    words = {"form": form, "title": _("New user"), "submit": _("Create"), "back_url": reverse("accounts:users")}
    return render(request, "accounts/form.html", words)


@needs("accounts.user.edit")
def edit(request: HttpRequest, username: str) -> HttpResponse:
    person = get_object_or_404(User, username=username)
    form = UserForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        fresh = User.objects.get(pk=person.pk)
        edit_user(Caller.of(request), fresh, **form.cleaned_data)
        return redirect("accounts:user", username=username)
    back_url = reverse("accounts:user", args=[username])
    words = {"form": form, "title": str(person), "submit": _("Save"), "back_url": back_url}
    return render(request, "accounts/form.html", words)


@needs("accounts.grant.give")
def new_grant(request: HttpRequest, username: str) -> HttpResponse:
    person = get_object_or_404(User, username=username)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grant(Caller.of(request), person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            return redirect("accounts:user", username=username)
    title = _("Grant a role to %(name)s") % {"name": person}
    back_url = reverse("accounts:user", args=[username])
    words = {"form": form, "title": title, "submit": _("Grant"), "back_url": back_url}
    return render(request, "accounts/form.html", words)


class AboutUser(Question):
    """A question about the person whom the address names."""

    def find(self, request: HttpRequest, **kwargs: Any) -> User:
        return get_object_or_404(User, username=kwargs["username"])


class AskAboutUser(AboutUser, Ask):
    """The same, answered by one action that leads back to the person's page."""

    def back(self, thing: User) -> str:
        return reverse("accounts:user", args=[thing.username])


class Activate(AskAboutUser):
    permission = "accounts.user.activate"

    def words(self, thing: User) -> tuple[str, str, str]:
        text = _("%(name)s can sign in again with the roles still granted.")
        return _("Activate"), text % {"name": thing}, _("Activate")

    def act(self, caller: Caller, thing: User) -> str:
        activate(caller, thing)
        return _("%(name)s is active.") % {"name": thing}


class Deactivate(AskAboutUser):
    permission = "accounts.user.deactivate"
    danger = True

    def words(self, thing: User) -> tuple[str, str, str]:
        text = _("%(name)s is signed out everywhere at once, can't sign in, and loses all API tokens. Records stay.")
        return _("Deactivate"), text % {"name": thing}, _("Deactivate")

    def act(self, caller: Caller, thing: User) -> str:
        deactivate(caller, thing, reason="page")
        return _("%(name)s is deactivated.") % {"name": thing}


class Unlock(AskAboutUser):
    permission = "accounts.user.unlock"

    def words(self, thing: User) -> tuple[str, str, str]:
        return _("Unlock"), _("%(name)s can try to sign in again at once.") % {"name": thing}, _("Unlock")

    def act(self, caller: Caller, thing: User) -> str:
        unlock(caller, thing)
        return _("%(name)s is unlocked.") % {"name": thing}


class ResetPassword(AboutUser):
    permission = "accounts.password.reset"
    danger = True

    def words(self, thing: User) -> tuple[str, str, str]:
        text = _("%(name)s is signed out everywhere and gets a password for one sign-in, which is shown once.")
        return _("Reset the password"), text % {"name": thing}, _("Reset the password")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = self.find(request, **kwargs)
        try:
            password = reset_password(Caller.of(request), person)
        except ValidationError as error:
            return render(request, "accounts/one_time_password.html", {"person": person, "refused": error.messages})
        response = render(request, "accounts/one_time_password.html", {"person": person, "password": password})
        response["Cache-Control"] = "no-store"
        return response


class ResetSecondFactor(AskAboutUser):
    permission = "accounts.second_factor.reset"
    danger = True

    def words(self, thing: User) -> tuple[str, str, str]:
        text = _("%(name)s is signed out everywhere, signs in with the password alone and sets up a new second factor.")
        return _("Reset the second factor"), text % {"name": thing}, _("Reset the second factor")

    def act(self, caller: Caller, thing: User) -> str:
        reset_second_factor(caller, thing)
        return _("The second factor of %(name)s is gone.") % {"name": thing}


class RevokeGrant(Ask):
    permission = "accounts.grant.revoke"
    danger = True

    def find(self, request: HttpRequest, **kwargs: Any) -> Grant:
        held = Grant.objects.select_related("user")
        return get_object_or_404(held, pk=kwargs["pk"], user__username=kwargs["username"])

    def words(self, thing: Grant) -> tuple[str, str, str]:
        text = _("%(name)s is no longer %(role)s from the next page on.")
        return _("Revoke the role"), text % {"name": thing.user, "role": thing.get_role_display()}, _("Revoke")

    def act(self, caller: Caller, thing: Grant) -> str:
        revoke(caller, thing)
        return _("%(name)s is no longer %(role)s.") % {"name": thing.user, "role": thing.get_role_display()}

    def back(self, thing: Grant) -> str:
        return reverse("accounts:user", args=[thing.user.username])
