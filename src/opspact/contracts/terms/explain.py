"""Pydantic's findings as problems with the file's own lines, in our own words."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from opspact.contracts.terms.problems import Problem
from opspact.contracts.terms.yamltree import Tree
from opspact.core import inputs
from opspact.core.inputs import Loc, Wrong, shown
from opspact.core.words import N_

MESSAGES = inputs.MESSAGES | {
    "string_type": N_("expected text, found %(found)s; put quotes around it if text is meant"),
    "date_type": N_("expected a day such as 2022-07-06 without quotes, found %(found)s"),
}


def problems_of(error: ValidationError, tree: Tree, root: type[BaseModel]) -> Iterator[Problem]:
    """One problem for each finding, at its line and column."""
    for details in error.errors(include_url=False):
        if details["type"] == "too_short" and details["input"]:
            continue  # Pydantic counts the items that are right; what is wrong with the others is said by itself.
        loc = _in_file(details["loc"], tree)
        if details["type"] == "extra_forbidden":
            yield _unknown_key(loc, details["loc"], tree, root)
        elif details["type"] == "union_tag_not_found":
            yield tree.problem((*loc, details["ctx"]["discriminator"].strip("'")), MESSAGES["missing"])
        else:
            yield _finding(loc, details, tree)


def _in_file(loc: Loc, tree: Tree) -> Loc:
    """Pydantic names the chosen variant of a union in its path; the file does not."""
    place: Loc = ()
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if part == "[key]" or (not last and not tree.has((*place, part))):
            continue
        place = (*place, part)
    return place


def _finding(loc: Loc, details: ErrorDetails, tree: Tree) -> Problem:
    context: dict[str, Any] = dict(details.get("ctx", {}))
    wrong = context.pop("error", None)
    if isinstance(wrong, Wrong):
        return tree.problem(loc, wrong.msgid, **wrong.params)
    params = {name: _listed(value) for name, value in context.items()} | {"found": shown(details["input"])}
    message = MESSAGES.get(details["type"])
    if message is None:
        message, params = inputs.OTHERWISE, params | {"reason": details["msg"]}
    if details["type"] == "union_tag_invalid":
        loc = (*loc, context["discriminator"].strip("'"))
    return tree.problem(loc, message, **params)


def _listed(value: Any) -> Any:
    """Pydantic's "'a', 'b' or 'c'" without its English word, other values as they are."""
    quoted = re.findall(r"'([^']*)'", value) if isinstance(value, str) else []
    return ", ".join(quoted) or value


def _unknown_key(loc: Loc, model_loc: Loc, tree: Tree, root: type[BaseModel]) -> Problem:
    known = _keys_at(_schema(root), model_loc[:-1])
    near = get_close_matches(str(loc[-1]), known, n=1)
    if near:
        return tree.problem(loc, N_("unknown key; did you mean %(suggestion)s?"), at_key=True, suggestion=near[0])
    return tree.problem(loc, N_("unknown key"), at_key=True)


@lru_cache
def _schema(root: type[BaseModel]) -> dict[str, Any]:
    return root.model_json_schema()


def _keys_at(schema: dict[str, Any], loc: Loc) -> list[str]:
    """The keys that the JSON Schema knows at a pydantic path."""
    definitions = schema.get("$defs", {})
    here: dict[str, Any] = schema
    for part in loc:
        here = _step(_resolve(here, definitions), part, definitions)
    return sorted(_resolve(here, definitions).get("properties", {}))


def _resolve(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        schema = options[0]
    name = schema.get("$ref", "").removeprefix("#/$defs/")
    return definitions[name] if name else schema


def _step(schema: dict[str, Any], part: str | int, definitions: dict[str, Any]) -> dict[str, Any]:
    variants = schema.get("discriminator", {}).get("mapping", {})
    if part in variants:
        return {"$ref": variants[part]}
    inside = schema.get("items") if isinstance(part, int) else schema.get("properties", {}).get(part)
    return inside or schema.get("additionalProperties") or {}
