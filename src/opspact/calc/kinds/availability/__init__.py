"""`opspact calc availability`: availability from ledgers, or an indicator page's export made again."""

from opspact.calc.kinds.availability.answer import Output
from opspact.calc.kinds.availability.answering import Answering
from opspact.calc.kinds.availability.document import Input
from opspact.calc.kinds.availability.figures import SERIES, figures
from opspact.calc.kinds.availability.reading import asked
from opspact.calc.kinds.availability.tables import document as from_csv
from opspact.calc.running import Context, Kind
from opspact.calc.values import instant_text, share_text
from opspact.core.words import N_


def run(document: Input, context: Context) -> Output:
    """Every figure from the ledgers alone; `agrees` compares it with what the document claims. Raises Refused."""
    made = asked(document, context)
    extract, words = made.extract, context.in_zone(document.zone)
    codes = [system.code for system in extract.systems]
    groups = [codes] if document.method == SERIES else [[code] for code in codes]
    found = figures(extract, made.period, document.method, document.objective)
    answering = Answering(made, document.objective, document.zone, document.intervals)
    start, end = (instant_text(point, document.zone) for point in made.period)
    return Output(
        contract=extract.contract,
        simulated=extract.simulated,
        kpi=document.kpi,
        period=(start, end),
        now=instant_text(extract.now, document.zone),
        method=document.method,
        objective=share_text(document.objective),
        figures=found,
        agrees=None if document.figures is None else document.figures == found,
        provisional_years=list(made.provisional_years),
        systems=[answering.system(group) for group in groups],
        explain=[
            words.explained(
                extract.measure(group, made.period).explain(document.objective, document.clause), "+".join(group)
            )
            for group in groups
        ],
    )


KIND = Kind(
    "availability", N_("availability from ledgers of states, or an exported figure again"), Input, Output, run, from_csv
)
