"""Durations as a contract writes them: a whole number and a unit, because 3 working days are no number of hours."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_


class Unit(StrEnum):
    """Units of a duration. Minutes and hours run on the clock's calendar, the others count days or months."""

    MINUTES = "min"
    HOURS = "h"
    WORKING_DAYS = "WD"
    CALENDAR_DAYS = "CD"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


_PATTERN = rf"^(0|[1-9][0-9]{{0,4}}) ?({'|'.join(Unit)})$"
_ASCII = re.compile(_PATTERN, re.ASCII)


@dataclass(frozen=True)
class Duration:
    """`10 min`, `4 h`, `3 WD` (working days), `10 CD` (calendar days), `8 months`."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: Any) -> "Duration":
        """Read the text form; `Wrong` (a ValueError) when it is none."""
        match = _ASCII.match(text) if isinstance(text, str) else None
        if match is None or text.endswith("\n"):
            message = N_("expected a duration such as 10 min, 4 h, 3 WD, 10 CD or 8 months, found %(found)s")
            raise Wrong(message, found=shown(text))
        return cls(int(match[1]), Unit(match[2]))

    @property
    def minutes(self) -> int:
        """Length on the running clock; ValueError for days and longer units, which need a calendar."""
        match self.unit:
            case Unit.MINUTES:
                return self.amount
            case Unit.HOURS:
                return self.amount * 60
        raise ValueError(f"{self} has no length without a calendar")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(value),
            serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json"),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": _PATTERN, "examples": ["10 min", "4 h", "3 WD", "10 CD", "8 months"]}
