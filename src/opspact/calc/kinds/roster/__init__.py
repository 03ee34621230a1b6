"""`opspact calc roster`: who is on duty, whether that is enough, within the rules, and fair; or a roster generated."""

from opspact.calc.kinds.roster.answer import Output
from opspact.calc.kinds.roster.answering import Writing
from opspact.calc.kinds.roster.asking import Asking
from opspact.calc.kinds.roster.document import Input
from opspact.calc.kinds.roster.generating import Generated, generated
from opspact.calc.kinds.roster.reading import Reading
from opspact.calc.running import Context, Kind
from opspact.core.rosters import resolve
from opspact.core.words import N_


def run(document: Input, context: Context) -> Output:
    """Rotations and duties, or a generated roster; then all changes; then what was asked. Raises Refused."""
    reading = Reading(document, context)
    zone = reading.calendar.zone
    words, writing = context.in_zone(zone), Writing(zone)
    made: Generated | None = None
    planned = reading.planned()
    if document.generate is not None:
        made = generated(reading, document.generate, planned, words)
        planned = planned + made.duties
    schedule = resolve(
        planned, reading.people, swaps=reading.swaps(), leave=reading.leave(), overrides=reading.overrides()
    )
    asking = Asking(reading, schedule, words, writing)
    if made is not None:
        asking.explain.append(words.explained(made.explanation, "generated"))
    asked = set(document.ask)
    coverage, special = asking.coverage() if "coverage" in asked else (None, None)
    violations = asking.violations() if "violations" in asked else None
    proven = [*(coverage or ()), *(special or ())]
    return Output(
        period=(writing.instant(reading.start), writing.instant(reading.end)),
        holds=all(proof.holds for proof in proven) and not violations and (made is None or made.out.found),
        generated=made.out if made else None,
        schedule=[writing.duty(duty) for duty in schedule.duties] if "schedule" in asked else None,
        conflicts=[writing.conflict(conflict) for conflict in schedule.conflicts],
        coverage=coverage,
        special_periods=special,
        on_duty=asking.on_duty() if "on_duty" in asked else None,
        violations=violations,
        fairness=asking.fairness() if "fairness" in asked else None,
        provisional_years=list(reading.provisional_years()),
        explain=asking.explain,
    )


KIND = Kind("roster", N_("duty rosters: coverage, rest and hours, fairness, who is on duty"), Input, Output, run)
