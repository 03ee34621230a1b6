"""Passwords, second factors, locks and sessions."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from opspact.accounts import lockout, passwords, sessions
from opspact.identity.models import User
from opspact.kit.actions import Caller, action


@action("accounts.password.change")
def set_password(caller: Caller, user: User, *, password: str, must_change: bool = False) -> None:
    """A person sets their own password; the machine (shell, demo) sets anybody's. Raises ValidationError.

    The person's other sessions end by themselves: Django ties a session to the password it began with.
    """
    if caller.user is not None and caller.user.pk != user.pk:
        raise PermissionDenied(_("Only the person may choose this password."))
    passwords.store(user, password, caller.now, must_change=must_change)


@action("accounts.password.reset")
def reset_password(caller: Caller, user: User) -> str:
    """A password for one sign-in, returned once and stored nowhere in the clear; every session of the person ends."""
    if caller.user is not None and caller.user.pk == user.pk:
        raise ValidationError(_("Change your own password on your account page."))
    password = passwords.one_time()
    passwords.store(user, password, caller.now, must_change=True)
    lockout.clear(user.username)
    caller.note(sessions_ended=sessions.end_all(user))
    return password


@action("accounts.user.unlock")
def unlock(caller: Caller, user: User) -> None:
    lockout.clear(user.username)


@action("accounts.second_factor.reset")
def reset_second_factor(caller: Caller, user: User) -> None:
    """The person signs in with the password alone and sets up a new second factor; every session of theirs ends."""
    if caller.user is not None and caller.user.pk == user.pk:
        raise PermissionDenied(_("Nobody resets their own second factor."))
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    caller.note(removed=removed, sessions_ended=sessions.end_all(user))


@action("accounts.session.end")
def end_other_sessions(caller: Caller, user: User, *, but: str | None) -> int:
    """End one's sessions except the one with the key `but`. How many there were."""
    if caller.user is not None and caller.user.pk != user.pk:
        raise PermissionDenied
    ended = sessions.end_all(user, but=but)
    caller.note(sessions_ended=ended)
    return ended
