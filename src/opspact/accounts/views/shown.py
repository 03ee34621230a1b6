"""How grants and sessions are shown."""

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


_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def agent_name(agent: str) -> str:
    """A browser's long description in two words, e.g. "Chrome · Windows"; what is not known is left as it came."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or agent
