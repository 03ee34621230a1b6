"""The terms of one operations and maintenance contract: the whole file. Its sections are in the modules beside this."""

import json
from typing import Any, Literal

from pydantic import Field

from opspact.contracts.terms.base import ContractCode, Day, Flag, Part, ShortName, Title
from opspact.contracts.terms.duties import Acceptance, Deliverable, Obligation, Setting
from opspact.contracts.terms.kpi import Assessment, Kpi, KpiRules
from opspact.contracts.terms.money import Bond, LatePayment, Payment, Penalty, Price, Supplements
from opspact.contracts.terms.parties import Document, Party, Term
from opspact.contracts.terms.scope import Category, ScopeItem, Service, Site, System
from opspact.contracts.terms.service import (
    Calendar,
    Coverage,
    Escalation,
    PauseRules,
    Priorities,
    SecurityGrading,
    ServiceLevel,
    Zone,
)
from opspact.contracts.terms.staff import StaffGroup


class Terms(Part):
    """A contract's terms as data. Build them with `load_terms`, which also checks what spans sections."""

    format: Literal[1]
    """Version of this file format."""
    code: ContractCode
    """The contract's identifier in addresses; it never changes."""
    name: Title
    short_name: ShortName
    language: Literal["zh-Hans", "en"]
    zone: Zone = "Asia/Shanghai"
    """The time zone in which the contract's days begin and end."""
    simulated: Flag
    """True: everything recorded under this contract is demonstration data."""
    signed_on: Day | None = None
    documents: tuple[Document, ...] = ()
    parties: tuple[Party, ...] = Field(min_length=1)
    term: Term

    price: Price | None = None
    bond: Bond | None = None
    payments: tuple[Payment, ...] = ()
    late_payment: LatePayment | None = None
    penalties: tuple[Penalty, ...] = ()
    supplements: Supplements | None = None

    system_categories: tuple[Category, ...] = Field(min_length=1)
    systems: tuple[System, ...] = Field(min_length=1)
    sites: tuple[Site, ...] = ()
    services: tuple[Service, ...] = ()
    scope: tuple[ScopeItem, ...] = ()

    calendars: tuple[Calendar, ...] = Field(min_length=1)
    service_levels: tuple[ServiceLevel, ...] = Field(min_length=1)
    priorities: Priorities
    pauses: PauseRules = PauseRules()
    escalation: Escalation = Escalation()
    security_gradings: tuple[SecurityGrading, ...] = ()

    staff: tuple[StaffGroup, ...] = ()
    coverage: tuple[Coverage, ...] = ()

    kpi_rules: KpiRules
    kpis: tuple[Kpi, ...] = ()
    assessment: Assessment | None = None

    obligations: tuple[Obligation, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    acceptance: Acceptance | None = None
    settings: tuple[Setting, ...] = ()

    def setting(self, code: str, default: str | None = None) -> str | None:
        """The reading in force of an open point, `default` where the contract has none of that code."""
        return next((setting.value for setting in self.settings if setting.code == code), default)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file, for editors; rules that span sections are not in it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Terms.model_json_schema()


def schema_text() -> str:
    """The JSON Schema as it stands in `docs/reference/contract-terms.schema.json`."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
