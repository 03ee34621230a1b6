"""What a ticket waits for: several reasons at once, each perhaps with a limit."""

from opspact.core.instants import Instant


class Waits:
    """The reasons that hold, with the instant at which each ends by itself (None: never); `limit` is the first."""

    __slots__ = ("_ends", "limit")

    def __init__(self) -> None:
        self._ends: dict[str, Instant | None] = {}
        self.limit: Instant | None = None

    def __bool__(self) -> bool:
        return bool(self._ends)

    def __contains__(self, reason: str) -> bool:
        return reason in self._ends

    @property
    def reasons(self) -> tuple[str, ...]:
        """In the order in which they began."""
        return tuple(self._ends)

    def add(self, reason: str, ends: Instant | None) -> None:
        self._ends[reason] = ends
        self._look()

    def end(self, reason: str) -> None:
        """Nothing when it does not hold."""
        self._ends.pop(reason, None)
        self._look()

    def clear(self) -> None:
        self._ends.clear()
        self.limit = None

    def over_by(self, at: Instant) -> list[str]:
        """The reasons whose limit is reached by `at`."""
        return [reason for reason, ends in self._ends.items() if ends is not None and ends <= at]

    def _look(self) -> None:
        self.limit = min((ends for ends in self._ends.values() if ends is not None), default=None)
