"""From rotations to who really serves: rotation, then swaps, then substitutes, then overrides; later layers win.

Nothing is filled in silently: a swap of a duty that one does not have is not made, an override that finds nobody
replaces nobody, and whoever is on leave in the end leaves a gap. Each of these is a typed conflict.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, intersect, normalise, subtract, union
from opspact.core.rosters.conflicts import Conflict, ConflictKind, misfits
from opspact.core.rosters.errors import NamedTwice, UnknownPerson
from opspact.core.rosters.people import by_code
from opspact.core.rosters.types import Action, Assignment, Layer, Leave, Override, Person, Swap
from opspact.core.words import N_

_LAYERS = {
    Layer.ROTATION: N_("rotation"),
    Layer.SWAP: N_("swap"),
    Layer.SUBSTITUTE: N_("substitute"),
    Layer.OVERRIDE: N_("override"),
}


@dataclass(frozen=True)
class Schedule:
    """The duties that came out, in order, the conflicts, and the duties as each layer left them."""

    duties: tuple[Assignment, ...]
    conflicts: tuple[Conflict, ...]
    stages: tuple[tuple[Layer, tuple[Assignment, ...]], ...]

    def on_duty(self, at: Instant) -> list[Assignment]:
        """Who serves at an instant, primary first."""
        found = [duty for duty in self.duties if duty.start <= at < duty.end]
        return sorted(found, key=lambda duty: (duty.standby, duty.role, duty.level, duty.person))

    def explain(self, at: Instant) -> Explanation:
        """What each layer said about an instant."""
        steps: list[Step] = []
        for layer, duties in self.stages:
            names = sorted({f"{duty.person} ({duty.by})" for duty in duties if duty.start <= at < duty.end})
            people = ", ".join(names) or "-"
            steps.append(
                Step(N_("After the layer %(layer)s: %(people)s."), {"layer": _LAYERS[layer], "people": people})
            )
        left = sorted({duty.person for duty in self.on_duty(at)})
        steps.append(Step(N_("Without those on leave: %(people)s."), {"people": ", ".join(left) or "-"}))
        return Explanation(
            rule=N_("Rotation, then swaps, then substitutes, then overrides; who is on leave does not serve"),
            clause="",
            inputs={"looked_at": at},
            steps=tuple(steps),
        )


def resolve(
    planned: Iterable[Assignment],
    people: Iterable[Person],
    *,
    swaps: Sequence[Swap] = (),
    leave: Sequence[Leave] = (),
    overrides: Sequence[Override] = (),
) -> Schedule:
    """Who serves after all changes, each list applied in the order given. Raises UnknownPerson, NamedTwice."""
    known = by_code(people)
    _check_names(known.keys(), swaps, leave, overrides)
    conflicts: list[Conflict] = []
    duties = _in_order(planned)
    for duty in duties:
        if duty.person not in known:
            raise UnknownPerson(what="Assignment", code=duty.by or duty.shift, person=duty.person)
    stages = [(Layer.ROTATION, tuple(duties))]
    for swap in swaps:
        duties = _swapped(duties, swap, conflicts)
    stages.append((Layer.SWAP, tuple(_in_order(duties))))
    for absence in leave:
        if absence.substitute:
            duties = _substituted(duties, absence)
    stages.append((Layer.SUBSTITUTE, tuple(_in_order(duties))))
    for override in overrides:
        duties = _overridden(duties, override, conflicts)
    stages.append((Layer.OVERRIDE, tuple(_in_order(duties))))
    duties = _in_order(_without_absent(duties, leave, conflicts))
    conflicts += misfits(duties, known)
    conflicts.sort(key=lambda found: (found.start, found.end, found.kind, found.code, found.person))
    return Schedule(tuple(duties), tuple(conflicts), tuple(stages))


def _in_order(duties: Iterable[Assignment]) -> list[Assignment]:
    """Each duty once, by time; two people replaced by one at the same time leave one duty."""
    return sorted(dict.fromkeys(duties), key=lambda d: (d.start, d.end, d.standby, d.role, d.level, d.person, d.by))


def _split(duty: Assignment, span: Interval) -> tuple[Assignment | None, list[Assignment]]:
    """The part of a duty inside a span, and the parts outside it."""
    began = _began(duty)
    start, end = max(duty.start, span[0]), min(duty.end, span[1])
    if start >= end:
        return None, [duty]
    if (start, end) == (duty.start, duty.end):
        return duty, []
    outside = [
        replace(duty, start=a, end=b, shift_at=began) for a, b in ((duty.start, start), (end, duty.end)) if a < b
    ]
    return replace(duty, start=start, end=end, shift_at=began), outside


def _handed(
    duties: Iterable[Assignment],
    gives: Callable[[Assignment], Interval | None],
    to: Callable[[Assignment], str],
    layer: Layer,
    code: str,
) -> list[Assignment]:
    """Hand the part of each duty in the span that `gives` names (None: none of it) over to another person."""
    result: list[Assignment] = []
    for duty in duties:
        span = gives(duty)
        inside, outside = (None, [duty]) if span is None else _split(duty, span)
        result += outside
        if inside is not None:
            person = to(inside)
            same = person == inside.person
            result.append(
                inside if same else replace(inside, person=person, layer=layer, by=code, instead_of=inside.person)
            )
    return result


def _swapped(duties: list[Assignment], swap: Swap, conflicts: list[Conflict]) -> list[Assignment]:
    parts = {swap.one: swap.given} | ({swap.other: swap.taken} if swap.taken else {})
    lacking = [
        Conflict(ConflictKind.SWAP_OF_NO_DUTY, swap.code, person, *piece)
        for person, span in parts.items()
        for piece in _not_on_duty(duties, person, span)
    ]
    if lacking:
        conflicts += lacking
        return duties
    return _handed(
        duties,
        lambda duty: parts.get(duty.person),
        lambda duty: swap.other if duty.person == swap.one else swap.one,
        Layer.SWAP,
        swap.code,
    )


def _substituted(duties: list[Assignment], absence: Leave) -> list[Assignment]:
    span = (absence.start, absence.end)
    return _handed(
        duties,
        lambda duty: span if duty.person == absence.person else None,
        lambda duty: absence.substitute,
        Layer.SUBSTITUTE,
        absence.code,
    )


def _not_on_duty(duties: Sequence[Assignment], person: str, span: Interval) -> list[Interval]:
    """The parts of a span in which the person has no duty.

    A break within one shift belongs to the shift; a part of the shift that was handed over to somebody else does not.
    """
    shifts: dict[tuple[int, str, str], list[Assignment]] = defaultdict(list)
    for duty in duties:
        if duty.person == person:
            shifts[_began(duty), duty.by, duty.shift].append(duty)
    own = {(_began(duty), duty.role, duty.level) for parts in shifts.values() for duty in parts}
    hulls = normalise((parts[0].start, parts[-1].end) for parts in shifts.values())
    served = normalise((duty.start, duty.end) for parts in shifts.values() for duty in parts)
    handed = normalise(
        (duty.start, duty.end)
        for duty in duties
        if duty.person != person and duty.layer is not Layer.ROTATION and (_began(duty), duty.role, duty.level) in own
    )
    if not intersect([span], served):
        return [span]
    return subtract([span], union(served, subtract(hulls, handed)))


def _began(duty: Assignment) -> int:
    """When the shift began that the duty is a part of."""
    return duty.start if duty.shift_at is None else duty.shift_at


def _overridden(duties: list[Assignment], override: Override, conflicts: list[Conflict]) -> list[Assignment]:
    span = (override.start, override.end)
    if override.action is Action.ADD:
        level = 1 if override.level is None else override.level
        added = Assignment(
            override.person,
            override.role,
            *span,
            level=level,
            standby=override.standby,
            layer=Layer.OVERRIDE,
            by=override.code,
        )
        return [*duties, added]
    if not any(_meant(override, duty) and _split(duty, span)[0] for duty in duties):
        who = override.replaces or override.person
        conflicts.append(Conflict(ConflictKind.OVERRIDE_OF_NOBODY, override.code, who, *span))
    return _handed(
        duties,
        lambda duty: span if _meant(override, duty) else None,
        lambda duty: override.person,
        Layer.OVERRIDE,
        override.code,
    )


def _meant(override: Override, duty: Assignment) -> bool:
    """Whether an override is about a duty, whenever that is."""
    return (
        override.replaces in ("", duty.person)
        and override.role in ("", duty.role)
        and override.level in (None, duty.level)
        and (duty.standby or override.action is not Action.REDIRECT)
    )


def _without_absent(duties: list[Assignment], leave: Iterable[Leave], conflicts: list[Conflict]) -> list[Assignment]:
    """Take those on leave off duty; whoever they leave unserved is a conflict."""
    for absence in leave:
        kept: list[Assignment] = []
        for duty in duties:
            if duty.person != absence.person:
                kept.append(duty)
                continue
            inside, outside = _split(duty, (absence.start, absence.end))
            kept += outside
            if inside is not None:
                substitute = inside.layer is Layer.SUBSTITUTE
                kind = ConflictKind.SUBSTITUTE_ON_LEAVE if substitute else ConflictKind.LEAVE_WITHOUT_SUBSTITUTE
                conflicts.append(Conflict(kind, absence.code, duty.person, inside.start, inside.end))
        duties = kept
    return duties


def _check_names(
    known: Container[str], swaps: Iterable[Swap], leave: Iterable[Leave], overrides: Iterable[Override]
) -> None:
    named = [("Swap", swap.code, [swap.one, swap.other]) for swap in swaps]
    named += [("Leave", absence.code, [absence.person, absence.substitute]) for absence in leave]
    named += [("Override", override.code, [override.person, override.replaces]) for override in overrides]
    seen: set[tuple[str, str]] = set()
    for what, code, persons in named:
        if (what, code) in seen:
            raise NamedTwice(what=what, code=code)
        seen.add((what, code))
        for person in persons:
            if person and person not in known:
                raise UnknownPerson(what=what, code=code, person=person)
