"""The collector's tasks: each has a name, runs for ever, and when one ends all end, loudly."""

import asyncio
import signal
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

from opspact.collector.assignments import Assigner
from opspact.collector.clock import Clock
from opspact.collector.config import Options
from opspact.collector.doubt import Doubt
from opspact.collector.heartbeat import beat
from opspact.collector.log import say
from opspact.collector.runner import Runner
from opspact.collector.server import Server
from opspact.collector.ship import Shipper
from opspact.collector.store import Limits, Store
from opspact.collector.sweeper import Sweeper
from opspact.collector.uplink import Uplink

_LAG_LOOK_S = 0.25
_UPLINK_LOOK_S = 5.0
_UPLINK_LOOK_WITH_FAILURES_S = 1.0
_LAST_WRITE_S = 2.0


async def run(options: Options) -> int:
    """Run until SIGINT or SIGTERM, then stop within three seconds. The exit code: 0, or 1 when a task failed."""
    loop = asyncio.get_running_loop()
    # Name resolution runs in threads; the default of a few is used up by the first dead name server.
    loop.set_default_executor(ThreadPoolExecutor(64, thread_name_prefix="resolve"))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    store = Store(options.spool, Limits(options.max_rows, options.max_bytes, options.min_free))
    server = Server(options.url, options.token_file, options.verify)
    clock = Clock()
    doubt = Doubt(clock.monotonic())
    runner = Runner(store, doubt, clock, capacity=options.capacity)
    assigner = Assigner(store, server, runner)
    await assigner.resume()
    say("started", server=options.url, spool=str(options.spool), waiting=store.rows)
    failed = await _watch(
        stop,
        {
            "checks": runner.start_checks(),
            "write": runner.write_down(),
            "ship": Shipper(store, server).run(),
            "assignments": assigner.run(),
            "heartbeat": beat(store, server, runner, doubt),
            "sweeps": Sweeper(server).run(),
            "lag": _watch_lag(doubt, clock),
            "uplink": _watch_uplink(doubt, clock, runner, Uplink(options.witnesses)),
        },
        runner,
    )
    await _close(store, server)
    say("stopped", level="error" if failed else "info", waiting=store.rows)
    return 1 if failed else 0


async def _watch(stop: asyncio.Event, parts: dict[str, Coroutine[object, object, None]], runner: Runner) -> bool:
    """Wait for the order to stop or for the first task to end; then end all. Whether it was a task."""
    tasks = [asyncio.create_task(part, name=name) for name, part in parts.items()]
    stopping = asyncio.create_task(stop.wait(), name="stop")
    done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in done - {stopping}:
        say("task-died", level="error", task=task.get_name(), error=repr(task.exception()))
    for task in [stopping, *tasks]:
        task.cancel()
    # The write task may be in the middle of a commit, which goes on in its thread; the last one queues behind it.
    last = asyncio.create_task(runner.stop(), name="last-write")
    await asyncio.wait([last], timeout=_LAST_WRITE_S)
    if not last.done():
        say("last-write-unfinished", level="error")
    return stopping not in done


async def _close(store: Store, server: Server) -> None:
    """End what is left (fping, open probes), close the files; half a second is enough or it is left to the kernel."""
    mine = asyncio.current_task()
    rest = [task for task in asyncio.all_tasks() if task is not mine]
    for task in rest:
        task.cancel()
    closing = [asyncio.create_task(store.close()), asyncio.create_task(server.close())]
    await asyncio.wait([*rest, *closing], timeout=0.5)


async def _watch_lag(doubt: Doubt, clock: Clock) -> None:
    while True:
        began = clock.monotonic()
        await asyncio.sleep(_LAG_LOOK_S)
        ended = clock.monotonic()
        doubt.ticked(began, ended, max(0.0, ended - began - _LAG_LOOK_S))


async def _watch_uplink(doubt: Doubt, clock: Clock, runner: Runner, uplink: Uplink) -> None:
    looked_at = float("-inf")
    while True:
        every = _UPLINK_LOOK_WITH_FAILURES_S if runner.has_held_failures or not doubt.uplink else _UPLINK_LOOK_S
        began = clock.monotonic()
        if began - looked_at >= every:
            before, looked_at = doubt.uplink, began
            seen = await uplink.look()
            doubt.looked(began, clock.monotonic(), seen)
            if doubt.uplink != before:
                say("uplink-back" if doubt.uplink else "uplink-down", level="warning")
        await asyncio.sleep(_LAG_LOOK_S)
