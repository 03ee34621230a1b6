"""One JSON object a line on stderr: ``at`` (UTC), ``level``, ``event``, and the event's own fields."""

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal


def say(event: str, *, level: Literal["info", "warning", "error"] = "info", **fields: object) -> None:
    """Write one line. A closed stderr is no reason to stop."""
    line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "event": event, **fields}
    with suppress(OSError, ValueError):
        sys.stderr.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        sys.stderr.flush()
