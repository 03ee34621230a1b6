"""The wire between a collector and its server: strict JSON over HTTP, bodies compressed with gzip (RFC 1952).

Endpoints, relative to the server's address, all with ``Authorization: Bearer TOKEN``:

- ``GET /collector/v1/assignments`` answers :class:`Assignments` with an ETag; ``If-None-Match`` may answer 304, empty.
- ``POST /collector/v1/batches`` takes a :class:`Batch` and answers 200 with a :class:`BatchAnswer`, also for a batch
  seen before (``duplicate``); 409 says the id was taken with other content. 400, 409, 413, 415 and 422 say the batch
  can never be accepted; all else is retried.
- ``POST /collector/v1/heartbeat`` takes a :class:`Heartbeat` and answers 204.
- ``GET /collector/v1/sweeps`` answers :class:`SweepOrders`; ``POST /collector/v1/sweeps`` takes a :class:`SweepPart`
  and answers 200 with a :class:`SweepAnswer`. A part sent again changes nothing.

Instants are integer microseconds since the epoch, UTC. Intervals are half-open, [from, to).
"""

import gzip
import zlib
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

MAX_ROWS = 5_000
"""Results, and likewise missed intervals, in one batch."""

MAX_DETAIL = 200
"""Characters in the detail of one result."""

MAX_BODY = 8 * 1024 * 1024
"""Bytes of an unpacked body; 5,000 full rows of results and of missed intervals stay below it."""

Instant = Annotated[int, Field(ge=0, le=2**53)]
CheckId = Annotated[int, Field(ge=1, le=2**63 - 1)]
# PostgreSQL stores no NUL in a text, so none may reach it.
Detail = Annotated[str, Field(max_length=MAX_DETAIL, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(max_length=40, pattern=r"^[a-z][a-z0-9_.]*$")]
Seen = Literal["up", "down", "degraded", "unknown"]


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Assignment(_Message):
    """One check a collector is to run: ``address`` and ``settings`` are already normalised by the kind's own rules."""

    check: CheckId
    kind: Annotated[str, Field(max_length=40)]
    address: Annotated[str, Field(min_length=1, max_length=2_000)]
    settings: dict[str, JsonValue] = {}
    interval_s: Annotated[int, Field(ge=1, le=86_400)]
    timeout_s: Annotated[float, Field(gt=0, le=300)]


class Assignments(_Message):
    """Everything a collector is to run; ``version`` is opaque and equal exactly when the assignments are."""

    version: Annotated[str, Field(min_length=1, max_length=100)]
    server_time: Instant
    assignments: list[Assignment]


class ResultRow(NamedTuple):
    """One observation, in JSON the array ``[check, at, seen, value, detail]``.

    ``at`` is when the probe started; ``value`` is in the kind's unit (ms, days); ``detail`` is a code of
    :mod:`opspact.probes.details`, with its argument.
    """

    check: CheckId
    at: Instant
    seen: Seen
    value: Annotated[float, Field(allow_inf_nan=False)] | None
    detail: Detail


class Missed(_Message):
    """Time in which a check was due and was not run; ``reason`` is a code of :class:`MissedReason`."""

    check: CheckId
    from_us: Instant
    to_us: Instant
    reason: Code


class MissedReason(StrEnum):
    """Why a slot has no result. Receivers accept codes they don't know yet."""

    BUSY = "busy"
    """The check's previous run had not finished."""
    CAPACITY = "capacity"
    """Too many other probes were running."""
    LAG = "lag"
    """The collector itself was late: the slot was over before it could look."""
    CLOCK = "clock"
    """The wall clock jumped over the slot."""
    STOPPED = "stopped"
    """The collector was not running, or was told to stop while the probe ran."""
    DROPPED = "dropped"
    """The result existed, but the spool was full and it was the oldest."""


class Batch(_Message):
    """Results and missed intervals under one id. A batch sent again has the same id, ``seq`` and content; only
    ``sent_at`` is the time of this sending, by the collector's clock."""

    batch: Annotated[UUID, Field(strict=False)]
    seq: Annotated[int, Field(ge=1, le=2**63 - 1)]
    sent_at: Instant
    results: Annotated[list[ResultRow], Field(max_length=MAX_ROWS)]
    missed: Annotated[list[Missed], Field(max_length=MAX_ROWS)] = []


class Refusal(_Message):
    """A result the server did not take: ``index`` counts from 0 in the batch's results."""

    index: Annotated[int, Field(ge=0)]
    code: Code
    message: Annotated[str, Field(max_length=500)]


class BatchAnswer(_Message):
    """What the server did with a batch; for one it already had, ``duplicate`` and the first count of ``accepted``."""

    accepted: Annotated[int, Field(ge=0)]
    duplicate: bool
    refused: list[Refusal] = []


class IcmpReport(_Message):
    """How this collector sends ICMP, and when it can't (``none``), the command that mends it."""

    method: Literal["raw", "ping", "fping", "none"]
    hint: Text = ""


class Heartbeat(_Message):
    """A collector's own health: ``lag_ms`` the worst event-loop lag since the last heartbeat, ``spool_rows`` what waits
    to be shipped, ``uplink`` whether it can see beyond itself, ``checks`` how many it runs."""

    at: Instant
    lag_ms: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    spool_rows: Annotated[int, Field(ge=0)]
    uplink: bool
    icmp: IcmpReport
    version: Annotated[Text, Field(max_length=100)]
    checks: Annotated[int, Field(ge=0)]


class SweepOrder(_Message):
    """Networks whose hosts are to be asked with echo requests, in the order of
    :func:`opspact.probes.sweeping.addresses`; the first ``done`` of them were asked already."""

    sweep: CheckId
    networks: Annotated[list[str], Field(min_length=1, max_length=64)]
    done: Annotated[int, Field(ge=0)]
    per_second: Annotated[int, Field(ge=1, le=500)]


class SweepOrders(_Message):
    """The sweeps a collector is to run, one after the other."""

    sweeps: list[SweepOrder]


class SweepPart(_Message):
    """What came of some of a sweep's addresses: ``done`` were asked so far, those in ``up`` answered in this part.

    A ``failure`` ends the sweep.
    """

    sweep: CheckId
    done: Annotated[int, Field(ge=0)]
    up: Annotated[list[Annotated[str, Field(max_length=45)]], Field(max_length=MAX_ROWS)]
    failure: Annotated[Text, Field(max_length=200)] = ""


class SweepAnswer(_Message):
    """Whether the rest is still wanted."""

    go_on: bool


class BodyTooLarge(ValueError):
    """An unpacked body would exceed its limit."""


class BodyNotGzip(ValueError):
    """A body is no complete gzip stream."""


def pack(message: BaseModel) -> bytes:
    """The gzip body of a message."""
    return gzip.compress(message.model_dump_json().encode(), compresslevel=5, mtime=0)


def unpack(body: bytes, *, limit: int = MAX_BODY) -> bytes:
    """The JSON text of a gzip body, never inflating more than ``limit`` bytes.

    Raises :class:`BodyTooLarge` beyond the limit and :class:`BodyNotGzip` for anything but one complete stream.
    """
    stream = zlib.decompressobj(wbits=31)
    try:
        text = stream.decompress(body, limit + 1)
    except zlib.error as error:
        raise BodyNotGzip(str(error)) from error
    if len(text) > limit:
        raise BodyTooLarge(f"more than {limit} bytes")
    if not stream.eof or stream.unused_data:
        raise BodyNotGzip("not one complete gzip stream")
    return text
