"""The life of an asset (入库, 在用, 备用, 维修, 闲置, 报废): which steps there are, and what each of them asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opspact.assets.models import Asset, Lifecycle
from opspact.core.inputs import Wrong
from opspact.core.words import N_

Problem = tuple[str, Wrong]
ALIVE = frozenset(Lifecycle) - {Lifecycle.SCRAPPED}


@dataclass(frozen=True)
class Step:
    """A step to a status. `is_clients`: the client's asset manager decides it; `is_held`: somebody must be
    responsible, or it must stand somewhere; `leaves_rack`: its rack units are free afterwards."""

    to: Lifecycle
    sources: frozenset[Lifecycle]
    is_clients: bool = False
    is_held: bool = False
    asks_why: bool = False
    leaves_rack: bool = False


STEPS = {
    step.to: step
    for step in (
        Step(Lifecycle.IN_STORE, ALIVE, leaves_rack=True),
        Step(Lifecycle.IN_USE, ALIVE, is_held=True),
        Step(Lifecycle.SPARE, ALIVE),
        Step(Lifecycle.REPAIR, ALIVE, asks_why=True),
        Step(Lifecycle.IDLE, ALIVE),
        Step(Lifecycle.SCRAPPED, ALIVE, is_clients=True, asks_why=True, leaves_rack=True),
    )
}
"""By where it leads. Nothing leads out of scrapped: what comes back is a new asset with a code of its own."""


def steps_from(status: str) -> list[Step]:
    """The steps an asset of this status can take, in the order of its life."""
    return [step for step in STEPS.values() if status in step.sources and status != step.to]


def refusals(asset: Asset, was: str, *, is_decided: bool = False) -> list[Problem]:
    """What stands against the step from `was` to the asset's status; `is_decided` once the client approved it."""
    step = STEPS[Lifecycle(asset.lifecycle)]
    if was not in step.sources:
        message = N_("“%(was)s” is the end: record what comes back as a new asset")
        return [("lifecycle", Wrong(message, was=str(Lifecycle(was).label)))]
    if step.is_clients and not is_decided:
        message = N_("“%(to)s” needs the approval of the client; ask for it on the page of the asset")
        return [("lifecycle", Wrong(message, to=str(step.to.label)))]
    if step.is_held and not (asset.owner or asset.department or asset.site_id or asset.room_id or asset.rack_id):
        message = N_("for “%(to)s” somebody must be responsible or it must stand somewhere: fill one of them")
        return [("lifecycle", Wrong(message, to=str(step.to.label)))]
    return []


def check(records: Sequence[Asset]) -> dict[int, list[Problem]]:
    """Steps that records about to be written must not take; a new record may begin anywhere."""
    found: dict[int, list[Problem]] = {}
    for position, asset in enumerate(records):
        was = getattr(asset, "was", {}).get("lifecycle")
        if asset.pk is None or was is None or was == asset.lifecycle:
            continue
        if problems := refusals(asset, was, is_decided=getattr(asset, "is_step_decided", False)):
            found[position] = problems
    return found
