"""What availability must hold from now on, for one system, for each of a group, or for the group's mean.

Reckoned on the basis on which the verdict rests: without the observed-fraction setting unknown time counts as down;
what could be saved were it up is only asked before saying lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from opspact.core.availability import Availability, Rules
from opspact.core.errors import BadObjective, BadWeights
from opspact.core.explain import Step
from opspact.core.instants import Instant
from opspact.core.kpi.answers import check_reading
from opspact.core.kpi.durations import MeasuredTime, decides_itself, figure_of
from opspact.core.kpi.errors import BadMeasure
from opspact.core.kpi.groups import METHODS, Member
from opspact.core.kpi.measured import counted_down
from opspact.core.kpi.projection.outlook import Burn, Outlook, burn_of, by_pace


@dataclass(frozen=True)
class Standing:
    """One system so far, and its service time still to come, µs. `measured_us` includes what is unknown of it.

    Raises BadMeasure when the parts do not fit, BadWeights for a weight below 0.
    """

    code: str
    measured_us: int
    down_us: int
    unknown_us: int
    to_come_us: int
    weight: int = 1

    def __post_init__(self) -> None:
        if min(self.down_us, self.unknown_us, self.to_come_us) < 0 or self.down_us + self.unknown_us > self.measured_us:
            raise BadMeasure(system=self.code)
        if self.weight < 0:
            raise BadWeights(position=0, value=self.weight)

    @property
    def whole_us(self) -> int:
        """Measured time at the end of the term, if nothing to come is excluded."""
        return self.measured_us + self.to_come_us


@dataclass(frozen=True)
class SystemsOutlook:
    """`hold`: the availability that each system must have from now on; above 1 lost, 0 or less secured.

    None: nothing to hold, as no service time is to come, or as a system whose service has ended fails by itself.
    `left_us`: by system, the downtime it may still have with the objective met if every other system stays up from now
    on, at most its time to come; below 0 it is lost.
    """

    outlook: Outlook
    reason: Step
    hold: Fraction | None
    left_us: Mapping[str, int]
    burn: Burn


def project_systems(method: str, systems: Sequence[Standing], objective: Fraction, elapsed: Fraction) -> SystemsOutlook:
    """`method`: `each` or `minimum` (every system by itself), or the means `equal`, `importance`, `time`.

    A system with nothing measured and nothing to come is left out. Raises UnknownReading, BadObjective.
    """
    check_reading("method", method, ("each", *METHODS))
    if not 0 < objective <= 1:
        raise BadObjective(value=str(objective))
    there = [one for one in systems if one.whole_us]
    if method in ("each", "minimum"):
        return _by_itself(there, objective, elapsed)
    weights = _shares(method, there)
    slack = _slack(there, weights, objective, unknown_is_down=True)
    hopeful = _slack(there, weights, objective, unknown_is_down=False)
    per_us = {one.code: weights[one.code] / one.whole_us for one in there}
    can_lose = sum((per_us[one.code] * one.to_come_us for one in there), Fraction(0))
    spent = sum((per_us[one.code] * (one.down_us + one.unknown_us) for one in there), Fraction(0))
    burn = burn_of(spent, (1 - objective) * sum(weights.values()), elapsed)
    outlook, reason = by_pace(burn, secured=slack >= can_lose, pending=slack < 0, lost=hopeful < 0)
    left = {one.code: _left(slack, per_us[one.code], one.to_come_us) for one in there}
    return SystemsOutlook(outlook, reason, 1 - slack / can_lose if can_lose else None, left, burn)


def _by_itself(systems: Sequence[Standing], objective: Fraction, elapsed: Fraction) -> SystemsOutlook:
    left: dict[str, int] = {}
    burns: list[Burn] = []
    holds: list[Fraction] = []
    secured, pending, lost = True, False, False
    for one in systems:
        budget = (1 - objective) * one.whole_us
        slack = budget - one.down_us - one.unknown_us
        left[one.code] = min(floor(slack), one.to_come_us)
        holds += [1 - slack / one.to_come_us] if one.to_come_us else []
        burns.append(burn_of(one.down_us + one.unknown_us, budget, elapsed))
        secured = secured and slack >= one.to_come_us
        pending = pending or slack < 0
        lost = lost or budget < one.down_us
    ended = any(left[one.code] < 0 for one in systems if not one.to_come_us)
    burn = max(burns, key=lambda each: each.used or Fraction(0), default=Burn(None, elapsed))
    outlook, reason = by_pace(burn, secured=secured, pending=pending, lost=lost)
    return SystemsOutlook(outlook, reason, None if ended else max(holds, default=None), left, burn)


def standings(method: str, members: Sequence[Member], to_come_us: Mapping[str, int], rules: Rules) -> list[Standing]:
    """A group as it stands, with the service time to come of each by code (µs).

    Unknown time is left out, not down, where enough will have been observed by the end for the value to decide: of
    each by itself for `each`, else of the group. Raises UnknownReading.
    """
    check_reading("method", method, ("each", *METHODS))
    at_end = [Member(_at_end(one, to_come_us.get(one.code, 0)), one.weight, one.code) for one in members]
    if method == "each":
        decided = [decides_itself(figure_of(one.availability), one.availability.rules) for one in at_end]
    else:
        decided = [decides_itself(METHODS[method](at_end), rules)] * len(at_end)
    return [
        _standing(member, to_come_us.get(member.code, 0), decided=settled)
        for member, settled in zip(members, decided, strict=True)
    ]


def _standing(member: Member, to_come_us: int, *, decided: bool) -> Standing:
    one = member.availability
    unknown = 0 if decided else one.unknown_us
    measured = one.ast_us - one.excluded_us - (one.unknown_us - unknown)
    down = counted_down(one)
    if one.rules.unknown_is_down:
        return Standing(member.code, measured, down + unknown, 0, to_come_us, member.weight)
    return Standing(member.code, measured, down, unknown, to_come_us, member.weight)


def _at_end(member: Member, to_come_us: int) -> MeasuredTime:
    """Had all that is to come been seen, and up."""
    one = member.availability
    return MeasuredTime(
        member.code,
        one.ast_us + to_come_us,
        one.excluded_us,
        one.unknown_us,
        one.down_us,
        one.degraded_us,
        one.rules,
    )


def service_to_come(one: Availability, until: Instant) -> int:
    """Agreed service time from the horizon of a measured system to `until`, µs; its schedule must reach that far."""
    return one.time_to_come_us(one.horizon, until)


def _shares(method: str, systems: Sequence[Standing]) -> dict[str, Fraction]:
    """The weight of each in the mean at the end of the term."""
    if method == "time":
        return {one.code: Fraction(one.whole_us) for one in systems}
    return {one.code: Fraction(one.weight if method == "importance" else 1) for one in systems}


def _slack(
    systems: Sequence[Standing], weights: Mapping[str, Fraction], objective: Fraction, *, unknown_is_down: bool
) -> Fraction:
    """By how much the weighted sum exceeds the objective's if every system stays up from now on."""
    lost = sum(
        (
            weights[one.code] * Fraction(one.down_us + (one.unknown_us if unknown_is_down else 0), one.whole_us)
            for one in systems
        ),
        Fraction(0),
    )
    return (1 - objective) * sum(weights.values()) - lost


def _left(slack: Fraction, per_us: Fraction, to_come_us: int) -> int:
    """A system without weight may be down for all the time to come."""
    return to_come_us if not per_us and slack >= 0 else min(to_come_us, floor(slack / per_us)) if per_us else -1
