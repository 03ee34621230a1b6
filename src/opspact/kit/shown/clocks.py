"""The clock: what is due, in how long, on which calendar, paused or not and why; the same on tickets and payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from opspact.kit.shown import formats


@dataclass(frozen=True)
class ClockFace:
    """A clock at one moment. `left_us` and `allowed_us` are µs on the clock's own calendar; `left_us` < 0 is overdue.

    `due_at` None: it can't be said while the clock is paused. `stopped_at`: it is over, with `left_us` left.
    `is_provisional`: a year on its calendar is not published yet.
    """

    label: str
    left_us: int
    allowed_us: int
    calendar: str
    due_at: datetime | None = None
    paused_because: str = ""
    stopped_at: datetime | None = None
    is_provisional: bool = False

    @property
    def used_percent(self) -> int:
        """0 … 100, cut off."""
        if self.allowed_us <= 0:
            return 100
        return max(0, min(100, 100 * (self.allowed_us - self.left_us) // self.allowed_us))

    @property
    def level(self) -> str:
        """CSS class: amber from 75% on, red from 100% on."""
        if self.used_percent >= 100 and (self.left_us < 0 or not self.stopped_at):
            return "is-over"
        if self.paused_because:
            return "is-paused"
        if self.stopped_at:
            return ""
        return "is-warn" if self.used_percent >= 75 else ""

    @property
    def words(self) -> str:
        if self.stopped_at:
            return (
                _("met, %(left)s left") % {"left": formats.duration(self.left_us)}
                if self.left_us >= 0
                else _("missed by %(over)s") % {"over": formats.duration(-self.left_us)}
            )
        if self.left_us < 0:
            return _("overdue by %(over)s") % {"over": formats.duration(-self.left_us)}
        return _("%(left)s left") % {"left": formats.duration(self.left_us)}
