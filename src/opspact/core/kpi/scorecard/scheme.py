"""How an assessment scores: its parts with their weights, its vetoes, its grades. All of it data."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from opspact.core.errors import BadWeights
from opspact.core.kpi.answers import check_reading
from opspact.core.kpi.errors import BadGrades, BadParameter
from opspact.core.words import N_

FULL = Fraction(100)
OVERALL = ("own_row", "rows_only")


@dataclass(frozen=True)
class Part:
    """Who assesses, and how much that weighs. `name` is a msgid or the contract's word."""

    code: str
    name: str
    weight: Fraction


@dataclass(frozen=True)
class Grade:
    """A grade from `at_least` points on."""

    name: str
    at_least: Fraction


PARTS = (
    Part("self_assessment", N_("self-assessment"), Fraction(20)),
    Part("deliverable_assessment", N_("assessment of deliverables"), Fraction(30)),
    Part("client_assessment", N_("assessment by the client"), Fraction(50)),
)
GRADES = (
    Grade(N_("excellent"), Fraction(90)),
    Grade(N_("good"), Fraction(75)),
    Grade(N_("qualified"), Fraction(60)),
    Grade(N_("unqualified"), Fraction(0)),
)


@dataclass(frozen=True)
class Scheme:
    """`vetoes`: rows whose failure fails the whole. `missed_score`: points of a row that missed and has no mark.

    `pass_mark` None: the lowest grade but one. `overall`: `own_row` scores a row and its sub-rows alike (each row is
    judged, ambiguity 22); `rows_only` shows the row that has sub-rows, and scores these.
    Raises BadWeights, BadGrades, BadParameter, UnknownReading.
    """

    parts: Sequence[Part] = PARTS
    grades: Sequence[Grade] = GRADES
    vetoes: tuple[str, ...] = ()
    missed_score: Fraction = Fraction(0)
    pass_mark: Fraction | None = None
    overall: str = "own_row"

    def __post_init__(self) -> None:
        check_reading("overall", self.overall, OVERALL)
        for position, part in enumerate(self.parts):
            if part.weight < 0:
                raise BadWeights(position=position, value=str(part.weight))
        if not sum(part.weight for part in self.parts):
            raise BadWeights(position=0, value=0)
        for name, value in (("missed_score", self.missed_score), ("pass_mark", self.pass_mark)):
            if value is not None and not 0 <= value <= FULL:
                raise BadParameter(name=name, value=str(value))
        self._check_grades()

    @property
    def passing(self) -> Fraction:
        """The points that pass."""
        if self.pass_mark is not None:
            return self.pass_mark
        return self.grades[-2].at_least if len(self.grades) > 1 else Fraction(0)

    @property
    def failing(self) -> Grade:
        """The lowest grade: what a veto makes of any score."""
        return self.grades[-1]

    def grade(self, points: Fraction) -> Grade:
        """The grade of a score from 0 to 100."""
        return next(grade for grade in self.grades if points >= grade.at_least)

    def _check_grades(self) -> None:
        above = None
        for position, grade in enumerate(self.grades):
            if above is not None and grade.at_least >= above:
                raise BadGrades(position=position, name=grade.name)
            above = grade.at_least
        if above is None or above > 0:
            last = self.grades[-1].name if self.grades else "—"
            raise BadGrades(position=max(0, len(self.grades) - 1), name=last)
