"""Who may do what. Default deny: what is not declared is nobody's, and a role holds only in the contract of its grant.

A room declares its permissions in its own `permissions.py`; the name is also the name of the action or page it guards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from opspact.identity.models import User
from opspact.identity.roles import ADMINISTRATORS, EVERYBODY, Role


@dataclass(frozen=True)
class Permission:
    name: str
    label: str | Promise
    roles: frozenset[Role]

    @property
    def is_for_administrators(self) -> bool:
        """Whether it concerns the installation, not a contract's data."""
        return self.roles <= ADMINISTRATORS

    @property
    def is_for_everybody(self) -> bool:
        """Whether every role has it: outside a contract it then needs no role (one's own page, one's messages)."""
        return self.roles >= EVERYBODY


_declared: dict[str, Permission] = {}


def declare(name: str, label: str | Promise, roles: Iterable[Role]) -> None:
    """Make the permission known. Raises ValueError for a name declared twice: one of two rules would be hidden."""
    if name in _declared:
        raise ValueError(f"permission {name} is declared twice")
    _declared[name] = Permission(name, label, frozenset(roles))


def declared() -> dict[str, Permission]:
    return dict(_declared)


def permission(name: str) -> Permission:
    """Raises LookupError: an undeclared permission is a programming error, found at the first call."""
    try:
        return _declared[name]
    except KeyError:
        raise LookupError(f"permission {name} is not declared") from None


def may(user: Any, name: str, contract_code: str = "") -> bool:
    """Whether `user` may do `name` in that contract; "" is the installation, where only administrators hold roles."""
    needed = permission(name)
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.permission_limit is not None and name not in user.permission_limit:
        return False
    if needed.is_for_everybody and not contract_code:
        return True
    if not needed.roles.isdisjoint(user.roles_in(contract_code)):
        return True
    return needed.is_for_administrators and not needed.roles.isdisjoint(user.roles_in(""))


def roles_of(user: Any, contract_code: str) -> frozenset[Role]:
    return user.roles_in(contract_code) if isinstance(user, User) else frozenset()
