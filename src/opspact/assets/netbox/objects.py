"""Reading single values off NetBox's objects, whatever they hold: what is not of the right shape reads as nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opspact.core.inputs import Wrong
from opspact.core.words import N_

Thing = Mapping[str, Any]
NOTHING: Thing = {}


@dataclass(frozen=True)
class Source:
    """The object a row was made of."""

    kind: str
    id: int
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id} “{self.name}”" if self.name else f"{self.kind} {self.id}"


@dataclass(frozen=True)
class Row:
    """Texts by field of a ledger, as a workbook would have them."""

    values: dict[str, str]
    source: Source

    @property
    def code(self) -> str:
        return self.values.get("code", "")


def source_of(kind: str, thing: Thing) -> Source:
    named = (text(thing, key, 80) for key in ("name", "display", "prefix", "address", "cid", "model"))
    return Source(kind, number_of(thing), next(filter(None, named), ""))


def title_of(thing: Thing) -> str:
    """What people call it: its name; of a type of device the manufacturer and the model."""
    return text(thing, "name") or f"{text(part(thing, 'manufacturer'), 'name') or '-'} {text(thing, 'model')}"


def number_of(thing: Thing) -> int:
    """NetBox's own key; 0 where it has none."""
    found = thing.get("id")
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def known(kind: str, things: Iterable[Thing], remarks: list[Wrong]) -> list[Thing]:
    """Those that have a key, each once; the others are remarked upon."""
    found: dict[int, Thing] = {}
    for position, thing in enumerate(things, start=1):
        if not (key := number_of(thing)):
            message = N_("object %(position)s of %(kind)s has no id: export whole objects, as the API gives them")
            remarks.append(Wrong(message, position=position, kind=kind))
        elif key in found and found[key] != thing:
            message = N_("%(kind)s %(id)s is in the export twice and differs: the first counts")
            remarks.append(Wrong(message, kind=kind, id=key))
        else:
            found.setdefault(key, thing)
    return list(found.values())


def part(thing: Thing, *names: str) -> Thing:
    """The object under the first of these names that has one."""
    for name in names:
        found = thing.get(name)
        if isinstance(found, Mapping) and found:
            return found
    return NOTHING


def text(thing: Thing, name: str, most: int = 0) -> str:
    found = thing.get(name)
    said = str(found).strip() if isinstance(found, str | int | float) and not isinstance(found, bool) else ""
    return said[:most] if most else said


def choice(thing: Thing, name: str) -> str:
    """The value of a choice: an object with value and label, or the bare value as older versions have it."""
    found = thing.get(name)
    return text(found, "value") if isinstance(found, Mapping) else text(thing, name)


def whole(thing: Thing, name: str) -> str:
    """A whole number; units and positions come as 20.0."""
    found = thing.get(name)
    if isinstance(found, str):
        found = float(found) if found.replace(".", "", 1).isdecimal() else None
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return str(int(found)) if is_number and found == int(found) else ""  # type: ignore[arg-type]


def host(address: str) -> str:
    """10.1.0.2/24 without its length."""
    return address.partition("/")[0]


def codes(
    ways: Mapping[Any, Sequence[str]],
    longest: int = 60,
    *,
    titles: Mapping[Any, str] | None = None,
    met: Mapping[str, str] | None = None,
) -> dict[Any, str]:
    """A code for each key: of the record that is here by its title (`met`, in small letters), where the title says only
    one; else the first of its ways, unless that is too long or several begin with it; then the next that is free.
    """
    titles, met = titles or {}, met or {}
    often, called = Counter(each[0].upper() for each in ways.values()), Counter(titles.values())
    found: dict[Any, str] = {}
    taken: set[str] = set()
    for key, (first, *others) in ways.items():
        known = met.get(titles.get(key, "").lower(), "") if called[titles.get(key, "")] == 1 else ""
        plain = [first] if first and often[first.upper()] == 1 else []
        fitting = [way for way in (known, *plain, *others) if way and len(way) <= longest]
        found[key] = next((way for way in fitting if way.upper() not in taken), fitting[-1] if fitting else "")
        taken.add(found[key].upper())
    return found
