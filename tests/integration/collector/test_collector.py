"""The real collector process against a real HTTP server: what it loses when things die, which is nothing."""

import random
import signal
import time
from collections import defaultdict

import pytest
from tests.integration.collector.world import Collector, RecordingServer, wait_until

from opspact.core.instants import SECOND
from opspact.probes.wire import Assignment, Batch


def unchanged(server: RecordingServer) -> bool:
    """Whether every sending of a batch id carried the same."""
    return all(
        (one.seq, one.results, one.missed) == (sent[0].seq, sent[0].results, sent[0].missed)
        for sent in server.contents.values()
        for one in sent
    )


def check_there_is_no_hole(server: RecordingServer) -> None:
    """From its first result on, each check has a result or a missed interval in any three seconds."""
    times: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for check, at, _ in server.results:
        times[check].append((at, at))
    for sent in server.contents.values():
        for one in sent[0].missed:
            times[one.check].append((one.from_us, one.to_us))
    for check, spans in times.items():
        spans.sort()
        reached = spans[0][0]
        for begin, end in spans:
            assert begin - reached <= 3 * SECOND, f"check {check} has a hole of {(begin - reached) / SECOND} s"
            reached = max(reached, end)


def test_results_reach_the_server_with_their_states(server: RecordingServer, collector: Collector) -> None:
    server.assignments += [
        Assignment(check=30, kind="icmp", address="127.0.0.1", interval_s=1, timeout_s=1.0),
        Assignment(check=31, kind="gopher", address="127.0.0.1", interval_s=1, timeout_s=1.0),
    ]
    with server.up():
        collector.start()
        wait_until(lambda: len({check for check, _, _ in server.results}) == 22)
        wait_until(lambda: server.heartbeats and server.heartbeats[-1].checks == 22)
    seen = {check: state for check, _, state in server.results}
    assert all(seen[check] == "up" for check in range(1, 20))
    assert seen[20] == "down"
    assert seen[31] == "unknown"
    icmp = server.heartbeats[-1].icmp
    assert seen[30] == ("unknown" if icmp.method == "none" else "up")


def test_killed_at_any_moment_it_loses_nothing_it_had_spooled_and_changes_no_batch(
    server: RecordingServer, collector: Collector
) -> None:
    chance = random.Random(20221122)
    # One answer in three is lost on its way back, after the server has taken the batch.
    server.answer = lambda batch: None if chance.random() < 0.33 else (200, b"")
    spooled: set[tuple[int, int, str]] = set()
    with server.up():
        for _ in range(5):
            collector.start()
            wait_until(lambda: len(collector.said("started")) > 0)
            time.sleep(chance.uniform(2.0, 4.0))
            collector.kill()
            spooled |= collector.spooled()
        server.answer = None
        collector.start()
        wait_until(lambda: spooled <= set(server.results))
        time.sleep(2.5)
    assert unchanged(server)
    assert any(len(sent) > 1 for sent in server.contents.values())
    results = server.results
    assert len(results) == len({(check, at) for check, at, _ in results})
    assert server.missed("stopped")
    check_there_is_no_hole(server)


