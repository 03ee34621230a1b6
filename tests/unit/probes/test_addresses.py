"""Addresses as people type them. IPv6 by RFC 5952, names by RFC 1123, examples from the documentation ranges."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.probes.addresses import join_host_port, normalise, parse_host, parse_host_port, split_host_port
from opspact.probes.errors import AddressError
from opspact.probes.registry import KINDS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" 192.0.2.1 ", "192.0.2.1"),
        ("１９２．０．２．１", "192.0.2.1"),
        ("192。0。2。1", "192.0.2.1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("【2001:db8::1】", "2001:db8::1"),
        ("WWW.Example.ORG.", "www.example.org"),
        ("file_server-1", "file_server-1"),
        ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
        ("\ufeff192.0.2.1\u200b", "192.0.2.1"),
    ],
)
def test_a_host_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert parse_host(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "address.empty"),
        ("　", "address.empty"),
        ("192.0.2.256", "address.ipv4"),
        ("192.0.2", "address.ipv4"),
        ("192.0.02.1", "address.ipv4"),
        ("192.0.2.0/24", "address.network"),
        ("http://example.org", "address.url"),
        ("example.org:80", "address.ipv6"),
        ("2001:db8:::1", "address.ipv6"),
        ("0.0.0.0", "address.not_a_host"),
        ("224.0.0.1", "address.not_a_host"),
        ("ff02::1", "address.not_a_host"),
        ("255.255.255.255", "address.not_a_host"),
        ("fe80::1%eth0", "address.zone"),
        ("核心交换机", "address.host"),
        ("-a.example", "address.host"),
        ("a..b", "address.host"),
        ("a b", "address.host"),
        ("x" * 64, "address.host"),
        (".".join(["x" * 60] * 5), "address.host"),
    ],
)
def test_what_is_no_host_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(AddressError) as refused:
        parse_host(typed)
    assert refused.value.code == code
    assert refused.value.message % refused.value.params == str(refused.value)


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        ("tcp", "１９２.0.2.1：４４３", "192.0.2.1:443"),
        ("tcp", "[2001:DB8::1]:22", "[2001:db8::1]:22"),
        ("tcp", "db:5432", "db:5432"),
        ("tls", "www.example.org", "www.example.org:443"),
        ("tls", "[2001:db8::1]", "[2001:db8::1]:443"),
        ("icmp", "[::1]", "::1"),
        ("http", "HTTPS://WWW.Example.org", "https://www.example.org/"),
        ("http", "http://192.0.2.1:8080/a b".replace(" ", "%20"), "http://192.0.2.1:8080/a%20b"),
        ("http", "http://[2001:db8::1]/x?q=值#part", "http://[2001:db8::1]/x?q=%E5%80%BC"),
        ("http", "http://example.org/登录", "http://example.org/%E7%99%BB%E5%BD%95"),
    ],
)
def test_each_kind_reads_its_own_addresses(kind: str, typed: str, meant: str) -> None:
    assert KINDS[kind].parse_address(typed) == meant
    assert KINDS[kind].parse_address(meant) == meant


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("tcp", "192.0.2.1", "address.port_missing"),
        ("tcp", "192.0.2.1:", "address.port"),
        ("tcp", "192.0.2.1:0", "address.port"),
        ("tcp", "192.0.2.1:65536", "address.port"),
        ("tcp", "192.0.2.1:http", "address.port"),
        ("tcp", "2001:db8::1:443", "address.brackets"),
        ("tcp", ":80", "address.empty"),
        ("tcp", "[::1]x:80", "address.host_port"),
        ("http", "", "address.empty"),
        ("http", "www.example.org", "address.scheme"),
        ("http", "ftp://example.org/", "address.scheme"),
        ("http", "http://", "address.url_syntax"),
        ("http", "http://a b/", "address.url_syntax"),
        ("http", "http://[::1/", "address.url_syntax"),
        ("http", "http://me:secret@example.org/", "address.credentials"),
        ("http", "http://example.org:99999/", "address.port"),
    ],
)
def test_each_kind_refuses_what_is_none_of_its_addresses(kind: str, typed: str, code: str) -> None:
    with pytest.raises(AddressError) as refused:
        KINDS[kind].parse_address(typed)
    assert refused.value.code == code


def test_a_password_in_a_url_is_not_repeated_in_the_refusal() -> None:
    with pytest.raises(AddressError) as refused:
        KINDS["http"].parse_address("http://me:secret@example.org/")
    assert "secret" not in str(refused.value)


@given(st.ip_addresses().filter(lambda ip: not (ip.is_multicast or ip.is_unspecified)), st.integers(1, 65_535))
def test_any_host_and_port_survive_being_written_and_read(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int
) -> None:
    if str(ip) == "255.255.255.255":
        return
    assert split_host_port(parse_host_port(join_host_port(str(ip), port))) == (str(ip), port)


@given(st.text(max_size=60), st.sampled_from(sorted(KINDS)))
def test_reading_anything_gives_an_address_or_a_typed_refusal(text: str, kind: str) -> None:
    try:
        address = KINDS[kind].parse_address(text)
    except AddressError:
        return
    assert KINDS[kind].parse_address(address) == address
    assert KINDS[kind].host(address)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
