"""`opspact calc kpi`: the indicators of annex 2 from plain records, projected, and the scorecard over them."""

from opspact.calc.kinds.kpi.answer import Output
from opspact.calc.kinds.kpi.document import Input
from opspact.calc.kinds.kpi.indicators import answered, objective_of, projected, series, shown
from opspact.calc.kinds.kpi.scoring import scored
from opspact.calc.running import Context, Finding, Kind, Refused
from opspact.calc.values import instant_text
from opspact.core.explain import Explanation
from opspact.core.kpi import Asked
from opspact.core.words import N_


def run(document: Input, context: Context) -> Output:
    """Each indicator in the period, with its projection where a term is given; then the scorecard. Raises Refused."""
    _each_code_once(document)
    words = context.in_zone(document.zone)
    period = (document.period.start, document.period.end)
    now = period[1] if document.now is None else document.now
    answers, found = [], []
    explained: list[tuple[str, Explanation]] = []
    for position, part in enumerate(document.indicators):
        path = f"indicators[{position}]"
        asked = Asked(objective_of(part), period, now, part.clause)
        answer = answered(part, path, document, asked, context)
        projection = None
        if document.term is not None:
            term = (document.term.start, document.term.end)
            projection = projected(part, path, document, term, asked, context)
        answers.append((part, answer))
        cuts = series(part, path, document, asked, context)
        found.append(shown(part, answer, projection, cuts, words))
        explained.append((part.code, answer.explanation))
    scorecard = None
    if document.scorecard is not None:
        scorecard, more = scored(document.scorecard, answers, document, context)
        explained += more
    return Output(
        contract=document.contract,
        period=(instant_text(period[0], document.zone), instant_text(period[1], document.zone)),
        now=instant_text(now, document.zone),
        indicators=found,
        scorecard=scorecard,
        explain=[words.explained(explanation, about) for about, explanation in explained],
    )


def _each_code_once(document: Input) -> None:
    codes: set[str] = set()
    for position, part in enumerate(document.indicators):
        if part.code in codes:
            message = N_("the code %(code)s is taken already")
            raise Refused([Finding(f"indicators[{position}].code", message, {"code": part.code})])
        codes.add(part.code)


KIND = Kind(
    "kpi", N_("indicators from plain records, what must hold from now on, and the scorecard"), Input, Output, run
)
