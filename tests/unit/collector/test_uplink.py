"""Who proves the uplink."""

import asyncio
from pathlib import Path

import pytest

from opspact.collector import uplink as module
from opspact.collector.uplink import Uplink, default_gateway

# proc(5): little-endian hexadecimal; 0101A8C0 is 192.168.1.1.
HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
ROUTE = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
LAN = "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"


@pytest.fixture
def routes(tmp_path: Path) -> Path:
    file = tmp_path / "route"
    file.write_text(HEAD + LAN + ROUTE)
    return file


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> set[object]:
    """The hosts and (host, port) pairs that answer."""
    there: set[object] = set()

    async def pings(host: str) -> bool:
        return host in there

    async def connects(host: str, port: int) -> bool:
        return (host, port) in there

    monkeypatch.setattr(module, "_pings", pings)
    monkeypatch.setattr(module, "_connects", connects)
    return there


def test_the_default_gateway_is_read_from_the_routing_table(routes: Path) -> None:
    assert default_gateway(routes) == "192.168.1.1"


@pytest.mark.parametrize("table", [HEAD, HEAD + LAN, "", HEAD + ROUTE.replace("0003", "0002")])
def test_a_machine_without_a_default_route_has_no_gateway(routes: Path, table: str) -> None:
    routes.write_text(table)
    assert default_gateway(routes) is None
    assert default_gateway(routes.with_name("missing")) is None


def test_a_gateway_that_never_answered_is_no_witness(routes: Path, answering: set[object]) -> None:
    assert asyncio.run(Uplink((), routes).look()) is None


def test_a_gateway_that_falls_silent_or_vanishes_testifies(routes: Path, answering: set[object]) -> None:
    uplink = Uplink((), routes)
    answering.add("192.168.1.1")
    assert asyncio.run(uplink.look()) is True
    answering.clear()
    assert asyncio.run(uplink.look()) is False
    routes.write_text(HEAD)
    assert asyncio.run(uplink.look()) is False


def test_one_answer_is_enough(routes: Path, answering: set[object]) -> None:
    uplink = Uplink((("192.0.2.7", 443), ("192.0.2.8", None)), routes)
    assert asyncio.run(uplink.look()) is False
    answering.add("192.0.2.8")
    assert asyncio.run(uplink.look()) is True


def test_a_server_on_this_machine_proves_nothing(routes: Path, answering: set[object]) -> None:
    answering.add(("127.0.0.1", 8000))
    assert asyncio.run(Uplink((("127.0.0.1", 8000), ("localhost", 8000)), routes).look()) is None


def test_a_refused_connection_is_an_answer() -> None:
    from tests.unit.probes.targets import closed_port

    with closed_port() as port:
        assert asyncio.run(module._connects("127.0.0.1", port)) is True
    assert asyncio.run(module._connects("nowhere.invalid", 1)) is False
