"""Where the web part may listen in plain text, and how it is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from opspact.runtime import parts
from opspact.runtime.faults import Fault
from opspact.runtime.parts import Bind


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_may_be_plain(host: str) -> None:
    assert not Bind(host).needs_certificate


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "ops.example"])
def test_any_other_bind_needs_a_certificate_or_a_proxy(host: str) -> None:
    assert Bind(host).needs_certificate
    assert not Bind(host, behind_proxy=True).needs_certificate
    assert not Bind(host, certificate=Path("a.crt"), key=Path("a.key")).needs_certificate


def test_it_refuses_to_start_in_plain_text_beyond_loopback() -> None:
    with pytest.raises(Fault, match="TLS"):
        parts.web(Bind("10.1.2.3"), workers=1)


def test_the_address_told_works_on_this_machine() -> None:
    assert Bind("0.0.0.0", 8000, certificate=Path("a"), key=Path("b")).origin == "https://127.0.0.1:8000"
    assert Bind("::1", 9000).origin == "http://[::1]:9000"
    assert Bind("ops.example", 443, behind_proxy=True).origin == "http://ops.example:443"


def test_only_the_collector_keeps_a_capability() -> None:
    bind = Bind()
    made = [
        parts.web(bind, 2),
        parts.worker(),
        parts.collector(bind.origin, Path("token"), Path("spool")),
    ]
    assert {part.name: bool(part.keeps) for part in made} == {"web": False, "worker": False, "collector": True}
