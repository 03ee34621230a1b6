"""The two clocks of a machine: the wall clock, which may be set, and the monotonic one, which stands in sleep."""

import time
from collections.abc import Callable

JUMP_US = 2_000_000
"""A change between the clocks, from one look to the next, that counts as a jump."""


def wall_us() -> int:
    """The wall clock, microseconds since the epoch, UTC."""
    return time.time_ns() // 1_000


class Clock:
    """Watches the wall clock against the monotonic one."""

    def __init__(self, wall: Callable[[], int] = wall_us, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.wall = wall
        self.monotonic = monotonic
        self._difference = self._now()

    def jump(self) -> int:
        """By how many microseconds the wall clock was set since the last call, 0 when it was not."""
        now = self._now()
        jump, self._difference = now - self._difference, now
        return jump if abs(jump) > JUMP_US else 0

    def _now(self) -> int:
        return self.wall() - round(self.monotonic() * 1_000_000)
