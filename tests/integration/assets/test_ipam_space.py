"""Address space against an oracle that simply walks over every address."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from opspact.assets.ipam import space


def blocks_in(low: int, high: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    one = st.tuples(st.integers(low - 3, high + 3), st.integers(0, 40)).map(lambda it: (it[0], it[0] + it[1]))
    return st.lists(one, max_size=12).map(sorted)


@given(st.data())
def test_gaps_are_exactly_the_addresses_in_no_block(data: st.DataObject) -> None:
    outer = data.draw(st.tuples(st.integers(100, 160), st.integers(160, 300)))
    blocks = data.draw(blocks_in(*outer))
    found = [number for low, high in space.gaps(outer, blocks) for number in range(low, high + 1)]
    assert found == [
        number for number in range(outer[0], outer[1] + 1) if not any(low <= number <= high for low, high in blocks)
    ]


@given(st.data(), st.integers(24, 32))
def test_the_first_fit_is_the_lowest_aligned_block_that_is_free(data: st.DataObject, length: int) -> None:
    outer = space.whole(ipaddress.ip_network("10.0.0.0/24"))
    blocks = data.draw(blocks_in(*outer))
    found = space.first_fit(space.gaps(outer, blocks), length, 4)
    step = 2 ** (32 - length)
    fits = [
        start
        for start in range(outer[0], outer[1] + 1, step)
        if start + step - 1 <= outer[1] and not any(low <= start + step - 1 and start <= high for low, high in blocks)
    ]
    assert (None if found is None else int(found.network_address)) == (fits[0] if fits else None)


def test_who_may_use_which_addresses() -> None:
    def hosts(text: str, *, is_pool: bool = False) -> tuple[str, str]:
        network = ipaddress.ip_network(text)
        low, high = space.usable(network, is_pool=is_pool)
        return space.text_of(low, network.version), space.text_of(high, network.version)

    assert hosts("10.1.2.0/24") == ("10.1.2.1", "10.1.2.254")
    assert hosts("10.1.2.0/24", is_pool=True) == ("10.1.2.0", "10.1.2.255")
    assert hosts("10.1.2.0/31") == ("10.1.2.0", "10.1.2.1")
    assert hosts("10.1.2.7/32") == ("10.1.2.7", "10.1.2.7")
    assert hosts("2001:db8::/64") == ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff")
    assert hosts("2001:db8::/127") == ("2001:db8::", "2001:db8::1")


def test_a_block_in_the_fewest_prefixes() -> None:
    low, high = (int(ipaddress.ip_address(text)) for text in ("10.0.0.1", "10.0.0.8"))
    found = [str(network) for network in space.prefixes((low, high), 4)]
    assert found == ["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/30", "10.0.0.8/32"]
