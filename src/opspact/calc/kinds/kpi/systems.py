"""The availability indicators of a document: measured durations, ledgers, or a chain with its tickets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import ValidationError

from opspact.calc.kinds.availability.document import Input as LedgersInput
from opspact.calc.kinds.availability.document import RulesPart, SpanPart, System
from opspact.calc.kinds.availability.reading import Asked as Read
from opspact.calc.kinds.availability.reading import asked as read
from opspact.calc.kinds.kpi.document import EachPart, Input, MeanPart, SeriesPart
from opspact.calc.kinds.kpi.placing import moved, no_twins, placed
from opspact.calc.running import Context, Finding, Refused
from opspact.core.availability import Rules
from opspact.core.inputs import Wrong
from opspact.core.intervals import Interval
from opspact.core.kpi import Answer, Asked, MeasuredTime, Member
from opspact.core.kpi.errors import RestoredTooEarly, UnknownComponent
from opspact.core.kpi.projection import Standing, project_systems, service_to_come
from opspact.core.kpi.projection.outlook import elapsed_fraction
from opspact.core.kpi.projection.systems import SystemsOutlook, standings
from opspact.core.kpi.records import OutageTicket
from opspact.core.kpi.rules.availability_each import availability_each
from opspact.core.kpi.rules.availability_mean import availability_mean
from opspact.core.kpi.rules.availability_series import (
    Chain,
    ChainTime,
    availability_of_chain,
    availability_series,
    ledgers_from,
)
from opspact.core.timelines import ObservedTimeline
from opspact.core.words import N_


class Group(NamedTuple):
    """The systems of an indicator in one period, and the service time to come of each until the term's end."""

    members: list[Member]
    to_come_us: Mapping[str, int]
    rules: Rules


def of_group(part: MeanPart | EachPart, path: str, document: Input, asked: Asked, context: Context) -> Answer:
    """A mean, or each by itself."""
    group = _group(part, path, document, asked.period, context)
    with placed(path, otherwise="measured" if part.measured else "systems"):
        if isinstance(part, MeanPart):
            return availability_mean(group.members, asked, part.weighting, group.rules)
        return availability_each(group.members, asked, part.judged, group.rules)


def project_group(
    part: MeanPart | EachPart, path: str, document: Input, term: Interval, asked: Asked, context: Context
) -> SystemsOutlook:
    """From everything since the term's start to its end."""
    group = _group(part, path, document, term, context)
    method = part.weighting if isinstance(part, MeanPart) else "each" if part.judged == "each" else "equal"
    with placed(path):
        there = standings(method, group.members, group.to_come_us, group.rules)
        return project_systems(method, there, asked.objective.value, elapsed_fraction(term, asked.now))


def _group(part: MeanPart | EachPart, path: str, document: Input, period: Interval, context: Context) -> Group:
    if part.systems:
        made = _read(part.systems, part.rules, part.service_time, path, document, period, context)
        measured = [(made.extract.measure([each.code], period), each) for each in made.extract.systems]
        members = [Member(one, each.weight, each.code) for one, each in measured]
        return Group(
            members, {each.code: service_to_come(one, period[1]) for one, each in measured}, made.extract.rules
        )
    rules = _rules(part.rules, path)
    members = []
    for position, each in enumerate(part.measured):
        with placed(f"{path}.measured[{position}]"):
            time = MeasuredTime(
                each.code, each.service_time, each.excluded, each.unknown, each.down, each.degraded, rules
            )
        members.append(Member(time, each.weight, each.code))
    return Group(members, {each.code: each.to_come for each in part.measured}, rules)


def of_chain(part: SeriesPart, path: str, document: Input, asked: Asked, context: Context) -> Answer:
    """Platform, links and terminals in series."""
    tickets = [OutageTicket(each.id, each.component, each.occurred_at, each.restored_at) for each in part.tickets]
    no_twins(path, tickets=tickets)
    chain, time, ledgers = _chain(part, path, document, asked, context)
    where = {UnknownComponent: "tickets", RestoredTooEarly: "tickets"}
    with placed(path, where):
        return availability_series(chain, ledgers, tickets, time, asked, part.evidence)


def project_chain(part: SeriesPart, path: str, document: Input, asked: Asked, context: Context) -> SystemsOutlook:
    """The chain as one system; `asked` is of the whole term."""
    chain, time, ledgers = _chain(part, path, document, asked, context)
    if part.evidence == "tickets":
        tickets = [OutageTicket(each.id, each.component, each.occurred_at, each.restored_at) for each in part.tickets]
        ledgers = ledgers_from(tickets, chain.counted, asked)
    with placed(path):
        one = availability_of_chain(chain, ledgers, time, asked)
        there: list[Standing] = standings(
            "each", [Member(one, 1, part.code)], {part.code: service_to_come(one, asked.period[1])}, one.rules
        )
        return project_systems("each", there, asked.objective.value, elapsed_fraction(asked.period, asked.now))


def _chain(
    part: SeriesPart, path: str, document: Input, asked: Asked, context: Context
) -> tuple[Chain, ChainTime, dict[str, ObservedTimeline]]:
    with placed(path):
        chain = Chain(part.links, part.terminals, part.terminals_needed)
    whole = System(code=part.code, in_service=part.in_service, granted=part.granted, checks=part.ledgers)
    made = _read((whole,), part.rules, part.service_time, path, document, asked.period, context, chain=True)
    system = made.extract.systems[0]
    for component in system.checks:
        if component not in (*chain.links, *chain.terminals):
            unknown = N_("the chain has no component of this name")
            raise Refused([Finding(f"{path}.ledgers.{component}", unknown)])
    time = ChainTime(system.in_service, made.extract.service_time, system.granted, made.extract.rules)
    return chain, time, dict(system.checks)


def _read(
    systems: tuple[System, ...],
    rules: RulesPart,
    service_time: str | None,
    path: str,
    document: Input,
    period: Interval,
    context: Context,
    *,
    chain: bool = False,
) -> Read:
    """Ledgers by the reader of `opspact calc availability`, its paths turned into those of this document."""
    try:
        given = LedgersInput(
            contract=document.contract,
            zone=document.zone,
            period=SpanPart(start=period[0], end=period[1]),
            now=document.now,
            calendars=document.calendars,
            service_time=service_time,
            rules=rules,
            systems=systems,
        )
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0].get("ctx", {}).get("error")
        message, params = (wrong.msgid, wrong.params) if isinstance(wrong, Wrong) else (str(error), {})
        raise Refused([Finding(path, message, params)]) from error
    inner, outer = ("systems[0].checks", f"{path}.ledgers") if chain else ("systems", f"{path}.systems")
    with moved(outer, inner):
        return read(given, context)


def _rules(part: RulesPart, path: str) -> Rules:
    with placed(f"{path}.rules"):
        return Rules(
            decide_on_observed_fraction=part.decide_on_observed_fraction,
            unknown_is_down=part.unknown_is_down,
            degraded_is_down=part.degraded_is_down,
        )
