"""Echo requests through Debian's fping, which carries CAP_NET_RAW itself; hosts asked at once share a process."""

import asyncio
import re
import shutil
from collections import defaultdict
from typing import Literal

_GATHER_S = 0.02
_HOSTS = 200
_SPACING_MS = 200
_LINE = re.compile(rb"^(\S+)\s*:\s*((?:[\d.]+|-)(?:\s+(?:[\d.]+|-))*)\s*$", re.MULTILINE)

_Waiting = list[tuple[str, "asyncio.Future[list[float | None]]"]]


class FpingSender:
    """Echo requests by fping processes. Belongs to the event loop it was made in."""

    method: Literal["raw", "ping", "fping"] = "fping"

    def __init__(self, program: str) -> None:
        self._program = program
        self._waiting: dict[tuple[int, int], _Waiting] = defaultdict(list)
        self._running: set[asyncio.Task[None]] = set()

    async def echo(self, address: str, *, count: int, wait_s: float) -> list[float | None]:
        """Round trips in ms of ``count`` packets, None for each without an answer within ``wait_s``. Raises OSError."""
        key = (count, round(wait_s * 1_000))
        answer: asyncio.Future[list[float | None]] = asyncio.get_running_loop().create_future()
        self._waiting[key].append((address, answer))
        if len(self._waiting[key]) == 1:
            self._start(self._gather(key))
        return await answer

    def _start(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.create_task(work, name="fping")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _gather(self, key: tuple[int, int]) -> None:
        await asyncio.sleep(_GATHER_S)
        waiting = self._waiting.pop(key)
        for first in range(0, len(waiting), _HOSTS):
            self._start(self._run(key, waiting[first : first + _HOSTS]))

    async def _run(self, key: tuple[int, int], waiting: _Waiting) -> None:
        count, wait_ms = key
        addresses = sorted({address for address, _ in waiting})
        try:
            trips = await run(self._program, addresses, count=count, wait_ms=wait_ms)
        except OSError as error:
            for _, answer in waiting:
                if not answer.done():
                    answer.set_exception(error)
            return
        for address, answer in waiting:
            if not answer.done():
                answer.set_result(trips.get(address, [None] * count))


async def run(program: str, addresses: list[str], *, count: int, wait_ms: int) -> dict[str, list[float | None]]:
    """Round trips in ms by address. Raises ``OSError`` when fping can't be started or may not send."""
    process = await asyncio.create_subprocess_exec(
        program,
        *("-q", "-r0", f"-C{count}", f"-p{_SPACING_MS}", f"-t{wait_ms}"),
        *addresses,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    # fping(8): 0 all answered, 1 some did not, 2 some names unknown, 3 wrong arguments, 4 system call failure.
    if process.returncode not in (0, 1, 2):
        raise OSError(f"fping: {told.decode(errors='replace').strip()[-120:]}")
    return parse(told)


def parse(told: bytes) -> dict[str, list[float | None]]:
    """Round trips in ms out of ``fping -C -q`` lines such as ``192.0.2.1 : 0.31 - 0.29``."""
    return {
        match[1].decode(): [None if trip == b"-" else float(trip) for trip in match[2].split()]
        for match in _LINE.finditer(told)
    }


def find() -> str | None:
    """The fping program, None where it is not installed."""
    return shutil.which("fping", path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin")
