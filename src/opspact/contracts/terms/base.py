"""What every section of the terms is made of: the base model and the exact types of its values."""

import os
import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints, WithJsonSchema

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_

# Only the published JSON Schema shows the fields' docstrings, and collecting them doubles the time to import.
DESCRIBED = os.environ.get("OPSPACT_DESCRIBE_TERMS") == "1"

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)


class Part(BaseModel):
    """A section of the terms: immutable, and closed to keys it does not know."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, use_attribute_docstrings=DESCRIBED)


class Agreed(Part):
    """A section whose values may be defaults that the contract does not state."""

    agreed: Annotated[bool, Strict()] = True
    """False: the contract is silent, the value is a default that the client has yet to sign."""


def exact_number(value: Any) -> Decimal:
    """A number without a detour through binary floating point. Plain digits in quotes are taken too."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise Wrong(N_("expected a number such as 12500.00, found %(found)s"), found=shown(value))


def _number(**limits: Any) -> Any:
    names = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}
    return WithJsonSchema({"type": "number"} | {names[key]: value for key, value in limits.items() if key in names})


Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
"""An identifier: ASCII letters, digits, `_` and `-`, at most 40."""

ContractCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""A contract's identifier, part of its addresses: small letters, digits and hyphens, at most 40."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
ShortName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Clause = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
"""The clause as the contract numbers it, `§4.2` or `A2 三`; empty where the contract is silent."""

Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Day = Annotated[date, Strict(), Field(ge=date(1990, 1, 1), le=date(2199, 12, 31))]
"""A calendar day in the contract's zone."""

Money = Annotated[Decimal, BeforeValidator(exact_number), Field(ge=0, max_digits=16, decimal_places=2), _number(ge=0)]
"""An amount in the contract's currency, at most two decimals."""

Percent = Annotated[
    Decimal, BeforeValidator(exact_number), Field(ge=0, le=100, decimal_places=8), _number(ge=0, le=100)
]
"""Percent points: 60 is sixty percent, 0.05 is five hundredths of a percent."""

Number = Annotated[Decimal, BeforeValidator(exact_number), Field(ge=0, max_digits=12, decimal_places=4), _number(ge=0)]
