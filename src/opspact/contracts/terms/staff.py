"""Who does the work: groups with a head count, and the roles in them."""

from typing import Literal

from pydantic import Field

from opspact.contracts.terms.base import Agreed, Clause, Code, Count, Name, Number, Part, Text


class Experience(Part):
    """Years of it that a person in the role must have."""

    years: Number
    what: Text


class StaffRole(Agreed):
    code: Code
    name: Name
    discipline: Literal["management", "host", "system", "network", "terminal", "service_desk", "security", "other"]
    at_least: Count = 1
    experience: tuple[Experience, ...] = ()
    knows: Text | None = None
    duties: tuple[Text, ...] = ()
    clause: Clause = ""


class StaffGroup(Agreed):
    """Roles that share a head count."""

    code: Code
    name: Name
    headcount: Count
    roles: tuple[StaffRole, ...] = Field(min_length=1)
    clause: Clause = ""
