"""Who may do what, as a table: on the page, as a sheet and in the reference are the same rows."""

from __future__ import annotations

from dataclasses import dataclass

from opspact.identity.roles import Role
from opspact.kit.permissions import declared


@dataclass(frozen=True)
class Row:
    name: str
    label: str
    holders: frozenset[Role]

    @property
    def marks(self) -> list[bool]:
        """One per role, in the order of the roles."""
        return [role in self.holders for role in Role]


def rows() -> list[Row]:
    found = (Row(each.name, str(each.label), each.roles) for each in declared().values())
    return sorted(found, key=lambda row: row.name)


def as_markdown() -> str:
    """The matrix as the reference page shows it."""
    lines = [
        f"| Permission | Name | {' | '.join(str(role.label) for role in Role)} |",
        f"|---|---|{':-:|' * len(Role)}",
    ]
    lines += [
        f"| {row.label} | `{row.name}` | {' | '.join('●' if mark else '' for mark in row.marks)} |" for row in rows()
    ]
    return "\n".join(lines) + "\n"
