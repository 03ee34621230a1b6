"""Properties run 500 examples each, 20,000 with `OPSPACT_DEEP=1`. Worked tables are read from `docs/why`."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import HealthCheck, settings

from opspact.core.calendars import WorkCalendar

WHY = Path(__file__).parents[3] / "docs" / "why"
OFFICE = [(9 * 60, 12 * 60), (13 * 60, 17 * 60)]

settings.register_profile(
    "opspact",
    max_examples=int(os.environ.get("OPSPACT_EXAMPLES", 20_000 if os.environ.get("OPSPACT_DEEP") == "1" else 500)),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("opspact")


@pytest.fixture(scope="session")
def worked_table() -> Callable[[str, str], list[dict[str, str]]]:
    """`worked_table("states.md", "Worked table")`: the rows of the table below that heading."""

    def rows(document: str, heading: str) -> list[dict[str, str]]:
        text = (WHY / document).read_text(encoding="utf-8")
        section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
        lines = [line for line in section.splitlines() if line.startswith("|")]
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        assert len(cells) > 2, f"no table under {heading}"
        return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]

    return rows


@pytest.fixture(scope="session")
def china() -> WorkCalendar:
    """Office hours in Shanghai with the State Council's days of 2004 to 2026."""
    return WorkCalendar(
        "cn",
        "Asia/Shanghai",
        dict.fromkeys(range(5), OFFICE),
        frozenset(chinese_calendar.constants.holidays),
        frozenset(chinese_calendar.constants.workdays),
        frozenset(range(2004, 2027)),
    )


@pytest.fixture(scope="session")
def china_at_signing() -> WorkCalendar:
    """The same as it could be known on 2022-07-06: 2023 was not published."""
    known = range(2004, 2023)
    return WorkCalendar(
        "cn",
        "Asia/Shanghai",
        dict.fromkeys(range(5), OFFICE),
        frozenset(day for day in chinese_calendar.constants.holidays if day < date(2023, 1, 1)),
        frozenset(day for day in chinese_calendar.constants.workdays if day < date(2023, 1, 1)),
        frozenset(known),
    )
