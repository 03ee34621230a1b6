"""The timeline: events, comments, changes and machine actions in one stream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise

Kind = Literal["event", "comment", "change", "machine"]


@dataclass(frozen=True)
class Happening:
    """Who did what, when and why. `said` is free text shown as written; `icon` a name of `frontend/icons.txt`."""

    at: datetime
    what: str | Promise
    who: str | Promise
    kind: Kind = "event"
    icon: str = "point"
    said: str = ""
    url: str = ""
