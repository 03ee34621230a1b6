"""From the bytes of a document to the answer, or to everything that is wrong with the document."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from opspact.calc.calendars import CalendarRef, Elsewhere, build_all
from opspact.calc.language import Words
from opspact.calc.values import Part
from opspact.core import inputs
from opspact.core.calendars import WorkCalendar
from opspact.core.errors import CoreError
from opspact.core.inputs import Loc, Wrong, path_of, shown
from opspact.core.words import N_

I = TypeVar("I", bound=Part)  # noqa: E741 - input
O = TypeVar("O", bound=Part)  # noqa: E741 - output

_PLACED = N_("%(path)s: %(message)s")


@dataclass(frozen=True)
class Finding:
    """One thing to mend: the path in the document (empty for the whole), a msgid and its parameters."""

    path: str
    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, words: Words) -> str:
        message = words.text(self.msgid) % dict(self.params)
        return words.text(_PLACED) % {"path": self.path, "message": message} if self.path else message


class Refused(ValueError):
    """A document that can't be calculated, with every finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.text(Words("en")) for finding in self.findings))


@contextmanager
def at(path: str) -> Iterator[None]:
    """What core refuses in here is said of the element at `path`, such as `events[3]`. Raises Refused."""
    try:
        yield
    except CoreError as error:
        raise Refused([Finding(path, error.message, error.params)]) from error
    except Wrong as error:
        raise Refused([Finding(path, error.msgid, error.params)]) from error


@dataclass(frozen=True)
class Context:
    """What a calculation may ask for beside its document.

    `calendar` finds a loaded contract's calendar; `read` the bytes of a file that lies beside the document.
    """

    words: Words = field(default_factory=Words)
    calendar: Elsewhere | None = None
    read: Callable[[str], bytes] | None = None

    def calendars(self, written: Mapping[str, CalendarRef]) -> dict[str, WorkCalendar]:
        """The document's calendars by name; `cn` and `24x7` are always there."""
        return build_all(written, self.calendar)

    def in_zone(self, zone: str) -> Words:
        """The words of the reader, with instants on the wall of `zone`."""
        return Words(self.words.language, zone)


@dataclass(frozen=True)
class Kind(Generic[I, O]):
    """A kind of calculation: what it takes, what it gives, and one line on what it is for (a msgid).

    `from_csv` reads a table instead of a document, where that makes sense.
    """

    name: str
    help: str
    takes: type[I]
    gives: type[O]
    run: Callable[[I, Context], O]
    from_csv: Callable[[bytes], dict[str, Any]] | None = None


def calculate(kind: Kind[I, O], source: bytes, context: Context) -> dict[str, Any]:
    """The answer to a document as plain JSON. Raises Refused."""
    try:
        with at(""):
            document = kind.takes.model_validate(_plain(kind, source))
            return kind.run(document, context).model_dump(mode="json")
    except ValidationError as error:
        raise Refused(list(_findings(error))) from error


def _plain(kind: Kind[I, O], source: bytes) -> Any:
    text = source.lstrip(b"\xef\xbb\xbf \t\r\n")
    if kind.from_csv and text[:1] not in (b"{", b"["):
        return kind.from_csv(source)
    try:
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_each_key_once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refused([Finding("", N_("this is not valid JSON: %(reason)s"), {"reason": str(error)})]) from error


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Wrong(N_("the key %(key)s stands twice in one object"), key=twice)
    return found


def _findings(error: ValidationError) -> Iterator[Finding]:
    for details in error.errors(include_url=False):
        context: dict[str, Any] = dict(details.get("ctx", {}))
        wrong = context.pop("error", None)
        loc: Loc = details["loc"]
        if isinstance(wrong, Wrong):
            yield Finding(path_of(loc), wrong.msgid, wrong.params)
        elif isinstance(wrong, CoreError):
            yield Finding(path_of(loc), wrong.message, wrong.params)
        elif details["type"] == "extra_forbidden":
            yield Finding(path_of(loc), N_("nothing here is called that"))
        else:
            message = inputs.MESSAGES.get(details["type"], inputs.OTHERWISE)
            params = {name: str(value) for name, value in context.items()}
            yield Finding(path_of(loc), message, params | {"found": shown(details["input"]), "reason": details["msg"]})


def schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a kind's document or answer."""
    described = model.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | described | {"title": title}
