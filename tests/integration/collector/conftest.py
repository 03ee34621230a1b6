"""A server, a collector and targets, all real."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.collector.world import Collector, RecordingServer

from opspact.probes.wire import Assignment


@pytest.fixture
def open_port() -> Iterator[int]:
    """A port where the kernel accepts connections."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1_000)
        yield listening.getsockname()[1]


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that refuses."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture
def server(open_port: int, closed_port: int) -> RecordingServer:
    """A server with twenty checks, every second; the last one is of a closed port."""
    made = RecordingServer()
    made.assignments = [
        Assignment(check=number, kind="tcp", address=f"127.0.0.1:{port}", interval_s=1, timeout_s=1.0)
        for number, port in enumerate([open_port] * 19 + [closed_port], start=1)
    ]
    return made


@pytest.fixture
def collector(tmp_path: Path, server: RecordingServer) -> Iterator[Collector]:
    """A collector that is not started yet, and is gone after the test."""
    made = Collector(tmp_path, server)
    yield made
    made.stop()
