"""The poller doubts itself first: which failures it may believe. Pure; times are monotonic seconds.

A failure stands only when nothing about the collector explains it better:

- it was late itself (its event loop stood still for more than a second) while the probe ran: ``lag``;
- its wall clock jumped while the probe ran, so that nobody knows when it was: ``clock`` (for every result);
- it could not see beyond itself at some moment while the probe ran: ``uplink`` (never for targets on this machine).

The uplink is looked at repeatedly. It counts as down from the last look that saw something until the next that does,
and a failure is held back until the uplink was looked at after it.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from opspact.probes.wire import Seen

Reason = Literal["lag", "clock", "uplink"]

MAX_LAG_S = 1.0
_KEEP_S = 900.0


@dataclass(frozen=True, slots=True)
class _Window:
    begin: float
    end: float
    reason: Reason


class Doubt:
    """What the collector knows about its own blindness."""

    def __init__(self, now: float) -> None:
        self._windows: deque[_Window] = deque()
        self._watched_until = now
        self._saw_at = now
        self._looked_from = now
        self._blind_since: float | None = None
        self._has_witness = False
        self._worst_lag = 0.0

    def ticked(self, begin: float, end: float, lag: float) -> None:
        """The event loop was asked to wake up and did so ``lag`` seconds late, somewhere in [begin, end]."""
        self._watched_until = end
        self._worst_lag = max(self._worst_lag, lag)
        if lag > MAX_LAG_S:
            self._add(begin, end, "lag")

    def jumped(self, begin: float, end: float) -> None:
        """The wall clock was set, somewhere in [begin, end]."""
        self._add(begin, end, "clock")

    def looked(self, begin: float, end: float, seen: bool | None) -> None:
        """A look beyond this machine: whether anything was seen; None when there is nothing it could look at."""
        self._has_witness = seen is not None
        if seen:
            self._see(begin, end)
        elif seen is None:
            self._blind_since = None
        elif self._saw_at < begin:  # an answer that came meanwhile is worth more than a witness that keeps silent
            self._looked_from = begin
            if self._blind_since is None:
                self._blind_since = self._saw_at

    def heard(self, began: float, ended: float) -> None:
        """A target beyond this machine answered, which proves the uplink better than any look."""
        self._see(began, ended)

    def _see(self, begin: float, end: float) -> None:
        if self._blind_since is not None:
            self._add(self._blind_since, end, "uplink")
            self._blind_since = None
        self._saw_at = max(self._saw_at, end)
        self._looked_from = max(self._looked_from, begin)

    @property
    def uplink(self) -> bool:
        """Whether the last look saw something, or there is nothing to look at."""
        return self._blind_since is None

    def take_worst_lag(self) -> float:
        """The worst lag in seconds since this was last asked."""
        worst, self._worst_lag = self._worst_lag, 0.0
        return worst

    def verdict(self, seen: Seen, began: float, ended: float, *, local: bool) -> Reason | Literal["wait"] | None:
        """Why what a probe saw over [began, ended] can't be believed; ``wait`` while that can't be said yet."""
        if seen == "unknown":
            return None
        if self._watched_until < ended:
            return "wait"
        reasons = {one.reason for one in self._windows if one.begin <= ended and began <= one.end}
        if "clock" in reasons:
            return "clock"
        if seen == "up":
            return None
        if "lag" in reasons:
            return "lag"
        if local or seen == "degraded":  # an answer came, late or not
            return None
        if "uplink" in reasons or (self._blind_since is not None and self._blind_since <= ended):
            return "uplink"
        return "wait" if self._has_witness and self._looked_from < ended else None

    def _add(self, begin: float, end: float, reason: Reason) -> None:
        self._windows.append(_Window(begin, end, reason))
        while self._windows and self._windows[0].end < end - _KEEP_S:
            self._windows.popleft()
