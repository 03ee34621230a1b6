"""What a list declares besides its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from opspact.kit.actions import Caller

Words = str | Promise


@dataclass(frozen=True)
class BulkAction:
    """`run` does it to the picked records by way of an action, and returns the sentence that says what was done.

    `confirm` is the question before it; its `%(count)s` becomes the number of records, as far as it is counted.
    """

    name: str
    label: Words
    permission: str
    confirm: Words
    run: Callable[[Caller, QuerySet[Any]], str]
    is_dangerous: bool = False


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
