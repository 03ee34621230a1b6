"""Shipping the spool, oldest batch first, one at a time, until the server has it.

- The server is away, slow, or answers 5xx, 404, 429 or something that is no answer: the same batch is sent again, after
  1, 2, 4 … at most 30 seconds, less a random part, so that many collectors don't come back at once.
- 401 or 403: the token is wrong. Spooling goes on; it is tried again every 30 seconds, or at once with a new token.
- 400, 409, 413, 415 or 422: the server will never take this batch. Its rows are kept aside, and the next batch passes.
- Single rows that the server refuses are kept aside likewise.
"""

import asyncio
import random
import sqlite3
from dataclasses import dataclass

import httpx
from pydantic import ValidationError

from opspact.collector.clock import wall_us
from opspact.collector.log import say
from opspact.collector.server import Server
from opspact.collector.spool import Formed
from opspact.collector.store import Store
from opspact.probes.wire import BatchAnswer

PATH = "/collector/v1/batches"
NEVER = {400, 409, 413, 415, 422}
_EVERY_S = 1.0
_LARGE = 1_000
"""Rows in a batch from which on the next one follows at once."""
_LONGEST_S = 30.0


@dataclass(frozen=True, slots=True)
class Later:
    """The batch stays; try again. ``slowly``: the token is refused."""

    why: str
    slowly: bool = False


@dataclass(frozen=True, slots=True)
class Never:
    """The batch can't ever be taken."""

    code: str
    message: str


class Shipper:
    """Ships what is in the store."""

    def __init__(self, store: Store, server: Server) -> None:
        self._store = store
        self._server = server
        self._failures = 0

    async def run(self) -> None:
        """Ship at least once a second when there is anything, for ever."""
        while True:
            try:
                await self._ship_next()
            except sqlite3.OperationalError as error:
                # A full disk: what was sent stays in the spool, goes out again, and the server knows its id.
                say("spool-busy", level="error", error=str(error))
                await asyncio.sleep(_LONGEST_S / 6)

    async def _ship_next(self) -> None:
        self._store.written.clear()
        formed = await self._store.oldest_batch()
        if formed is None:
            await self._store.written.wait()
            return
        await self._ship(formed)
        if len(formed.results) + len(formed.missed) < _LARGE:
            await asyncio.sleep(_EVERY_S)

    async def _ship(self, formed: Formed) -> None:
        answer = await self._send(formed)
        if isinstance(answer, Later):
            await self._wait(answer)
            return
        if self._failures:
            say("server-back", after_failures=self._failures, rows=self._store.rows)
        self._failures = 0
        if isinstance(answer, Never):
            say("batch-refused", level="error", batch=str(formed.batch), code=answer.code, message=answer.message)
            await self._store.refuse(formed, answer.code, answer.message)
            return
        for one in answer.refused[:10]:
            say("row-refused", level="warning", batch=str(formed.batch), **one.model_dump())
        await self._store.settle(formed, answer.refused)

    async def _send(self, formed: Formed) -> BatchAnswer | Later | Never:
        try:
            response = await self._server.post(PATH, formed.message(wall_us()))
        except httpx.HTTPError as error:
            return Later(repr(error))
        return read_answer(response.status_code, response.content)

    async def _wait(self, later: Later) -> None:
        self._failures += 1
        if self._failures == 1 or self._failures % 20 == 0:
            event = "token-refused" if later.slowly else "server-away"
            say(event, level="error", why=later.why, failures=self._failures, rows=self._store.rows)
        if not later.slowly:
            await asyncio.sleep(backoff_s(self._failures, random.random()))  # noqa: S311 -- spreads load, no secret
            return
        for _ in range(round(_LONGEST_S / _EVERY_S)):
            await asyncio.sleep(_EVERY_S)
            if self._server.reload_token():
                say("token-changed")
                return


def read_answer(status: int, body: bytes) -> BatchAnswer | Later | Never:
    """What an HTTP answer to a batch means."""
    if status == 200:
        try:
            return BatchAnswer.model_validate_json(body)
        except ValidationError:
            return Later("200, but not the server's answer")
    if status in (401, 403):
        return Later(str(status), slowly=True)
    if status in NEVER:
        return Never(f"http.{status}", body[:500].decode(errors="replace"))
    return Later(str(status))


def backoff_s(failures: int, chance: float) -> float:
    """How long to wait after so many failures; ``chance`` in [0, 1) takes away up to half."""
    return min(_LONGEST_S, 2.0 ** min(failures - 1, 10)) * (1 - chance / 2)
