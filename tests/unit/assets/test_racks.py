"""Free units, what fits where, cables followed, and the layered drawing: without a database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from opspact.assets.impact.layout import columns
from opspact.assets.racks.cabling import Port, port, trace, twin
from opspact.assets.racks.elevation import fitting
from opspact.assets.racks.space import Block, Run, free_at, space_of

BLOCKS = st.lists(
    st.builds(Block, st.integers(1, 12), st.integers(1, 4), st.sampled_from(["front", "rear", "both"])), max_size=6
)


def test_half_depth_leaves_the_other_face_free_but_no_full_depth() -> None:
    blocks = [Block(3, 2, "front"), Block(8, 1, "both")]
    assert free_at(10, blocks, "rear") == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert free_at(10, blocks, "front") == [1, 2, 5, 6, 7, 9, 10]
    assert space_of(10, blocks).runs == (Run(1, 2), Run(5, 7), Run(9, 10))


def test_it_fits_into_the_tightest_run_that_has_the_power() -> None:
    space = space_of(10, [Block(3, 2, "front", 700), Block(8, 1, "both", 200)], power_budget=1000)
    assert space.fits(2) == Run(1, 2)
    assert space.fits(3, 100) == Run(5, 7)
    assert space.fits(3, 101) is None
    assert space.fits(4) is None


@given(BLOCKS)
def test_every_unit_is_either_used_or_in_one_run(blocks: list[Block]) -> None:
    space = space_of(10, blocks)
    free = [unit for run in space.runs for unit in range(run.first, run.last + 1)]
    used = {unit for block in blocks for unit in range(block.first, block.first + block.height)}
    assert free == [unit for unit in range(1, 11) if unit not in used]
    assert space.used + len(free) == 10
    assert space.largest == max((run.height for run in space.runs), default=0)


def test_a_trace_goes_through_the_twin_of_a_port_and_once_round_a_ring() -> None:
    assert twin(port(1, " 12 f ")) == Port(1, "12R")
    assert twin(port(1, "Gi0/1")) is None
    assert twin(port(1, "SFP")) is None
    ends = {(1, "1F"): (7, Port(2, "1R")), (2, "1F"): (8, Port(1, "1R"))}

    def cables_at(asset: int) -> dict[Port, tuple[int, Port]]:
        return {Port(*near): far for near, far in ends.items() if near[0] == asset}

    assert [step.cable for step in trace(Port(1, "1F"), cables_at)] == [7, 8]


def test_a_column_is_ordered_by_its_neighbours_so_that_lines_do_not_cross() -> None:
    depth = {"a": 0, "b": 0, "y": 1, "x": 1}
    assert columns(depth, [("a", "y"), ("b", "x")]) == [["a", "b"], ["y", "x"]]


def test_a_name_is_cut_where_its_box_ends() -> None:
    assert fitting("交换机", 100) == "交换机"
    assert fitting("核心交换机一号", 50) == "核心交…"
