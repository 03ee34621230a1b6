"""YAML read so that a contract keeps its exact values and every value its place in the file.

Narrower than YAML 1.1 on purpose: `0.05` is a Decimal, `no`, `18:00` and `0123` stay text, dates are dates, duplicate
keys are refused, and so are anchors, aliases and tags, which a contract does not need and an attacker would.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from opspact.contracts.terms.problems import Problem
from opspact.core.inputs import Loc, path_of
from opspact.core.words import N_

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 30

# Escapes in double quotes can make what neither PostgreSQL nor UTF-8 has room for.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

_TAG = "tag:yaml.org,2002:"
_SCALARS = (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^-?(?:0|[1-9][0-9]{0,17})$", list("-0123456789")),
    ("float", r"^-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}$", list("-0123456789")),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", list("0123456789")),
)


class _Loader(yaml.SafeLoader):
    """SafeLoader with our few scalar types, used only to compose nodes."""

    yaml_implicit_resolvers: dict[str, Any] = {}
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.composer.ComposerError(None, None, "anchors and aliases are not used here", event.start_mark)
        if self.depth >= MAX_DEPTH:
            raise yaml.composer.ComposerError(None, None, "nested too deeply", event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


for _name, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(_pattern), _first)


@dataclass
class Tree:
    """The file's plain data, and where each key and value begins: line and column from 1."""

    data: Any = None
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def has(self, loc: Loc) -> bool:
        return loc in self.values

    def problem(self, loc: Loc, msgid: str, *, at_key: bool = False, **params: Any) -> Problem:
        """A problem at this place, or at the nearest place above it that is in the file."""
        places, near = (self.keys if at_key else self.values), loc
        while near and near not in places:
            places, near = self.values, near[:-1]
        line, column = places.get(near, (1, 1))
        return Problem(line, column, path_of(loc), msgid, params)


def read(content: str | bytes) -> Tree:
    """The tree of one YAML document. What is wrong is in `problems`; then `data` may be None or incomplete."""
    tree = Tree()
    text = _decode(content, tree)
    if tree.problems:
        return tree
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        tree.problems = _tabs(text) or [_syntax(error, text)]
        return tree
    if node is None:
        tree.problems.append(Problem(1, 1, "", N_("the file is empty")))
    else:
        tree.data = _plain(node, (), tree)
    return tree


def _decode(content: str | bytes, tree: Tree) -> str:
    text = ""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        assert isinstance(content, bytes)
        line, column = _place(content[: error.start].decode("utf-8", "replace"))
        tree.problems.append(Problem(line, column, "", _not_utf8(content)))
    if len(text) > MAX_CHARACTERS:
        tree.problems.append(
            Problem(1, 1, "", N_("the file is longer than %(limit)s characters"), {"limit": MAX_CHARACTERS})
        )
    return text


def _not_utf8(content: bytes) -> str:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return N_("the file is not UTF-8 text")
    return N_("the file is not UTF-8 text, it looks like GBK: save it again as UTF-8")


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _tabs(text: str) -> list[Problem]:
    indents = ((number, re.match(r"\s*", line)) for number, line in enumerate(text.split("\n"), start=1))
    return [
        Problem(number, indent[0].index("\t") + 1, "", N_("a tab character in the indentation: use spaces"))
        for number, indent in indents
        if indent and "\t" in indent[0]
    ]


def _syntax(error: yaml.YAMLError, text: str) -> Problem:
    line, column, reason = 1, 1, str(error)
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = ", ".join(part for part in (error.context, error.problem) if part)
    elif isinstance(error, yaml.reader.ReaderError):
        line, column = _place(text[: error.position])
        reason = f"{error.reason} (U+{ord(text[error.position]):04X})"
    return Problem(line, column, "", N_("this is not valid YAML: %(reason)s"), {"reason": reason})


def _plain(node: yaml.Node, loc: Loc, tree: Tree) -> Any:
    tree.values[loc] = (node.start_mark.line + 1, node.start_mark.column + 1)
    kind = node.tag.removeprefix(_TAG)
    if isinstance(node, yaml.MappingNode) and kind == "map":
        return _mapping(node, loc, tree)
    if isinstance(node, yaml.SequenceNode) and kind == "seq":
        return [_plain(item, (*loc, index), tree) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode) and kind in _READ:
        return _scalar(node.value, kind, loc, tree)
    tree.problems.append(tree.problem(loc, N_("the tag %(tag)s is not used here"), tag=node.tag))
    return None


def _scalar(text: str, kind: str, loc: Loc, tree: Tree) -> Any:
    if odd := _UNWRITABLE.search(text):
        message = N_("the character %(code)s cannot be stored")
        tree.problems.append(tree.problem(loc, message, code=f"U+{ord(odd[0]):04X}"))
        return None
    try:
        return _READ[kind](text)
    except ValueError:
        tree.problems.append(tree.problem(loc, N_("there is no day %(found)s"), found=text))
        return None


def _mapping(node: yaml.MappingNode, loc: Loc, tree: Tree) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != _TAG + "str":
            tree.problems.append(Problem(line, column, path_of(loc), N_("a key must be text")))
            continue
        key = key_node.value
        if key in data:
            first, _ = tree.keys[(*loc, key)]
            message = N_("the same key again, first on line %(first)s")
            tree.problems.append(Problem(line, column, path_of((*loc, key)), message, {"first": first}))
            continue
        tree.keys[(*loc, key)] = (line, column)
        data[key] = _plain(value_node, (*loc, key), tree)
    return data


_READ: dict[str, Any] = {
    "null": lambda text: None,
    "bool": lambda text: text == "true",
    "int": int,
    "float": Decimal,
    "timestamp": date.fromisoformat,
    "str": str,
}
