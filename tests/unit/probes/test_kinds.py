"""The probes against real sockets."""

import asyncio
import ssl
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from tests.unit.probes.targets import Answer, certificate, closed_port, hang_up, hold, http, say, serving

from opspact.probes.kind import Outcome
from opspact.probes.kinds.http import MAX_PAGE
from opspact.probes.registry import KINDS, probe
from opspact.probes.wire import Assignment


def ask(kind: str, address: str, *, timeout_s: float = 3.0, **settings: object) -> Awaitable[Outcome]:
    given = Assignment(
        check=1,
        kind=kind,
        address=address,
        settings=settings,
        interval_s=60,
        timeout_s=timeout_s,  # type: ignore[arg-type]
    )
    return probe(given)


def against(
    answer: Answer,
    kind: str,
    address: str,
    *,
    tls: ssl.SSLContext | None = None,
    timeout_s: float = 3.0,
    **settings: object,
) -> Outcome:
    """The outcome of one probe of a server; ``PORT`` in the address is its port."""

    async def run() -> Outcome:
        async with serving(answer, tls=tls) as port:
            return await ask(kind, address.replace("PORT", str(port)), timeout_s=timeout_s, **settings)

    return asyncio.run(run())


WEB = "http://127.0.0.1:PORT/"


def test_an_open_port_is_up_with_its_time_in_ms() -> None:
    outcome = against(hold, "tcp", "127.0.0.1:PORT")
    assert (outcome.seen, outcome.unit, outcome.detail) == ("up", "ms", "")
    assert outcome.value is not None
    assert 0 < outcome.value < 1_000


def test_a_port_of_a_name_with_two_addresses_is_found_where_it_listens() -> None:
    assert against(hold, "tcp", "localhost:PORT").seen == "up"


def test_an_open_port_beyond_its_warning_time_is_degraded() -> None:
    outcome = against(hold, "tcp", "127.0.0.1:PORT", warn_ms=0.000001)
    assert (outcome.seen, outcome.detail.partition(":")[0]) == ("degraded", "slow")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize(("kind", "address"), [("tcp", "%s:%d"), ("http", "http://%s:%d/"), ("tls", "%s:%d")])
def test_a_closed_port_is_down_because_it_was_refused(kind: str, address: str, host: str) -> None:
    with closed_port() as port:
        assert asyncio.run(ask(kind, address % (host, port))) == Outcome("down", None, "", "refused")


@pytest.mark.parametrize(("kind", "address"), [("http", WEB), ("tls", "127.0.0.1:PORT")])
def test_a_server_that_hangs_is_down_when_the_time_is_over(kind: str, address: str) -> None:
    began = monotonic()
    assert against(hold, kind, address, timeout_s=0.3) == Outcome("down", None, "", "timeout")
    assert monotonic() - began < 2


@pytest.mark.parametrize(
    ("kind", "address"),
    [("tcp", "nowhere.invalid:80"), ("http", "http://nowhere.invalid/"), ("icmp", "nowhere.invalid")],
)
def test_a_name_nobody_resolves_is_never_the_targets_refusal(kind: str, address: str) -> None:
    # NXDOMAIN says down; a machine without any name server can only say unknown (RFC 6761 keeps .invalid free).
    outcome = asyncio.run(ask(kind, address, timeout_s=30))
    assert (outcome.seen, outcome.detail.partition(":")[0]) in {("down", "dns"), ("unknown", "resolver")}


def test_a_page_is_up_with_its_time() -> None:
    outcome = against(http(b"hello"), "http", WEB)
    assert (outcome.seen, outcome.detail) == ("up", "")
    assert outcome.value is not None


@pytest.mark.parametrize(
    ("status", "expected", "seen"),
    [
        ("200 OK", "200-399", "up"),
        ("404 Not Found", "200-399", "down"),
        ("503 Service Unavailable", "200-399", "down"),
        ("401 Unauthorized", "200,401", "up"),
        ("204 No Content", "200", "down"),
    ],
)
def test_a_status_outside_the_expected_set_is_down(status: str, expected: str, seen: str) -> None:
    outcome = against(http(b"", status), "http", WEB, status=expected)
    assert outcome.seen == seen
    assert outcome.detail == ("" if seen == "up" else f"status: {status[:3]}")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_expected_chinese_text_is_found_whatever_the_page_is_encoded_in(encoding: str) -> None:
    page = "<html>应急值守系统 运行正常</html>".encode(encoding)
    assert against(http(page), "http", WEB, text="运行正常").seen == "up"
    missing = against(http(page), "http", WEB, text="维护中")
    assert (missing.seen, missing.detail) == ("down", "text")


def test_only_the_first_megabyte_of_a_page_is_searched() -> None:
    just_within = b"x" * (MAX_PAGE - 4) + b"good"
    assert against(http(just_within), "http", WEB, text="good").seen == "up"
    assert against(http(b"x" + just_within), "http", WEB, text="good").detail == "text"


def test_an_endless_page_ends_the_probe_after_a_megabyte() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    assert against(endless, "http", WEB, text="good", timeout_s=10).detail == "text"


