"""Roles given and taken. The rules of separation hold for whoever calls, the machine included."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from opspact.accounts import sessions
from opspact.accounts.queries import is_last_administrator
from opspact.identity.models import Grant, User
from opspact.identity.roles import ADMINISTRATORS, CLIENT_ROLES, VENDOR_ROLES, Role
from opspact.kit import scope
from opspact.kit.actions import Caller, action


def grant(caller: Caller, user: User, *, role: str, contract_code: str = "", discipline: str = "") -> Grant:
    """Give a role; giving what the person has already changes nothing.

    Raises ValidationError when the role does not fit the person's others or the contract does not exist,
    PermissionDenied for a grant to oneself.
    """
    given = Grant(user=user, role=role, contract_code=contract_code, discipline=discipline)
    held = user.grants.filter(role=role, contract_code=contract_code, discipline=discipline).first()
    return held or _give(caller, given)


def revoke(caller: Caller, given: Grant) -> None:
    """Take a role away; the person's sessions go on without it. Raises as `grant` does."""
    _take(caller, given)


@action("accounts.grant.give")
def _give(caller: Caller, given: Grant) -> Grant:
    _refuse_oneself(caller, given.user)
    User.objects.select_for_update().get(pk=given.user_id)
    given.full_clean(validate_constraints=False)
    _check_place(given)
    _check_separation(given)
    given.save()
    caller.note(username=given.user.username, role=given.role, discipline=given.discipline)
    return given


@action("accounts.grant.revoke")
def _take(caller: Caller, given: Grant) -> None:
    _refuse_oneself(caller, given.user)
    if given.role in ADMINISTRATORS:
        if is_last_administrator(given.user):
            raise ValidationError(_("This is the last active administrator of this kind: appoint another first."))
        sessions.end_all(given.user)
    caller.note(username=given.user.username, role=given.role, discipline=given.discipline)
    Grant.objects.filter(pk=given.pk).delete()


def _refuse_oneself(caller: Caller, user: User) -> None:
    if caller.user is not None and caller.user.pk == user.pk:
        raise PermissionDenied(_("Nobody grants roles to themselves."))


def _check_place(given: Grant) -> None:
    """Administrators look after the installation; everybody else works in a contract that exists."""
    if (given.role in ADMINISTRATORS) == bool(given.contract_code):
        raise ValidationError(_("Administrators hold their role in the installation, all others in a contract."))
    if given.contract_code and scope.contract(given.contract_code) is None:
        raise ValidationError(_("There is no contract %(code)s."), params={"code": given.contract_code})
    if given.discipline and given.role != Role.ENGINEER:
        raise ValidationError(_("Only engineers have a discipline."))


def _check_separation(given: Grant) -> None:
    """GB/T 22239-2019 8.1.5: the three exclude each other and all business; a contract's parties don't mix."""
    held = list(given.user.grants.all())
    roles = {each.role for each in held} | {given.role}
    if roles & ADMINISTRATORS and len(roles) > 1:
        raise ValidationError(_("An administrator holds no other role."))
    here = {each.role for each in held if each.contract_code == given.contract_code} | {given.role}
    if here & CLIENT_ROLES and here & VENDOR_ROLES:
        raise ValidationError(_("Nobody stands on both sides of a contract."))
