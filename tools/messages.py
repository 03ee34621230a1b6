"""The words of the pages: `messages.py extract | check | compile`.

extract  adds to each room's catalogue the msgids that its code and templates use and no room has translated yet
check    says what is wrong with the catalogues and exits with 1: a msgid without Chinese, parameters that differ
         between msgid and translation, one msgid translated in two ways, Chinese where the English msgid belongs
compile  makes the .mo files, as the build hook does

A catalogue is src/opspact/<room>/locale/zh_Hans/LC_MESSAGES/django.po. Django reads them all as one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "opspact"
LOCALE = "zh_Hans"
_CONTEXT_FIRST = ((1, "c"), 2)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": _CONTEXT_FIRST,
    "pgettext_lazy": _CONTEXT_FIRST,
    "npgettext": (*_CONTEXT_FIRST, 3),
}
PARAMETER = re.compile(r"%\((\w+)\)[-#0 +]*[\d.]*[a-z]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

HEADER = """msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

Key = tuple[str, str]  # context, msgid (the singular one)


@dataclass(frozen=True)
class Used:
    """A msgid where it is used; `plural` "" when it has none."""

    context: str
    msgid: str
    plural: str
    place: str

    @property
    def key(self) -> Key:
        return self.context, self.msgid


def main(command: str) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    if command == "extract":
        for line in extract():
            print(line)
        return 0
    if command == "check":
        found = problems()
        print("\n".join(found) or "every msgid has its Chinese")
        return 1 if found else 0
    if command == "compile":
        sys.path.insert(0, str(ROOT))
        from hatch_build import compile_translations

        compile_translations(ROOT)
        return 0
    print(__doc__)
    return 2


def rooms() -> list[Path]:
    return sorted(path for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").is_file())


def catalogue_path(room: Path) -> Path:
    return room / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def used_in(room: Path) -> Iterator[Used]:
    """Every msgid in the room's Python files and templates."""
    for path in sorted(room.rglob("*.py")):
        yield from _in_python(path.read_bytes(), path)
    for path in sorted((room / "templates").rglob("*.*")):
        source = templatize(path.read_text(encoding="utf-8"), str(path))
        yield from _in_python(source.encode(), path)


def _in_python(source: bytes, path: Path) -> Iterator[Used]:
    name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
    for line, ids, _comments, context in babel_extract("python", BytesIO(source), keywords=KEYWORDS):
        singular, plural = ids if isinstance(ids, tuple) else (ids, "")
        if singular:
            yield Used(context or "", singular, plural, f"{name}:{line}")


def read(room: Path) -> Catalog:
    path = catalogue_path(room)
    if not path.is_file():
        return Catalog(locale=LOCALE, project="OpsPact", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=LOCALE)


def write(room: Path, catalogue: Catalog) -> None:
    """By hand below the header: Babel's own would change at every run and name people and addresses."""
    path = catalogue_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        target.write(HEADER.encode())
        write_po(target, catalogue, width=110, no_location=True, omit_header=True)


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def key_of(message: Message) -> Key:
    msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return message.context or "", msgid


def is_translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(forms) and all(forms) and not message.fuzzy


def extract() -> Iterator[str]:
    """Add what is missing to the catalogues; yields one line for each of them that grew."""
    known = {key_of(message) for room in rooms() for message in messages_of(read(room))}
    for room in rooms():
        catalogue = read(room)
        added = 0
        for used in used_in(room):
            if used.key in known:
                continue
            known.add(used.key)
            ids = (used.msgid, used.plural) if used.plural else used.msgid
            catalogue.add(ids, context=used.context or None)
            added += 1
        if added:
            write(room, catalogue)
            yield f"{room.name}: {added} new"


def problems() -> list[str]:
    """What is wrong, one line each; an empty list when nothing is."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    found: list[str] = []
    known: dict[Key, tuple[str, object]] = {}
    for room in rooms():
        for message in messages_of(read(room)):
            key = key_of(message)
            if not is_translated(message):
                found.append(f"{room.name}: not translated: {key[1]!r}")
                known.setdefault(key, (room.name, None))
                continue
            found.extend(_differing_parameters(room.name, message))
            other, words = known.setdefault(key, (room.name, message.string))
            if words is not None and words != message.string:
                found.append(f"{room.name} and {other}: translated in two ways: {key[1]!r}")
    for room in rooms():
        for used in used_in(room):
            if used.key not in known:
                found.append(f"{used.place}: in no catalogue: {used.msgid!r}")
            if CHINESE.search(used.msgid):
                found.append(f"{used.place}: Chinese where an English msgid belongs: {used.msgid!r}")
    return found


def _differing_parameters(room: str, message: Message) -> Iterator[str]:
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    wanted = set(PARAMETER.findall(ids[-1]))
    for words in message.string if isinstance(message.string, tuple | list) else [message.string]:
        if set(PARAMETER.findall(words)) != wanted:
            yield f"{room}: parameters differ: {ids[0]!r} – {words!r}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
