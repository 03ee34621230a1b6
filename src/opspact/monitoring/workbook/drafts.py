"""From the text of a row to a check as it would be stored, with every problem on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from opspact.core.words import N_
from opspact.monitoring.models.targets import MAX_INTERVAL_S, MIN_INTERVAL_S, target_code_validator
from opspact.monitoring.workbook.errors import Problem
from opspact.monitoring.workbook.known import Known, folded, nearest
from opspact.monitoring.workbook.sheets import RawRow
from opspact.probes.addresses import normalise
from opspact.probes.errors import InputError
from opspact.probes.kind import Kind
from opspact.probes.registry import KINDS
from opspact.probes.settings import parse_settings

WHOLE = ("name", "system", "site", "asset", "circuit")
"""What belongs to the target, and so must be the same in all of its rows."""
_SECONDS = re.compile(r"([0-9]{1,7})\s*(s|秒)?")


@dataclass(frozen=True)
class Draft:
    """One check as it is to be: codes of system, site, asset and circuit ("" for none), address and settings as their
    kind has them. `asset` and `circuit` None: nothing is said of them, and they stay as they are.
    """

    code: str
    name: str
    kind: str
    address: str
    system: str
    site: str
    interval_s: int
    settings: Mapping[str, Any]
    asset: str | None = None
    circuit: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.code, self.kind

    @property
    def host(self) -> str:
        return KINDS[self.kind].host(self.address)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def draft_of(raw: RawRow, known: Known) -> tuple[Draft | None, list[Problem], list[Problem]]:
    """The draft (None when something is wrong), the problems, and what was mended."""
    reader = _Reader(raw, known)
    draft = reader.draft()
    return (None if reader.problems else draft), reader.problems, reader.mended


class _Reader:
    """Reads the fields of one row; a problem in one never hides those of the others."""

    def __init__(self, raw: RawRow, known: Known) -> None:
        self.raw = raw
        self.known = known
        self.problems: list[Problem] = list(raw.problems)
        self.mended: list[Problem] = []

    def draft(self) -> Draft:
        kind = self.kind()
        return Draft(
            code=self.code(),
            name=self.name(),
            kind=kind.name if kind else "",
            address=self.address(kind),
            system=self.one_of("system", self.known.systems, self.known.system_names, N_("business system")),
            site=self.one_of("site", self.known.sites, self.known.site_names, N_("site")),
            interval_s=self.interval(kind),
            settings=self.settings(kind),
            asset=self.asset(),
            circuit=self.circuit(),
        )

    def code(self) -> str:
        text = self.text("code")
        if text and not target_code_validator.regex.match(text):
            self.wrong(
                "code", "code", N_("“%(text)s” is no code: letters, digits and . _ - only, at most 40."), text=text
            )
        return text

    def name(self) -> str:
        text = " ".join(self.raw.values.get("name", "").split())
        if not text:
            self.missing("name")
        if len(text) > 120:
            self.wrong("name", "name.long", N_("The name may have at most 120 characters."))
        return text

    def kind(self) -> Kind | None:
        text = self.text("kind")
        found = self.known.kinds.get(folded(text))
        if text and found is None:
            names = ", ".join(KINDS)
            self.wrong(
                "kind", "kind", N_("“%(text)s” is no kind of check; there are %(known)s."), text=text, known=names
            )
        return KINDS.get(found or "")

    def address(self, kind: Kind | None) -> str:
        text = self.text("address")
        if not text or kind is None:
            return text
        try:
            return kind.parse_address(text)
        except InputError as error:
            self.problems.append(Problem.of(error, "address", self.cell("address")))
            return ""

    def interval(self, kind: Kind | None) -> int:
        text = self.text("interval_s", required=False)
        if not text:
            return kind.interval_s if kind else 60
        match = _SECONDS.fullmatch(text)
        if match is None:
            self.wrong("interval_s", "interval", N_("“%(text)s” is no whole number of seconds."), text=text)
        elif not MIN_INTERVAL_S <= int(match[1]) <= MAX_INTERVAL_S:
            message = N_("The interval must be from %(least)s to %(most)s seconds, not %(text)s.")
            self.wrong("interval_s", "interval.range", message, text=text, least=MIN_INTERVAL_S, most=MAX_INTERVAL_S)
        else:
            return int(match[1])
        return 0

    def settings(self, kind: Kind | None) -> dict[str, Any]:
        text = self.raw.values.get("settings", "")
        if not text or kind is None:
            return {}
        try:
            return parse_settings(kind, text)
        except InputError as error:
            self.problems.append(Problem.of(error, "settings", self.cell("settings")))
            return {}

    def one_of(self, field: str, known: Mapping[str, str], names: tuple[str, ...], what: str) -> str:
        text = self.raw.values.get(field, "")
        found = known.get(folded(text), "")
        if text and not found:
            near = nearest(text, known)
            message = N_("There is no %(what)s “%(text)s” in this contract; there are: %(known)s.")
            if near:
                message = N_(
                    "There is no %(what)s “%(text)s” in this contract; did you mean “%(near)s”? There are: %(known)s."
                )
            listed = "; ".join(names[:20]) or "-"
            self.wrong(field, f"{field}.unknown", message, what=what, text=text, near=near, known=listed)
        return found

    def asset(self) -> str | None:
        text = self.raw.values.get("asset")
        if not text:
            return text
        found = self.known.assets.get(folded(text), ())
        if len(found) > 1:
            message = N_("%(count)s assets are called “%(text)s”: give the code, such as %(first)s.")
            self.wrong("asset", "asset.several", message, text=text, count=len(found), first=found[0])
        if not found:
            message = N_("There is no asset “%(text)s” on the ledger; its code stands on its page and its label.")
            self.wrong("asset", "asset.unknown", message, text=text)
        return found[0] if len(found) == 1 else ""

    def circuit(self) -> str | None:
        if "circuit" not in self.raw.values:
            return None
        return self.one_of("circuit", self.known.circuits, self.known.circuit_names, N_("leased circuit"))

    def text(self, field: str, *, required: bool = True) -> str:
        """The field with full-width characters folded, and a remark when that changed it."""
        given = self.raw.values.get(field, "")
        text = normalise(given)
        if text != given:
            message = N_("Full-width characters in “%(given)s” were read as “%(text)s”.")
            self.mended.append(Problem(field, self.cell(field), "folded", message, {"given": given, "text": text}))
        if required and not text:
            self.missing(field)
        return text

    def missing(self, field: str) -> None:
        if not any(problem.field == field for problem in self.problems):
            self.wrong(field, "missing", N_("%(cell)s must be filled."))

    def wrong(self, field: str, code: str, message: str, **params: object) -> None:
        self.problems.append(Problem(field, self.cell(field), code, message, {"cell": self.cell(field), **params}))

    def cell(self, field: str) -> str:
        return self.raw.cells.get(field, "")
