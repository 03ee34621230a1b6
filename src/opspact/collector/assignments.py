"""What to run: asked of the server every ten seconds, and kept, so that a start without the server goes on with it."""

import asyncio

import httpx
from pydantic import ValidationError

from opspact.collector.clock import wall_us
from opspact.collector.log import say
from opspact.collector.runner import Runner
from opspact.collector.server import Server
from opspact.collector.store import Store
from opspact.probes.wire import Assignments

PATH = "/collector/v1/assignments"
_EVERY_S = 10.0
_SKEW_US = 5_000_000


class Assigner:
    """Keeps the runner's assignments as the server has them."""

    def __init__(self, store: Store, server: Server, runner: Runner) -> None:
        self._store = store
        self._server = server
        self._runner = runner
        self._etag: str | None = None
        self._failed = ""

    async def resume(self) -> None:
        """Run what was assigned last, from where each check was accounted for."""
        kept = await self._store.kept("assignments")
        if kept is None:
            return
        try:
            assignments = Assignments.model_validate_json(kept)
        except ValidationError as error:
            say("kept-assignments-unreadable", level="error", error=str(error)[:500])
            return
        self._etag = await self._store.kept("etag") or None
        await self._assign(assignments)
        say("assignments-resumed", version=assignments.version, checks=len(assignments.assignments))

    async def run(self) -> None:
        """Ask every ten seconds, for ever."""
        while True:
            await self._ask()
            await asyncio.sleep(_EVERY_S)

    async def _ask(self) -> None:
        try:
            response = await self._server.get(PATH, etag=self._etag)
        except httpx.HTTPError as error:
            self._fail(repr(error))
            return
        if response.status_code == 200:
            await self._take(response.content, response.headers.get("ETag"))
        elif response.status_code == 304:
            self._failed = ""
        else:
            self._fail(str(response.status_code))

    async def _take(self, body: bytes, etag: str | None) -> None:
        try:
            assignments = Assignments.model_validate_json(body)
        except ValidationError as error:
            self._fail(f"unreadable: {error}"[:500])
            return
        self._failed = ""
        await self._assign(assignments)
        if etag is None or etag != self._etag:
            say("assignments", version=assignments.version, checks=len(assignments.assignments))
            await self._store.keep("assignments", body.decode())
            await self._store.keep("etag", etag or "")
        self._etag = etag
        if abs(skew := assignments.server_time - wall_us()) > _SKEW_US:
            say("clock-skew", level="warning", server_ahead_s=round(skew / 1e6, 1))

    async def _assign(self, assignments: Assignments) -> None:
        until = await self._store.progress({one.check for one in assignments.assignments})
        self._runner.assign(assignments.assignments, until)

    def _fail(self, why: str) -> None:
        if why != self._failed:
            say("assignments-failed", level="warning", why=why, going_on_with=self._runner.checks)
        self._failed = why
