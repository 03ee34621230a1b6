"""The arithmetic of a measurement in sentences, made only when somebody asks for it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from opspact.core.explain import Explanation, Plain, Step
from opspact.core.words import N_

if TYPE_CHECKING:
    from opspact.core.availability.result import Availability

RULE = N_("(service time − excluded − unknown − down) ÷ (service time − excluded − unknown)")


def explanation_of(one: Availability, objective: Fraction | None, clause: str) -> Explanation:
    """The formula, each duration that entered it, the bounds, and the verdict when an objective is given."""
    steps = [
        Step(N_("Agreed service time: %(ast_us)s."), {"ast_us": one.ast_us}),
        Step(N_("Excluded by approval: %(excluded_us)s."), {"excluded_us": one.excluded_us}),
        Step(N_("Unknown: %(unknown_us)s, never counted as up."), {"unknown_us": one.unknown_us}),
        Step(
            N_("Down: %(down_us)s, degraded: %(degraded_us)s, counted as down: %(counted_us)s."),
            {"down_us": one.down_us, "degraded_us": one.degraded_us, "counted_us": one.counted_down_us},
        ),
        *_unusable(one),
        Step(
            N_("Availability %(value_fraction)s, best %(best_fraction)s, worst %(worst_fraction)s."),
            _values(one.availability, one.best, one.worst),
        ),
        Step(
            N_("With nothing excluded: %(value_fraction)s, best %(best_fraction)s, worst %(worst_fraction)s."),
            _values(one.raw, one.raw_best, one.raw_worst),
        ),
        *_deciding(one),
    ]
    if objective is not None:
        verdict = str(one.judge(objective))
        steps.append(
            Step(
                N_("Objective %(objective_fraction)s: %(verdict)s."),
                {"objective_fraction": str(objective), "verdict": verdict},
            )
        )
    return Explanation(rule=RULE, clause=clause, inputs=_inputs(one), steps=tuple(steps))


def _unusable(one: Availability) -> list[Step]:
    if not one.unusable_us:
        return []
    return [
        Step(
            N_("Of it seen degraded and called unusable by the client: %(unusable_us)s."),
            {"unusable_us": one.unusable_us},
        )
    ]


def _deciding(one: Availability) -> list[Step]:
    if not one.decides_itself:
        return []
    return [
        Step(
            N_("Observed fraction %(observed_fraction)s, at least %(threshold_fraction)s: the value itself decides."),
            {
                "observed_fraction": _text(one.observed_fraction),
                "threshold_fraction": str(one.rules.decide_on_observed_fraction),
            },
        )
    ]


def _inputs(one: Availability) -> dict[str, Plain]:
    threshold = one.rules.decide_on_observed_fraction
    return {
        "start_at": one.start,
        "horizon_at": one.horizon,
        "decide_on_observed_fraction": None if threshold is None else str(threshold),
        "unknown_is_down": one.rules.unknown_is_down,
        "degraded_is_down": one.rules.degraded_is_down,
        "merge_gap_us": one.rules.merge_gap_us,
    }


def _values(value: Fraction | None, best: Fraction | None, worst: Fraction | None) -> dict[str, Plain]:
    return {"value_fraction": _text(value), "best_fraction": _text(best), "worst_fraction": _text(worst)}


def _text(fraction: Fraction | None) -> str | None:
    return None if fraction is None else str(fraction)
