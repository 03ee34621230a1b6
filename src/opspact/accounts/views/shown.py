"""How grants are shown."""

from __future__ import annotations

from dataclasses import dataclass

from opspact.identity.models import Grant, User
from opspact.kit import scope


@dataclass(frozen=True)
class ShownGrant:
    """`contract` is empty for a role in the installation."""

    grant: Grant
    role: str
    discipline: str
    contract: str


def grants_shown(user: User) -> list[ShownGrant]:
    grants = list(user.grants.all())
    names = {each.code: each.name for each in scope.contracts({grant.contract_code for grant in grants})}
    shown = [
        ShownGrant(
            grant,
            grant.get_role_display(),
            grant.get_discipline_display() if grant.discipline else "",
            names.get(grant.contract_code, grant.contract_code),
        )
        for grant in grants
    ]
    return sorted(shown, key=lambda each: (each.contract, each.role))
