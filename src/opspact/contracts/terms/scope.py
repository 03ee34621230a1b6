"""What is looked after: business systems, sites, and the items of the scope of services."""

from typing import Literal, Self

from pydantic import Field, model_validator

from opspact.contracts.terms.base import Agreed, Clause, Code, Count, Day, Name, Part, Text, Title
from opspact.core.inputs import Wrong
from opspact.core.words import N_


class Category(Part):
    """A group of business systems that the indicators of the contract tell apart."""

    code: Code
    name: Name
    name_en: Name | None = None


class System(Agreed):
    """A system that people use, and what an availability indicator measures."""

    code: Code
    name: Name
    name_en: Name | None = None
    category: Code
    importance: Count = Field(default=1, ge=1)
    """Weight in a mean by importance."""
    in_service_from: Day
    in_service_until: Day | None = None
    """Last day in service, whole."""
    clause: Clause = ""

    @model_validator(mode="after")
    def _serves_forward(self) -> Self:
        if self.in_service_until is not None and self.in_service_until < self.in_service_from:
            raise Wrong(N_("the service ends before it begins"))
        return self


class Site(Part):
    code: Code
    name: Name
    kind: Literal["office", "machine_room", "district", "other"]
    address: Title | None = None
    clause: Clause = ""


class Service(Part):
    """A line of service of the contract, with its tasks."""

    code: Code
    name: Name
    tasks: tuple[Text, ...] = ()
    modes: tuple[Name, ...] = ()
    """How it is given: on site, inspection, emergency support …"""
    clause: Clause = ""


class ScopeItem(Part):
    """One row of a table of scope."""

    code: Code
    service: Code
    type: Name
    name: Name
    kind: Literal["circuit", "network_device", "server", "machine_room", "terminal", "software", "system", "other"]
    systems: tuple[Code, ...] = ()
    """Business systems that depend on it."""
    sites: tuple[Code, ...] = ()
    clause: Clause = ""
