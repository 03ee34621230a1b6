"""What a list declares besides its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.utils.functional import Promise

from opspact.kit.actions import Caller

Words = str | Promise


def _nothing(caller: Caller, records: QuerySet[Any]) -> str:
    """For an action that goes to a page of its own."""
    return ""


@dataclass(frozen=True)
class BulkAction:
    """`run(caller, records)` does it to the picked records by way of an action; it returns what it says was done.

    `confirm` is the question before it; its `%(count)s` becomes the number of records, as far as it is counted.
    `form(data, request=request)` asks for more together with it; its cleaned fields go to `run` by name.
    `goes_to(request)` leads to a page of its own that takes the picks over ("pk", or "all" with "query", as posted).
    """

    name: str
    label: Words
    permission: str
    confirm: Words = ""
    run: Callable[..., str] = _nothing
    is_dangerous: bool = False
    form: Callable[..., Form] | None = None
    goes_to: Callable[[HttpRequest], str] | None = None


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what it is for, and the button that fills it."""

    text: Words
    button: Words = ""
    url_name: str = ""
    permission: str = ""
    icon: str = "list"


@dataclass(frozen=True)
class Tab:
    """A filter everybody has: its word and its query string ("state=down&sort=-since")."""

    label: Words
    query: str
