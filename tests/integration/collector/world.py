"""A small real HTTP server that a real collector process ships to, and that misbehaves on demand."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from opspact.probes.wire import Assignment, Batch, Heartbeat, unpack

TOKEN = "right-token"


class RecordingServer:
    """Records batches by id. ``answer`` may be set to take the place of the good answer to a batch."""

    def __init__(self) -> None:
        self.assignments: list[Assignment] = []
        self.contents: dict[str, list[Batch]] = {}
        self.heartbeats: list[Heartbeat] = []
        self.not_modified = 0
        self.answer: Callable[[Batch], tuple[int, bytes] | None] | None = None
        self.token = TOKEN
        self.port = 0
        self.connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    @contextmanager
    def up(self) -> Iterator[None]:
        """Serve on a free port the first time, on the same one later."""
        server = ThreadingHTTPServer(("127.0.0.1", self.port), type("Handler", (_Handler,), {"world": self}))
        server.daemon_threads = True
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            for connection in self.connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self.connections.clear()

    def take(self, batch: Batch) -> tuple[int, bytes] | None:
        """Record a batch and answer it; None hangs up without a word, after having taken it."""
        with self._lock:
            if self.answer is not None and (given := self.answer(batch)) != (200, b""):
                if given is None:
                    self.contents.setdefault(str(batch.batch), []).append(batch)
                return given
            before = self.contents.setdefault(str(batch.batch), [])
            before.append(batch)
            answer = {"accepted": len(batch.results), "duplicate": len(before) > 1, "refused": []}
            return 200, json.dumps(answer).encode()

    @property
    def results(self) -> list[tuple[int, int, str]]:
        """Check, time and state of every result that arrived, each batch once."""
        with self._lock:
            once = [batches[0] for batches in self.contents.values()]
        return sorted((row.check, row.at, row.seen) for batch in once for row in batch.results)

    def missed(self, reason: str) -> list[tuple[int, int, int]]:
        """Check, begin and end of the missed intervals with a reason, each batch once."""
        with self._lock:
            once = [batches[0] for batches in self.contents.values()]
        return [(m.check, m.from_us, m.to_us) for batch in once for m in batch.missed if m.reason == reason]

    @property
    def version(self) -> str:
        return str(hash(tuple(one.model_dump_json() for one in self.assignments)))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: RecordingServer

    def setup(self) -> None:
        super().setup()
        self.world.connections.add(self.connection)

    def do_GET(self) -> None:
        if not self._allowed():
            return
        world = self.world
        etag = f'"{world.version}"'
        if self.headers.get("If-None-Match") == etag:
            world.not_modified += 1
            self._answer(304, b"")
            return
        body = {
            "version": world.version,
            "server_time": time.time_ns() // 1_000,
            "assignments": [one.model_dump() for one in world.assignments],
        }
        self._answer(200, json.dumps(body).encode(), etag)

    def do_POST(self) -> None:
        body = unpack(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._allowed():
            return
        if self.path == "/collector/v1/heartbeat":
            self.world.heartbeats.append(Heartbeat.model_validate_json(body))
            self._answer(204, b"")
            return
        answer = self.world.take(Batch.model_validate_json(body))
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._answer(*answer)

    def _allowed(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {self.world.token}":
            return True
        self._answer(401, b"")
        return False

    def _answer(self, status: int, body: bytes, etag: str | None = None) -> None:
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Collector:
    """One spool, and the collector processes that use it one after the other."""

    def __init__(self, folder: Path, server: RecordingServer) -> None:
        self.spool = folder / "spool"
        self.token_file = folder / "token"
        self.token_file.write_text(TOKEN + "\n")
        self.log = folder / "log"
        self._server = server
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str, url: str | None = None) -> subprocess.Popen[bytes]:
        """Start a process."""
        command = [sys.executable, "-m", "opspact.collector", "--insecure-loopback", "--spool", str(self.spool)]
        command += ["--server", url or f"http://127.0.0.1:{self._server.port}", "--token-file", str(self.token_file)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *options],
                stderr=log,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                # A job that a shell starts in the background ignores SIGINT.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
            )
        return self._process

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        """End it at the end of a test, whatever it does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self.kill()

    def said(self, event: str) -> list[dict[str, Any]]:
        """Lines of the log with this event."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def spooled(self) -> set[tuple[int, int, str]]:
        """The results that lie in the spool now."""
        with closing(sqlite3.connect(self.spool / "spool.sqlite")) as database:
            return set(database.execute("SELECT check_id, at, seen FROM results"))

    def refused(self) -> list[tuple[str, str]]:
        """Code and message of the rows that were put aside."""
        with closing(sqlite3.connect(self.spool / "spool.sqlite")) as database:
            return database.execute("SELECT code, message FROM refused").fetchall()


def wait_until(true: Callable[[], object], *, within_s: float = 20.0) -> None:
    """Wait for a condition; fails with its name when it does not come."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {within_s} s: {true}")
