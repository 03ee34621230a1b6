"""IT 服务客户满意度: good ratings ÷ valid ratings, or the mean rating ÷ the scale. No good rating comes by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from opspact.core.explain import Explanation, Step
from opspact.core.kpi.answers import Answer, Asked, Role, Used, check_reading, closing_steps, inputs, sift
from opspact.core.kpi.errors import BadParameter, RatingOffScale
from opspact.core.kpi.figures import Figure, ratio_figure
from opspact.core.kpi.records import Rating
from opspact.core.kpi.rules.base import rule
from opspact.core.words import N_

METHODS = {
    "share_of_good": N_("Good ratings ÷ valid ratings"),
    "mean_of_scale": N_("Mean of the valid ratings ÷ the end of the scale"),
}
GOOD = N_("The rating is good.")
POOR = N_("The rating is below what counts as good.")
AUTOMATIC = N_("No person gave it: a rating set after a silence counts for nothing.")
INVALID = N_("The rating is not valid.")
TOO_FEW = N_("Too few valid ratings: a person decides.")
NONE_AT_ALL = N_("There is no valid rating in this period.")


@dataclass(frozen=True)
class SatisfactionReading:
    """`method`: share_of_good or mean_of_scale. Ratings run from 1 to `scale`; good is `good_from` and above.

    With fewer than `minimum_sample` valid ratings nothing is decided. Raises UnknownReading, BadParameter.
    """

    method: str = "share_of_good"
    scale: int = 5
    good_from: int = 4
    minimum_sample: int = 10

    def __post_init__(self) -> None:
        check_reading("method", self.method, tuple(METHODS))
        if self.scale < 2:
            raise BadParameter(name="scale", value=self.scale)
        if not 1 <= self.good_from <= self.scale:
            raise BadParameter(name="good_from", value=self.good_from)
        if self.minimum_sample < 0:
            raise BadParameter(name="minimum_sample", value=self.minimum_sample)


@rule("satisfaction")
def satisfaction(ratings: Sequence[Rating], asked: Asked, reading: SatisfactionReading | None = None) -> Answer:
    """Of the ratings given in the period. Both methods are shown, one judges. Raises RecordTwice, RatingOffScale."""
    reading = reading or SatisfactionReading()
    for position, rating in enumerate(ratings):
        if not 1 <= rating.score <= reading.scale:
            raise RatingOffScale(position=position, value=rating.score, scale=reading.scale)
    inside, used = sift(ratings, lambda rating: rating.given_at, asked)
    valid = [rating for rating in inside if rating.valid and not rating.automatic]
    used = [*(_role(rating, reading) for rating in inside), *used]
    figures = {
        "share_of_good": ratio_figure(sum(r.score >= reading.good_from for r in valid), len(valid)),
        "mean_of_scale": ratio_figure(sum(r.score for r in valid), len(valid) * reading.scale),
    }
    enough = len(valid) >= reading.minimum_sample
    figure = figures[reading.method] if enough or not valid else undecided(figures[reading.method])
    verdict = asked.objective.judge(figure)
    return Answer(
        rule="satisfaction",
        figure=figure,
        objective=asked.objective,
        verdict=verdict,
        used=tuple(used),
        reason=NONE_AT_ALL if not valid else "" if enough else TOO_FEW,
        beside={name: other for name, other in figures.items() if name != reading.method},
        explanation=Explanation(
            METHODS[reading.method],
            asked.clause,
            inputs(
                asked,
                method=reading.method,
                scale=reading.scale,
                good_from=reading.good_from,
                minimum_sample=reading.minimum_sample,
            ),
            (
                Step(
                    N_("Ratings in the period: %(count)s, valid and given by a person: %(valid)s."),
                    {"count": len(inside), "valid": len(valid)},
                ),
                Step(
                    N_("Good (%(good_from)s or more of %(scale)s): %(good)s; sum of all ratings: %(total)s."),
                    {
                        "good_from": reading.good_from,
                        "scale": reading.scale,
                        "good": sum(r.score >= reading.good_from for r in valid),
                        "total": sum(r.score for r in valid),
                    },
                ),
                *closing_steps(figure, asked, verdict, ratio=True),
            ),
        ),
    )


def undecided(figure: Figure) -> Figure:
    """The figure with everything possible: too little stands behind it."""
    return Figure(figure.value, Fraction(1), Fraction(0))


def _role(rating: Rating, reading: SatisfactionReading) -> Used:
    if rating.automatic:
        return Used(rating.id, Role.LEFT_OUT, AUTOMATIC)
    if not rating.valid:
        return Used(rating.id, Role.LEFT_OUT, INVALID)
    good = rating.score >= reading.good_from
    return Used(rating.id, Role.FOR if good else Role.AGAINST, GOOD if good else POOR)
