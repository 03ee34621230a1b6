"""The figures of leased circuits, each and added up by carrier. Pure sums over what `queries.circuits` measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from opspact.assets.models import Carrier, Circuit
from opspact.core.availability import Availability
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.words import N_
from opspact.monitoring.models import Check

RULE = N_("(service time − excluded − unknown − down) ÷ (service time − excluded − unknown), all circuits together")
BASIS = N_("The contract sets no objective for circuits: the usual rules hold, and the exclusions of its terms.")


@dataclass(frozen=True)
class CircuitFigures:
    """One circuit; `availability` None: nothing watches it, or it was not in service."""

    circuit: Circuit
    checks: tuple[Check, ...]
    availability: Availability | None

    def explain(self) -> Explanation | None:
        """The arithmetic, with the checks it rests on."""
        if self.availability is None:
            return None
        found = self.availability.explain(clause=BASIS)
        return replace(found, inputs={**found.inputs, "checks": ", ".join(check.key for check in self.checks)})


@dataclass(frozen=True)
class CarrierFigures:
    """A carrier's circuits (`carrier` None: circuits without one), and their time added up, µs.

    Best, worst and the raw figures are those of one availability over the sums: unknown time as up, as down, and with
    nothing excluded.
    """

    carrier: Carrier | None
    circuits: tuple[CircuitFigures, ...]

    @property
    def measured(self) -> list[Availability]:
        return [each.availability for each in self.circuits if each.availability is not None]

    @property
    def ast_us(self) -> int:
        return sum(each.ast_us for each in self.measured)

    @property
    def excluded_us(self) -> int:
        return sum(each.excluded_us for each in self.measured)

    @property
    def unknown_us(self) -> int:
        return sum(each.unknown_us for each in self.measured)

    @property
    def seen_us(self) -> int:
        return self.ast_us - self.excluded_us - self.unknown_us

    @property
    def counted_down_us(self) -> int:
        return sum(each.counted_down_us for each in self.measured)

    @property
    def outage_count(self) -> int:
        return sum(each.outage_count for each in self.measured)

    @property
    def availability(self) -> Fraction | None:
        return _ratio(self.seen_us - self.counted_down_us, self.seen_us)

    @property
    def best(self) -> Fraction | None:
        return _ratio(self.seen_us + self.unknown_us - self.counted_down_us, self.seen_us + self.unknown_us)

    @property
    def worst(self) -> Fraction | None:
        return _ratio(self.seen_us - self.counted_down_us, self.seen_us + self.unknown_us)

    @property
    def raw(self) -> Fraction | None:
        """With nothing excluded. Time seen up and time not down follow from each circuit's own raw bounds."""
        up, not_down = self._raw_us
        return _ratio(up, self.ast_us - (not_down - up))

    @property
    def raw_best(self) -> Fraction | None:
        return _ratio(self._raw_us[1], self.ast_us)

    @property
    def raw_worst(self) -> Fraction | None:
        return _ratio(self._raw_us[0], self.ast_us)

    @property
    def observed_fraction(self) -> Fraction | None:
        return _ratio(self.seen_us, self.ast_us - self.excluded_us)

    @property
    def excluded_fraction(self) -> Fraction | None:
        return _ratio(self.excluded_us, self.ast_us)

    @property
    def _raw_us(self) -> tuple[Fraction, Fraction]:
        """Seen up, and not seen down, with nothing excluded."""
        parts = [each for each in self.measured if each.raw_best is not None and each.raw_worst is not None]
        up = sum((each.raw_worst * each.ast_us for each in parts if each.raw_worst is not None), Fraction())
        not_down = sum((each.raw_best * each.ast_us for each in parts if each.raw_best is not None), Fraction())
        return up, not_down

    def explain(self) -> Explanation:
        """The sums behind the carrier's figure."""
        steps = (
            Step(N_("Circuits measured: %(measured)s of %(circuits)s."),
                 {"measured": len(self.measured), "circuits": len(self.circuits)}),
            Step(N_("Agreed service time: %(ast_us)s."), {"ast_us": self.ast_us}),
            Step(N_("Excluded by approval: %(excluded_us)s."), {"excluded_us": self.excluded_us}),
            Step(N_("Unknown: %(unknown_us)s, never counted as up."), {"unknown_us": self.unknown_us}),
            Step(N_("Down: %(down_us)s in %(outages)s outages."),
                 {"down_us": self.counted_down_us, "outages": self.outage_count}),
            Step(N_("Availability %(value_fraction)s, best %(best_fraction)s, worst %(worst_fraction)s."),
                 _bounds(self.availability, self.best, self.worst)),
            Step(N_("With nothing excluded: %(value_fraction)s, best %(best_fraction)s, worst %(worst_fraction)s."),
                 _bounds(self.raw, self.raw_best, self.raw_worst)),
        )  # fmt: skip
        return Explanation(RULE, BASIS, self._inputs(), steps)

    def _inputs(self) -> dict[str, Plain]:
        """When it was counted, and the rules all circuits share."""
        if not self.measured:
            return {}
        first = self.measured[0].explain().inputs
        return {**first, "circuits": ", ".join(each.circuit.code for each in self.circuits if each.availability)}


def _bounds(value: Fraction | None, best: Fraction | None, worst: Fraction | None) -> dict[str, Plain]:
    named = {"value_fraction": value, "best_fraction": best, "worst_fraction": worst}
    return {name: None if found is None else str(found) for name, found in named.items()}


def _ratio(part: int | Fraction, whole: int | Fraction) -> Fraction | None:
    return Fraction(part) / Fraction(whole) if whole else None
