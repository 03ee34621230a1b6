"""应急移动指挥通信系统: platform and link in series, up only while both are; of its terminals k of n must be.

What is known of a component is a ledger of probes; or, where the parties so read it, its tickets: then it was up
except from the fault's occurrence to its restoration, as nothing else is known of it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from opspact.core.availability import Availability, Granted, Rules, measure
from opspact.core.availability.combine import combine
from opspact.core.availability.expressions import Expression
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, gaps, normalise
from opspact.core.kpi.answers import LATER, OUTSIDE, Answer, Asked, Role, Used, check_reading, inputs, refuse_twins
from opspact.core.kpi.durations import decided, figure_of
from opspact.core.kpi.errors import BadChain, RestoredTooEarly, UnknownComponent
from opspact.core.kpi.records import OutageTicket
from opspact.core.kpi.rules.base import rule
from opspact.core.kpi.rules.systems import reason
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline
from opspact.core.words import N_

WORDS = {
    "probes": N_("Platform and link in series: up only while all of them are"),
    "tickets": N_("Platform and link in series; a ticket is downtime from its occurrence to its restoration"),
}
COUNTS = N_("Its component was down from its occurrence to its restoration.")
NOT_IN_CHAIN = N_("Terminals are left out until their number is agreed.")


@dataclass(frozen=True)
class Chain:
    """What has to work: every one of `links` (platform and links), and `terminals_needed` of `terminals`.

    None: the terminals are left out, as their number is not agreed. Raises BadChain.
    """

    links: tuple[str, ...]
    terminals: tuple[str, ...] = ()
    terminals_needed: int | None = None

    def __post_init__(self) -> None:
        names = (*self.links, *self.terminals)
        if not self.links:
            raise BadChain(reason=N_("it has no platform and no link"))
        if len(set(names)) < len(names):
            raise BadChain(reason=N_("a component stands in it twice"))
        if self.terminals_needed is not None and not 1 <= self.terminals_needed <= len(self.terminals):
            raise BadChain(reason=N_("more terminals are needed than there are, or none"))

    @property
    def counted(self) -> tuple[str, ...]:
        """The components that matter."""
        return self.links if self.terminals_needed is None else (*self.links, *self.terminals)

    def expression(self) -> Expression:
        """All links, and k of the n terminals."""
        parts = [Expression(code=code) for code in self.links]
        if self.terminals_needed is not None:
            parts.append(Expression(need=self.terminals_needed, of=tuple(Expression(code=c) for c in self.terminals)))
        return Expression(need=len(parts), of=tuple(parts))


@dataclass(frozen=True)
class ChainTime:
    """When the chain was owed and what was granted: as `core.availability.measure` takes them."""

    in_service: Sequence[Interval]
    service_time: Sequence[Interval] | None = None
    granted: Sequence[Granted] = ()
    rules: Rules | None = None


def availability_of_chain(
    chain: Chain, ledgers: dict[str, ObservedTimeline], time: ChainTime, asked: Asked
) -> Availability:
    """The chain as one system. A component without a ledger is unknown throughout. Raises as `combine`, `measure`."""
    return measure(
        combine(chain.expression(), ledgers, asked.period[0], asked.horizon),
        time.granted,
        period=asked.period,
        in_service=time.in_service,
        service_time=time.service_time,
        now=asked.now,
        rules=time.rules,
    )


@rule("availability_series")
def availability_series(
    chain: Chain,
    ledgers: dict[str, ObservedTimeline],
    tickets: Sequence[OutageTicket],
    time: ChainTime,
    asked: Asked,
    evidence: str = "probes",
) -> Answer:
    """`evidence`: probes (the ledgers count) or tickets (they count). Raises UnknownReading, RecordTwice,
    UnknownComponent, RestoredTooEarly, and as `measure`.
    """
    check_reading("evidence", evidence, tuple(WORDS))
    _check(tickets, chain)
    if evidence == "tickets":
        ledgers = ledgers_from(tickets, chain.counted, asked)
    one = availability_of_chain(chain, ledgers, time, asked)
    verdict = one.judge(asked.objective.value)
    how = one.explain(asked.objective.value)
    needed = chain.terminals_needed
    return Answer(
        rule="availability_series",
        figure=decided(figure_of(one), one.rules),
        objective=asked.objective,
        verdict=verdict,
        used=tuple(_role(ticket, chain, asked) for ticket in tickets) if evidence == "tickets" else (),
        reason=reason(verdict),
        explanation=Explanation(
            WORDS[evidence],
            asked.clause,
            inputs(asked, evidence=evidence, terminals_needed=needed) | how.inputs,
            (_terminals(chain), *how.steps),
        ),
    )


def ledgers_from(
    tickets: Sequence[OutageTicket], components: Sequence[str], asked: Asked
) -> dict[str, ObservedTimeline]:
    """Each component up except while a ticket was open on it; overlapping tickets by union. Open ones up to now."""
    start, end = asked.period[0], asked.horizon
    down: dict[str, list[Interval]] = defaultdict(list)
    for ticket in tickets:
        span = _span(ticket, start, end)
        if span[0] < span[1]:
            down[ticket.component].append(span)
    ledgers: dict[str, ObservedTimeline] = {}
    for component in components:
        out = normalise(down[component])
        pieces = [(a, b, Observed.DOWN) for a, b in out] + [(a, b, Observed.UP) for a, b in gaps(out, start, end)]
        ledgers[component] = sorted(pieces)
    return ledgers


def _span(ticket: OutageTicket, start: Instant, end: Instant) -> Interval:
    begin = max(start, ticket.occurred_at)
    return begin, max(begin, end if ticket.restored_at is None else min(end, ticket.restored_at))


def _check(tickets: Sequence[OutageTicket], chain: Chain) -> None:
    refuse_twins(tickets)
    known = {*chain.links, *chain.terminals}
    for position, ticket in enumerate(tickets):
        if ticket.component not in known:
            raise UnknownComponent(position=position, component=ticket.component)
        if ticket.restored_at is not None and ticket.restored_at < ticket.occurred_at:
            raise RestoredTooEarly(position=position, id=ticket.id)


def _role(ticket: OutageTicket, chain: Chain, asked: Asked) -> Used:
    begin, end = _span(ticket, asked.period[0], asked.horizon)
    if ticket.component not in chain.counted:
        return Used(ticket.id, Role.LEFT_OUT, NOT_IN_CHAIN)
    if begin < end:
        return Used(ticket.id, Role.AGAINST, COUNTS)
    later = asked.now < ticket.occurred_at < asked.period[1]
    return Used(ticket.id, Role.LEFT_OUT, LATER if later else OUTSIDE)


def _terminals(chain: Chain) -> Step:
    if chain.terminals_needed is None:
        return Step(N_("In series: %(components)s."), {"components": ", ".join(chain.links)})
    return Step(
        N_("In series: %(components)s; and %(needed)s of %(count)s terminals."),
        {
            "components": ", ".join(chain.links),
            "needed": chain.terminals_needed,
            "count": len(chain.terminals),
        },
    )
