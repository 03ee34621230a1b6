"""Instants at which so much of a budget is used up, found in a clock's spans when somebody asks."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from opspact.core.clocks.errors import BadPercent
from opspact.core.clocks.run import Aim, ClockRun
from opspact.core.clocks.types import Percent
from opspact.core.instants import Instant


class Mark(NamedTuple):
    """A percentage as it was given, and the exact share `parts / of` of a budget."""

    percent: Percent
    parts: int
    of: int


def marks(percents: Sequence[Percent]) -> tuple[Mark, ...]:
    """The percentages, if each is exact and above 0. Raises BadPercent."""
    made = []
    for position, percent in enumerate(percents):
        exact = isinstance(percent, int | Fraction | Decimal) and not isinstance(percent, bool)
        if not exact or (isinstance(percent, Decimal) and not percent.is_finite()) or percent <= 0:
            raise BadPercent(position=position, value=str(percent))
        share = Fraction(percent) / 100
        made.append(Mark(percent, share.numerator, share.denominator))
    return tuple(made)


def escalations(run: ClockRun, wanted: Sequence[Mark]) -> dict[Percent, Instant]:
    """The instant at which each percentage of the budget is used up; those that can no longer come are absent.

    Reached ones stay, unless new terms put them ahead again; what new terms find used up counts from them on. A
    fraction of a microsecond is rounded up.
    """
    return {mark.percent: at for mark in wanted if (at := _reached(run, mark)) is not None}


def _reached(run: ClockRun, mark: Mark) -> Instant | None:
    found: Instant | None = None
    elapsed = 0
    for start, _end, us, paused, aim in run.spans:
        if paused:
            continue
        threshold = _threshold(aim, mark)
        if threshold <= elapsed:
            found = start if found is None else found
        elif threshold <= elapsed + us:
            found = aim.calendar.after_us(start, threshold - elapsed)
        else:
            found = None
        elapsed += us
    return found if found is not None else _ahead(run, mark)


def _ahead(run: ClockRun, mark: Mark) -> Instant | None:
    left = _threshold(run.aim, mark) - run.elapsed
    if run.stopped is not None or run.waiting or left <= 0:
        return None
    return run.aim.calendar.after_us(run.since, left)


def due_instants(run: ClockRun) -> tuple[list[Instant], Instant | None]:
    """For a clock that is due every budget anew: the instants missed, and the next one while it runs.

    The first is the deadline; the next ones follow whenever the elapsed time reaches a multiple of the budget. What new
    terms find used up is due at their start, once.
    """
    missed: list[Instant] = []
    reached = elapsed = 0
    for start, end, us, paused, aim in run.spans:
        if paused:
            continue
        before, after = elapsed // aim.budget, (elapsed + us) // aim.budget
        if before > reached and end > start:
            missed.append(start)
            reached = before
        reached = min(reached, before)
        for multiple in range(reached + 1, after + 1):
            at = aim.calendar.after_us(start, multiple * aim.budget - elapsed)
            if at < end:
                missed.append(at)
                reached = multiple
        elapsed += us
    if run.stopped is not None or run.waiting:
        return missed, None
    ahead = (reached + 1) * run.aim.budget - run.elapsed
    return missed, run.aim.calendar.after_us(run.since, max(0, ahead))


def _threshold(aim: Aim, mark: Mark) -> int:
    return -(-aim.budget * mark.parts // mark.of)