def test_head_asks_for_no_body() -> None:
    asked: list[bytes] = []

    async def listening(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        await writer.drain()

    assert against(listening, "http", WEB, method="HEAD").seen == "up"
    assert asked == [b"HEAD / HTTP/1.1\r\n"]


def test_a_redirect_is_good_unless_it_is_followed_round_and_round() -> None:
    around = http(b"", "302 Found", "Location: /")
    assert against(around, "http", WEB).seen == "up"
    followed = against(around, "http", WEB, redirects=True)
    assert (followed.seen, followed.detail) == ("down", "redirects")


@pytest.mark.parametrize(
    ("answer", "code"),
    [(hang_up, "closed"), (say(b"SSH-2.0-OpenSSH\r\n\r\n"), "http"), (say(b"HTTP/1.1 200 OK\r\nContent-Le"), "closed")],
)
def test_an_answer_that_is_no_http_is_down(answer: Answer, code: str) -> None:
    outcome = against(answer, "http", WEB)
    assert (outcome.seen, outcome.detail.partition(":")[0]) == ("down", code)


def test_a_proxy_of_the_environment_does_not_answer_for_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert against(http(b"hello"), "http", WEB).seen == "up"


def test_a_slow_page_is_degraded() -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        await http(b"")(reader, writer)

    outcome = against(slow, "http", WEB, warn_ms=50)
    assert outcome.seen == "degraded"
    assert outcome.value is not None
    assert outcome.value >= 100


def test_a_self_signed_page_is_down_unless_trust_is_not_asked_for(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, begins=timedelta(days=-1), ends=timedelta(days=90))
    url = "https://127.0.0.1:PORT/"
    outcome = against(http(b""), "http", url, tls=context)
    assert (outcome.seen, outcome.detail.partition(":")[0]) == ("down", "untrusted")
    assert against(http(b""), "http", url, tls=context, verify=False).seen == "up"


def test_https_to_a_port_that_speaks_no_tls_is_a_tls_failure() -> None:
    outcome = against(say(b"hello\r\n"), "http", "https://127.0.0.1:PORT/")
    assert (outcome.seen, outcome.detail.partition(":")[0]) == ("down", "tls")


@pytest.mark.parametrize(
    ("begins", "ends", "seen", "code", "days"),
    [
        (-1, 90, "up", "", 90),
        (-1, 31, "up", "", 31),
        (-1, 29, "degraded", "expires", 29),
        (-9, -2, "down", "expired", -2),
        (2, 90, "down", "not_yet_valid", 90),
    ],
)
@pytest.mark.parametrize("verify", [False, True])
def test_a_certificate_is_judged_by_its_days(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    begins: int,
    ends: int,
    seen: str,
    code: str,
    days: int,
    verify: bool,
) -> None:
    context, file = certificate(tmp_path, begins=timedelta(days=begins), ends=timedelta(days=ends))
    if verify:
        _trust(monkeypatch, file)
    outcome = against(hold, "tls", "127.0.0.1:PORT", tls=context, verify=verify)
    assert (outcome.seen, outcome.detail.partition(":")[0], outcome.unit) == (seen, code, "days")
    assert outcome.value == pytest.approx(days, abs=0.01)


def _trust(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    from opspact.probes.kinds import tls

    context = ssl.create_default_context(cafile=file)
    unverified = tls.trust(False)
    monkeypatch.setattr(tls, "trust", lambda verify: context if verify else unverified)


def test_a_chain_is_checked_only_where_it_is_asked_for(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, begins=timedelta(days=-1), ends=timedelta(days=90))
    outcome = against(hold, "tls", "127.0.0.1:PORT", tls=context, verify=True)
    assert (outcome.seen, outcome.detail.partition(":")[0]) == ("down", "untrusted")


def test_a_warning_time_for_certificates_can_be_set(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, begins=timedelta(days=-1), ends=timedelta(days=90))
    assert against(hold, "tls", "127.0.0.1:PORT", tls=context, warn_days=91).seen == "degraded"


def test_the_server_name_is_asked_for(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, begins=timedelta(days=-1), ends=timedelta(days=90))
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    against(hold, "tls", "127.0.0.1:PORT", tls=context, sni="oa.example.org")
    assert names == ["oa.example.org"]


def test_a_port_that_speaks_no_tls_is_down() -> None:
    outcome = against(say(b"hello\r\n"), "tls", "127.0.0.1:PORT")
    assert (outcome.seen, outcome.detail.partition(":")[0]) == ("down", "tls")


@pytest.mark.parametrize(
    ("kind", "settings", "detail"),
    [("gopher", {}, "kind: gopher"), ("tcp", {"warn_ms": "x"}, "settings"), ("tcp", {"wrong": 1}, "settings")],
)
def test_what_can_not_be_asked_is_unknown(kind: str, settings: dict[str, object], detail: str) -> None:
    outcome = asyncio.run(ask(kind, "127.0.0.1:1", **settings))
    assert outcome.seen == "unknown"
    assert outcome.detail.startswith(detail)


def test_a_fault_of_the_probe_itself_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = asyncio.run(ask("tcp", "no port here"))
    assert (outcome.seen, outcome.detail.partition(":")[0]) == ("unknown", "internal")


def test_running_out_of_sockets_is_the_collectors_fault_and_not_the_targets() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def run() -> Outcome:
        async with serving(hold) as port:
            first = await ask("tcp", f"127.0.0.1:{port}")
            assert first.seen == "up"
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
            try:
                return await ask("tcp", f"127.0.0.1:{port}")
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    outcome = asyncio.run(run())
    assert (outcome.seen, outcome.detail.partition(":")[0]) == ("unknown", "internal")


def test_each_kind_has_a_label_a_unit_and_described_settings() -> None:
    for name, kind in KINDS.items():
        assert kind.name == name
        assert kind.label
        assert kind.unit
        assert all(field.description and not field.is_required() for field in kind.settings.model_fields.values())
