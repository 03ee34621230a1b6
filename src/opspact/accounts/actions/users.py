"""People come, change and leave. A user name is never used again (GB/T 22239-2019 8.1.4.1 a), so nobody is deleted."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.accounts import passwords, sessions
from opspact.accounts.queries import is_last_administrator
from opspact.identity.models import Organisation, User
from opspact.kit.actions import Caller, action


@action("accounts.user.create")
def create_user(
    caller: Caller,
    installation: None,
    *,
    username: str,
    name: str,
    password: str,
    organisation: Organisation | None = None,
    email: str = "",
    must_change_password: bool = True,
) -> User:
    """Create a person without any role.

    Raises ValidationError for a name taken, in whatever case, and for a weak password.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": _("This user name is or was somebody's. Names are never used again.")})
    user = User(username=username, name=name, email=email, organisation=organisation)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    passwords.store(user, password, caller.now, must_change=must_change_password)
    caller.note(username=username, name=name, organisation=organisation.code if organisation else "")
    return user


@action("accounts.user.edit")
def edit_user(caller: Caller, user: User, *, name: str, email: str, organisation: Organisation | None) -> None:
    before = {"name": user.name, "email": user.email, "organisation": user.organisation_id}
    user.name, user.email, user.organisation = name, email, organisation
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "email", "organisation"])
    after = {"name": name, "email": email, "organisation": organisation.pk if organisation else None}
    caller.note(changed={key: [before[key], after[key]] for key in before if before[key] != after[key]})


@action("accounts.user.deactivate")
def deactivate(caller: Caller, user: User, *, reason: str = "") -> None:
    """The person can't sign in any more; their sessions end and their tokens stop now.

    Raises ValidationError for oneself and for the last administrator of a kind.
    """
    if caller.user is not None and caller.user.pk == user.pk:
        raise ValidationError(_("You cannot deactivate yourself."))
    if is_last_administrator(user):
        raise ValidationError(_("This is the last active administrator of this kind: appoint another first."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    ended = sessions.end_all(user)
    revoked = user.api_tokens.filter(revoked_at=None).update(revoked_at=caller.now)
    caller.note(reason=reason, sessions_ended=ended, tokens_revoked=revoked)


@action("accounts.user.activate")
def activate(caller: Caller, user: User) -> None:
    """The person may sign in again, and has not been away for the job that finds dormant accounts."""
    user.is_active = True
    user.last_login = caller.now
    user.save(update_fields=["is_active", "last_login"])
