"""Ping sweeps: asked of the server every fifteen seconds, run one address after the other at the ordered pace.

Every part goes back at once; the server keeps how far a sweep is, so a restart goes on where it was, and says when the
rest is no longer wanted. A server that knows nothing of sweeps is asked again, quietly.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from itertools import islice
from typing import Any, Protocol

import httpx
from pydantic import BaseModel, ValidationError

from opspact.collector.log import say
from opspact.probes import sweeping
from opspact.probes.icmp.errors import Overloaded, Unavailable
from opspact.probes.icmp.pinger import current
from opspact.probes.wire import SweepAnswer, SweepOrder, SweepOrders, SweepPart

PATH = "/collector/v1/sweeps"
PART = 64
_EVERY_S = 15.0
_AGAIN_S = 5.0
_WITHIN_S = 2.0

Ask = Callable[[str], Coroutine[Any, Any, bool]]


class Answering(Protocol):
    """What a sweep needs of :class:`opspact.collector.server.Server`."""

    async def get(self, path: str) -> httpx.Response: ...

    async def post(self, path: str, message: BaseModel) -> httpx.Response: ...


async def answers(address: str) -> bool:
    """Whether the host answers an echo request. Raises ``Unavailable`` when this machine can't send any."""
    try:
        trips = await current().echo(address, count=1, within_s=_WITHIN_S)
    except (Overloaded, OSError):
        return False
    return any(trip is not None for trip in trips)


class Sweeper:
    """Runs what the server orders."""

    def __init__(self, server: Answering, *, ask: Ask = answers) -> None:
        self._server = server
        self._ask = ask

    async def run(self) -> None:
        """For ever."""
        while True:
            for order in await self.orders():
                await self.sweep(order)
            await asyncio.sleep(_EVERY_S)

    async def orders(self) -> list[SweepOrder]:
        """What is to be swept; nothing while the server is away or does not understand."""
        try:
            response = await self._server.get(PATH)
            return SweepOrders.model_validate_json(response.content).sweeps if response.status_code == 200 else []
        except (httpx.HTTPError, ValidationError):
            return []

    async def sweep(self, order: SweepOrder) -> None:
        """Ask every address that was not asked yet, until the end or until the server has enough."""
        say("sweep", sweep=order.sweep, networks=order.networks, done=order.done)
        todo = islice(sweeping.addresses(order.networks), order.done, None)
        done = order.done
        while part := list(islice(todo, PART)):
            try:
                up = await self._part(part, order.per_second)
            except Unavailable as error:
                await self._tell(SweepPart(sweep=order.sweep, done=done, up=[], failure=str(error)[:200]))
                return
            done += len(part)
            if not await self._tell(SweepPart(sweep=order.sweep, done=done, up=up)):
                break
        say("sweep-over", sweep=order.sweep, done=done)

    async def _part(self, addresses: Sequence[str], per_second: int) -> list[str]:
        """Those that answer; one is started every ``1 / per_second`` seconds, however long the answers take."""
        asked: list[asyncio.Task[bool]] = []
        try:
            async with asyncio.TaskGroup() as group:
                for address in addresses:
                    asked.append(group.create_task(self._ask(address)))
                    await asyncio.sleep(1 / per_second)
        except* Unavailable as errors:
            raise errors.exceptions[0] from None
        return [address for address, task in zip(addresses, asked, strict=True) if task.result()]

    async def _tell(self, part: SweepPart) -> bool:
        """Send until it arrives; whether to go on."""
        while True:
            try:
                response = await self._server.post(PATH, part)
            except httpx.HTTPError:
                await asyncio.sleep(_AGAIN_S)
                continue
            if response.status_code == 200:
                return SweepAnswer.model_validate_json(response.content).go_on
            if response.status_code < 500 and response.status_code != 429:
                return False
            await asyncio.sleep(_AGAIN_S)
