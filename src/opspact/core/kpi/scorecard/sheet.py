"""What is filled in: a row by indicator, in it a mark by part, in it what was taken off, and on what evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from opspact.core.kpi.errors import BadDeduction, BadScore, DeductionWithoutEvidence, NotToAdjudicate
from opspact.core.kpi.scorecard.scheme import FULL
from opspact.core.states import Verdict


class Score(NamedTuple):
    """Points from 0 to 100: as much as it could be, and as little. Equal once all is decided."""

    best: Fraction
    worst: Fraction

    @property
    def is_decided(self) -> bool:
        return self.best == self.worst


@dataclass(frozen=True)
class Deduction:
    """Points taken off, why, and the numbers of the records that show it."""

    points: Fraction
    why: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """One part's view of one row. `points` None: by the row's verdict. Deductions come off either, down to 0."""

    points: Fraction | None = None
    deductions: tuple[Deduction, ...] = ()


@dataclass(frozen=True)
class Row:
    """One indicator: its verdict by measurement, and its marks by the code of the part.

    `adjudicated`: what the client decided of an undecidable one, met or missed. `part_of`: the row of which this is a
    sub-row (其中). `actual` is the measured value, for the sheet only. Raises BadScore, BadDeduction,
    DeductionWithoutEvidence, NotToAdjudicate.
    """

    code: str
    verdict: Verdict
    weight: Fraction = Fraction(1)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    adjudicated: Verdict | None = None
    part_of: str = ""
    actual: Fraction | None = None

    def __post_init__(self) -> None:
        if self.adjudicated is not None:
            settled = self.adjudicated in (Verdict.MET, Verdict.MISSED)
            if self.verdict is not Verdict.UNDECIDABLE or not settled:
                raise NotToAdjudicate(row=self.code, verdict=str(self.verdict))
        for part, mark in self.marks.items():
            if mark.points is not None and not 0 <= mark.points <= FULL:
                raise BadScore(row=self.code, part=part, value=str(mark.points))
            for position, deduction in enumerate(mark.deductions):
                if deduction.points <= 0:
                    value = str(deduction.points)
                    raise BadDeduction(row=self.code, part=part, position=position, value=value)
                if not any(deduction.evidence):
                    raise DeductionWithoutEvidence(row=self.code, part=part, position=position)

    @property
    def judged(self) -> Verdict:
        """The verdict that scores: as adjudicated, else as measured."""
        return self.adjudicated or self.verdict
