"""Special periods: coverage throughout, and everyone who must take part did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from opspact.core.explain import Explanation, Step
from opspact.core.intervals import Interval, intersect, normalise, total
from opspact.core.rosters.coverage import Proof, prove
from opspact.core.rosters.people import by_code, employment
from opspact.core.rosters.types import Assignment, Demand, Person, SpecialPeriod
from opspact.core.words import N_


@dataclass(frozen=True)
class SpecialProof:
    """Coverage of a special period, and who served how long in it, µs; `absent` are those who served too little."""

    period: SpecialPeriod
    coverage: Proof
    served_us: dict[str, int]
    absent: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether coverage holds and nobody is absent."""
        return self.coverage.holds and not self.absent

    def explain(self) -> Explanation:
        """The steps of the coverage, and each person's part."""
        parts = [
            Step(N_("%(person)s served %(served_us)s in it."), {"person": person, "served_us": us})
            for person, us in sorted(self.served_us.items())
        ]
        absent = [
            Step(
                N_("%(person)s had to take part and served less than %(at_least_us)s."),
                {"person": person, "at_least_us": self.period.at_least_us},
            )
            for person in self.absent
        ]
        return Explanation(
            rule=N_("In a special period everyone takes part, and coverage holds throughout"),
            clause=self.period.clause,
            inputs={"start_at": self.period.start, "end_at": self.period.end},
            steps=(*self.coverage.explain().steps, *parts, *absent),
        )


def prove_special(
    periods: Sequence[SpecialPeriod], duties: Iterable[Assignment], people: Iterable[Person]
) -> list[SpecialProof]:
    """One proof a period, in the order given. Overlapping duties of one person count once.

    Raises UnknownPerson, NamedTwice.
    """
    known, given = by_code(people), list(duties)
    demands = [Demand(p.code, p.needs, [(p.start, p.end)], standby=p.standby, clause=p.clause) for p in periods]
    coverages = prove(demands, given, known.values())
    proofs: list[SpecialProof] = []
    for period, coverage in zip(periods, coverages, strict=True):
        served = _served(period, given, known)
        absent = tuple(person for person, us in sorted(served.items()) if us < period.at_least_us)
        proofs.append(SpecialProof(period, coverage, served, absent))
    return proofs


def _served(period: SpecialPeriod, duties: Iterable[Assignment], known: Mapping[str, Person]) -> dict[str, int]:
    """The time in the period of everyone who must take part, µs."""
    spans: dict[str, list[Interval]] = {code: [] for code, person in known.items() if _must_take_part(person, period)}
    for duty in duties:
        if duty.person in spans and (period.standby or not duty.standby):
            employed = employment(known[duty.person], period.start, period.end)
            spans[duty.person] += intersect([(duty.start, duty.end)], employed)
    return {person: total(normalise(served)) for person, served in spans.items()}


def _must_take_part(person: Person, period: SpecialPeriod) -> bool:
    concerned = not period.everyone_of or bool(person.roles & period.everyone_of)
    return concerned and bool(employment(person, period.start, period.end))
