"""Core's answers written down."""

from __future__ import annotations

from collections.abc import Iterable

from opspact.calc.kinds.roster.answer import (
    BalanceOut,
    ConflictOut,
    CoverageOut,
    DutyOut,
    GapOut,
    PieceOut,
    ShareOut,
    SpecialOut,
    ViolationOut,
)
from opspact.calc.values import duration_text, instant_text
from opspact.core.rosters import Assignment, Balance, Conflict, Gap, Proof, SpecialProof, Violation
from opspact.core.rosters.limits import IN_US


class Writing:
    """Writes instants on the wall of one zone."""

    def __init__(self, zone: str) -> None:
        self.zone = zone

    def instant(self, at: int) -> str:
        """ISO 8601 with the offset."""
        return instant_text(at, self.zone)

    def duty(self, duty: Assignment) -> DutyOut:
        """One duty."""
        return DutyOut(
            person=duty.person,
            role=duty.role,
            start=self.instant(duty.start),
            end=self.instant(duty.end),
            shift=duty.shift,
            level=duty.level,
            standby=duty.standby,
            layer=str(duty.layer),
            by=duty.by,
            instead_of=duty.instead_of,
        )

    def conflict(self, found: Conflict) -> ConflictOut:
        """One conflict."""
        return ConflictOut(
            kind=str(found.kind),
            code=found.code,
            person=found.person,
            start=self.instant(found.start),
            end=self.instant(found.end),
        )

    def coverage(self, proof: Proof, of: str) -> CoverageOut:
        """The proof of one demand."""
        return CoverageOut(
            demand=proof.demand.code,
            clause=proof.demand.clause,
            of=of,
            holds=proof.holds,
            demanded=duration_text(proof.demanded_us),
            covered=duration_text(proof.covered_us),
            missing_person_time=duration_text(proof.missing_us),
            least_surplus=min((0 if any(piece.missing) else piece.surplus for piece in proof.pieces), default=None),
            gaps=self._gaps(proof.gaps),
            pieces=[
                PieceOut(
                    start=self.instant(piece.start),
                    end=self.instant(piece.end),
                    on_duty=list(piece.on_duty),
                    counted=[list(people) for people in piece.counted],
                    missing=list(piece.missing),
                    surplus=piece.surplus,
                    short_needs=list(piece.short_needs),
                    short_people=list(piece.short_people),
                )
                for piece in proof.pieces
            ],
        )

    def special(self, proof: SpecialProof, of: str) -> SpecialOut:
        """The proof of one special period."""
        return SpecialOut(
            period=proof.period.code,
            clause=proof.period.clause,
            of=of,
            holds=proof.holds,
            covered=proof.coverage.holds,
            absent=list(proof.absent),
            served={person: duration_text(us) for person, us in sorted(proof.served_us.items())},
            gaps=self._gaps(proof.coverage.gaps),
        )

    def violation(self, found: Violation) -> ViolationOut:
        """One broken rule."""
        limit, value, excess = (
            duration_text(number) if found.rule in IN_US else number
            for number in (found.limit, found.found, found.excess)
        )
        return ViolationOut(
            person=found.person,
            rule=found.rule.replace("_us", ""),
            clause=found.clause,
            start=self.instant(found.start),
            end=self.instant(found.end),
            limit=limit,
            found=value,
            excess=excess,
            duties=[self.duty(duty) for duty in found.duties],
        )

    def balance(self, found: Balance) -> BalanceOut:
        """One figure over everyone."""
        timed = found.figure.endswith("_us")
        return BalanceOut(
            figure=str(found.figure),
            total=found.total,
            mean=str(found.mean),
            spread=found.spread,
            greatest_deviation=str(found.greatest_deviation),
            people=[
                ShareOut(
                    person=part.person,
                    value=part.value,
                    lasts=duration_text(part.value) if timed else None,
                    share=str(part.share),
                    fair=str(part.fair),
                    deviation=str(part.deviation),
                )
                for part in found.parts
            ],
        )

    def _gaps(self, gaps: Iterable[Gap]) -> list[GapOut]:
        return [
            GapOut(
                start=self.instant(gap.start),
                end=self.instant(gap.end),
                lasts=duration_text(gap.end - gap.start),
                missing=gap.total,
                by_need=list(gap.missing),
            )
            for gap in gaps
        ]
