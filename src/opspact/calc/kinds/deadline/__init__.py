"""`opspact calc deadline`: terms, a contract's dates, volumes, and obligations that come back."""

from opspact.calc.calendars import build
from opspact.calc.kinds.deadline.answer import Output
from opspact.calc.kinds.deadline.answering import Answering
from opspact.calc.kinds.deadline.document import Input
from opspact.calc.running import Context, Finding, Kind, Refused, at
from opspact.core.words import N_


def run(document: Input, context: Context) -> Output:
    """Every answer in the order asked for, each with its explanation. Raises Refused."""
    if not (document.terms or document.dates or document.volumes or document.obligations):
        raise Refused([Finding("", N_("give terms, dates, volumes or obligations"))])
    with at("calendar"):
        calendar = build("calendar", document.calendar, context.calendar)
    answering = Answering(document, calendar, context.in_zone(calendar.zone))
    terms = [answering.term(f"terms[{i}]", term) for i, term in enumerate(document.terms)]
    dates = answering.dates()
    volumes = [answering.volumes(f"volumes[{i}]", each) for i, each in enumerate(document.volumes)]
    obligations = [answering.obligation(f"obligations[{i}]", each) for i, each in enumerate(document.obligations)]
    occurrences = [each for obligation, _ in obligations for each in obligation.occurrences]
    depends_on = [
        *(out.provisional_years for out, _ in terms),
        *(out.provisional_years for out, _ in dates),
        *(out.provisional_years for out in volumes),
        *(out.provisional_years for out in occurrences),
    ]
    return Output(
        terms=[out for out, _ in terms],
        dates=[out for out, _ in dates],
        volumes=volumes,
        obligations=[out for out, _ in obligations],
        provisional_years=sorted({year for years in depends_on for year in years}),
        explain=[
            *(explained for _, explained in terms),
            *(explained for _, explained in dates),
            *(explained for _, several in obligations for explained in several),
        ],
    )


KIND = Kind(
    "deadline", N_("terms, a contract's dates, and obligations that come back, by the Civil Code"), Input, Output, run
)
