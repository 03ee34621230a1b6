"""What a roster document asks core, each answer with how it came about."""

from __future__ import annotations

from collections.abc import Iterator

from opspact.calc.kinds.roster.answer import BalanceOut, CoverageOut, OnDutyOut, SpecialOut, ViolationOut
from opspact.calc.kinds.roster.answering import Writing
from opspact.calc.kinds.roster.reading import Reading
from opspact.calc.language import Explained, Words
from opspact.core.rosters import Assignment, Schedule, check, fairness, prove, prove_special


class Asking:
    """Questions to one schedule; `explain` gathers the explanations in the order asked."""

    def __init__(self, reading: Reading, schedule: Schedule, words: Words, writing: Writing) -> None:
        self.reading, self.schedule, self.words, self.writing = reading, schedule, words, writing
        self.explain: list[Explained] = []

    def coverage(self) -> tuple[list[CoverageOut], list[SpecialOut]]:
        """The proofs of the plan, and of the attendance if it was given."""
        demands, periods = self.reading.demands(), self.reading.special_periods()
        coverage: list[CoverageOut] = []
        special: list[SpecialOut] = []
        for of, duties in self._ledgers():
            for proof in prove(demands, duties, self.reading.people):
                coverage.append(self.writing.coverage(proof, of))
                self.explain.append(self.words.explained(proof.explain(), f"{of}/{proof.demand.code}"))
            for part in prove_special(periods, duties, self.reading.people):
                special.append(self.writing.special(part, of))
                self.explain.append(self.words.explained(part.explain(), f"{of}/{part.period.code}"))
        return coverage, special

    def violations(self) -> list[ViolationOut]:
        """Every rule that is broken."""
        reading = self.reading
        found = check(
            self.schedule.duties,
            reading.people,
            reading.rules(),
            reading.calendar,
            reading.start,
            reading.end,
            reading.shifts,
        )
        self.explain += [self.words.explained(violation.explain(), violation.person) for violation in found]
        return [self.writing.violation(violation) for violation in found]

    def fairness(self) -> list[BalanceOut]:
        """Each figure over everyone."""
        reading = self.reading
        found = fairness(
            self.schedule.duties,
            reading.people,
            reading.calendar,
            reading.start,
            reading.end,
            shift_types=reading.shifts,
        )
        self.explain += [self.words.explained(balance.explain(), str(balance.figure)) for balance in found]
        return [self.writing.balance(balance) for balance in found]

    def on_duty(self) -> list[OnDutyOut]:
        """Who serves at each instant asked for."""
        found: list[OnDutyOut] = []
        for at in self.reading.document.at:
            duties = [self.writing.duty(duty) for duty in self.schedule.on_duty(at)]
            found.append(OnDutyOut(at=self.writing.instant(at), duties=duties))
            self.explain.append(self.words.explained(self.schedule.explain(at), self.writing.instant(at)))
        return found

    def _ledgers(self) -> Iterator[tuple[str, list[Assignment]]]:
        yield "planned", list(self.schedule.duties)
        attendance = self.reading.document.attendance
        if attendance is not None:
            yield "attendance", self.reading.duties("attendance", attendance)