def test_it_goes_on_while_the_server_is_away_and_then_ships_everything(
    server: RecordingServer, collector: Collector
) -> None:
    with server.up():
        collector.start()
        wait_until(lambda: server.results)
    away = time.time_ns() // 1_000
    wait_until(lambda: collector.said("server-away"))
    time.sleep(5)
    back = time.time_ns() // 1_000
    with server.up():
        wait_until(lambda: any(at > back for _, at, _ in server.results), within_s=40)
    seconds = {(at - away) // SECOND for check, at, _ in server.results if check == 1 and away < at < back}
    assert len(seconds) >= 4
    check_there_is_no_hole(server)
    assert unchanged(server)


def test_started_while_the_server_is_away_it_goes_on_with_its_last_assignments(
    server: RecordingServer, collector: Collector
) -> None:
    with server.up():
        collector.start()
        wait_until(lambda: server.results)
    collector.kill()
    collector.start()
    wait_until(lambda: collector.said("assignments-resumed"))
    before = len(collector.spooled())
    wait_until(lambda: len(collector.spooled()) > before + 20)
    with server.up():
        wait_until(lambda: server.not_modified, within_s=40)


def test_a_wrong_token_stops_nothing_and_a_new_one_is_taken_up_without_a_restart(
    server: RecordingServer, collector: Collector
) -> None:
    with server.up():
        collector.start()
        wait_until(lambda: server.results)
        server.token = "another-token"
        wait_until(lambda: collector.said("token-refused"))
        arrived = len(server.results)
        before = len(collector.spooled())
        wait_until(lambda: len(collector.spooled()) > before + 20)
        assert len(server.results) == arrived
        collector.token_file.write_text("another-token\n")
        wait_until(lambda: len(server.results) > arrived + 20, within_s=10)


@pytest.mark.parametrize("status", [500, 503, 429, 404])
def test_a_server_in_trouble_gets_the_same_batch_again(
    server: RecordingServer, collector: Collector, status: int
) -> None:
    asked: list[Batch] = []

    def troubled(batch: Batch) -> tuple[int, bytes]:
        asked.append(batch)
        return (status, b"") if len(asked) <= 2 else (200, b"")

    server.answer = troubled
    with server.up():
        collector.start()
        wait_until(lambda: server.results)
    assert [(one.batch, one.results, one.missed) for one in asked[:3]] == [
        (asked[0].batch, asked[0].results, asked[0].missed)
    ] * 3
    assert asked[2].sent_at > asked[0].sent_at


def test_a_batch_the_server_can_never_take_is_put_aside_and_the_next_ones_pass(
    server: RecordingServer, collector: Collector
) -> None:
    refused: list[Batch] = []

    def refusing(batch: Batch) -> tuple[int, bytes]:
        if refused and batch.batch != refused[0].batch:
            return 200, b""
        refused.append(batch)
        return 422, b"what is this"

    server.answer = refusing
    with server.up():
        collector.start()
        wait_until(lambda: server.results)
        wait_until(lambda: collector.refused())
    assert len(refused) == 1
    assert set(collector.refused()) == {("http.422", "what is this")}
    assert collector.said("batch-refused")


def test_single_rows_the_server_refuses_are_put_aside(server: RecordingServer, collector: Collector) -> None:
    answer = (
        b'{"accepted":0,"duplicate":false,"refused":[{"index":0,"code":"check.unknown","message":"no such check"}]}'
    )
    server.answer = lambda batch: (200, answer)
    with server.up():
        collector.start()
        wait_until(lambda: collector.said("row-refused"))
        wait_until(lambda: ("check.unknown", "no such check") in collector.refused())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_within_three_seconds_and_spools_what_it_has(
    server: RecordingServer, collector: Collector, number: signal.Signals
) -> None:
    server.assignments.append(Assignment(check=40, kind="icmp", address="240.0.0.1", interval_s=60, timeout_s=30.0))
    server.assignments.append(Assignment(check=41, kind="tcp", address="240.0.0.1:1", interval_s=60, timeout_s=30.0))
    with server.up():
        process = collector.start()
        wait_until(lambda: len(server.results) > 20)
    time.sleep(3)
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    assert time.monotonic() - began < 3
    assert collector.said("stopped")
    assert collector.spooled()


def test_a_collector_that_stood_still_says_so_and_blames_no_target(
    server: RecordingServer, collector: Collector
) -> None:
    with server.up():
        process = collector.start()
        wait_until(lambda: len(server.results) > 40)
        process.send_signal(signal.SIGSTOP)
        time.sleep(4)
        process.send_signal(signal.SIGCONT)
        wait_until(lambda: server.missed("lag"))
        time.sleep(1.5)
    assert {check for check, _, _ in server.missed("lag")} == set(range(1, 21))
    assert {state for check, _, state in server.results if check < 20} == {"up"}
    check_there_is_no_hole(server)


def test_a_second_collector_on_the_same_spool_is_refused(server: RecordingServer, collector: Collector) -> None:
    with server.up():
        collector.start()
        wait_until(lambda: server.results)
        second = Collector(collector.spool.parent, server)
        assert second.start().wait(timeout=10) == 2
    assert "Another collector is using the spool" in collector.log.read_text()


@pytest.mark.parametrize(
    ("url", "options", "sentence"),
    [
        ("http://192.0.2.1", (), "use https"),
        ("ftp://127.0.0.1", (), "no http or https address"),
        (None, ("--token-file", "/nonexistent"), "token file can't be read"),
        (None, ("--spool", "/proc/spool"), "can't be written"),
        (None, ("--uplink", "a b"), "--uplink"),
        (None, ("--ca", "/nonexistent"), ""),
    ],
)
def test_what_can_not_work_is_refused_in_one_sentence(
    server: RecordingServer, collector: Collector, url: str | None, options: tuple[str, ...], sentence: str
) -> None:
    if options == ("--ca", "/nonexistent"):
        url, sentence = "https://192.0.2.1", "can't be read"
    assert collector.start(*options, url=url).wait(timeout=10) == 2
    said = collector.log.read_text()
    assert sentence in said
    assert len(said.splitlines()) == 1
