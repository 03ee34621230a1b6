"""The wire: what is refused, and that a body can't be a bomb."""

import contextlib
import gzip
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from opspact.probes.wire import (
    MAX_BODY,
    MAX_DETAIL,
    MAX_ROWS,
    Assignment,
    Batch,
    BodyNotGzip,
    BodyTooLarge,
    Heartbeat,
    Missed,
    ResultRow,
    pack,
    unpack,
)

AT = 1_700_000_000_000_000


def batch(*rows: object, **changed: object) -> str:
    body = {"batch": str(UUID(int=1)), "seq": 1, "sent_at": AT, "results": rows, "missed": []} | changed
    return json.dumps(body)


def test_a_batch_comes_out_of_its_body_as_it_went_in() -> None:
    sent = Batch(
        batch=UUID(int=7),
        seq=3,
        sent_at=AT,
        results=[ResultRow(1, AT, "down", None, "refused"), ResultRow(2, AT, "up", 1.5, "")],
        missed=[Missed(check=1, from_us=AT, to_us=AT + 1, reason="lag")],
    )
    assert Batch.model_validate_json(unpack(pack(sent))) == sent


def test_a_result_is_an_array_on_the_wire() -> None:
    sent = Batch(batch=UUID(int=1), seq=1, sent_at=AT, results=[ResultRow(1, AT, "up", 2.0, "")])
    assert json.loads(sent.model_dump_json())["results"] == [[1, AT, "up", 2.0, ""]]


@pytest.mark.parametrize(
    "row",
    [
        [1, AT, "up", None],
        [1, AT, "up", None, "", 0],
        [1, AT, "maintenance", None, ""],
        ["1", AT, "up", None, ""],
        [0, AT, "up", None, ""],
        [1, -1, "up", None, ""],
        [1, 1.5, "up", None, ""],
        [1, AT, "up", "2", ""],
        [1, AT, "up", float("nan"), ""],
        [1, AT, "up", float("inf"), ""],
        [1, AT, "up", None, "x" * (MAX_DETAIL + 1)],
        [1, AT, "up", None, "a\x00b"],
        [1, AT, "up", None, None],
    ],
)
def test_it_rejects_a_row_that_is_not_exactly_a_result(row: list[object]) -> None:
    with pytest.raises(ValidationError):
        Batch.model_validate_json(batch(row))


@pytest.mark.parametrize("changed", [{"extra": 1}, {"seq": 0}, {"batch": "no uuid"}, {"sent_at": None}])
def test_it_rejects_a_batch_with_a_wrong_head(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Batch.model_validate_json(batch(**changed))


def test_it_rejects_more_rows_than_a_batch_holds() -> None:
    row = [1, AT, "up", None, ""]
    assert len(Batch.model_validate_json(batch(*[row] * MAX_ROWS)).results) == 5_000
    with pytest.raises(ValidationError):
        Batch.model_validate_json(batch(*[row] * (MAX_ROWS + 1)))


@pytest.mark.parametrize("wrong", [{"interval_s": 0}, {"timeout_s": 0}, {"address": ""}, {"timeout_s": 301}, {"x": 1}])
def test_it_rejects_an_assignment_that_can_not_be_run(wrong: dict[str, object]) -> None:
    right = {"check": 1, "kind": "tcp", "address": "a:1", "settings": {}, "interval_s": 60, "timeout_s": 5}
    assert Assignment.model_validate_json(json.dumps(right)).timeout_s == 5.0
    with pytest.raises(ValidationError):
        Assignment.model_validate_json(json.dumps(right | wrong))


def test_a_body_that_unpacks_beyond_its_limit_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(MAX_BODY + 1))
    assert len(bomb) < 20_000
    with pytest.raises(BodyTooLarge):
        unpack(bomb)


@pytest.mark.parametrize("body", [b"", b"{}", gzip.compress(b"{}", mtime=0)[:-1], gzip.compress(b"{}", mtime=0) + b"x"])
def test_a_body_that_is_not_one_gzip_stream_is_rejected(body: bytes) -> None:
    with pytest.raises(BodyNotGzip):
        unpack(body)


@given(st.binary(max_size=200))
def test_unpacking_anything_raises_nothing_else(body: bytes) -> None:
    with contextlib.suppress(BodyNotGzip, BodyTooLarge):
        unpack(body)


@pytest.mark.parametrize("where", ["version", "hint"])
def test_a_heartbeat_holds_no_nul_because_postgresql_stores_none(where: str) -> None:
    said = {"at": AT, "lag_ms": 1.0, "spool_rows": 0, "uplink": True, "version": "1", "checks": 3}
    said["icmp"] = {"method": "raw", "hint": "a\0b" if where == "hint" else ""}
    said["version"] = "a\0b" if where == "version" else "1"
    with pytest.raises(ValidationError):
        Heartbeat.model_validate_json(json.dumps(said))


def test_a_sequence_number_fits_the_column_it_is_kept_in() -> None:
    Batch.model_validate_json(batch(seq=2**63 - 1))
    with pytest.raises(ValidationError):
        Batch.model_validate_json(batch(seq=2**63))
