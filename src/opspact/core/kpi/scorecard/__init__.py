"""The three-part assessment, its vetoes and grades, and the review that silence passes. `docs/why/scorecard.md`."""

from opspact.core.kpi.scorecard.review import Review, review
from opspact.core.kpi.scorecard.scheme import GRADES, PARTS, Grade, Part, Scheme
from opspact.core.kpi.scorecard.scoring import Assessment, PartScore, RowScore, assess
from opspact.core.kpi.scorecard.sheet import Deduction, Mark, Row, Score

__all__ = [
    "GRADES",
    "PARTS",
    "Assessment",
    "Deduction",
    "Grade",
    "Mark",
    "Part",
    "PartScore",
    "Review",
    "Row",
    "RowScore",
    "Scheme",
    "Score",
    "assess",
    "review",
]
