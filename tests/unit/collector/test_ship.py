"""What an answer to a batch means, and how long to wait."""

import pytest

from opspact.collector.ship import Later, Never, backoff_s, read_answer
from opspact.probes.wire import BatchAnswer, Refusal


def test_an_answer_is_read_with_its_refused_rows() -> None:
    body = b'{"accepted":1,"duplicate":true,"refused":[{"index":0,"code":"future","message":"no"}]}'
    refused = [Refusal(index=0, code="future", message="no")]
    assert read_answer(200, body) == BatchAnswer(accepted=1, duplicate=True, refused=refused)


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
def test_a_batch_that_can_never_be_taken_is_given_up(status: int) -> None:
    assert read_answer(status, b"why") == Never(f"http.{status}", "why")


@pytest.mark.parametrize("status", [204, 301, 404, 405, 408, 429, 500, 502, 503, 504])
def test_anything_else_is_tried_again(status: int) -> None:
    assert read_answer(status, b"") == Later(str(status))


@pytest.mark.parametrize("body", [b"", b"<html>Please sign in</html>", b"{}", b'{"accepted":-1,"duplicate":false}'])
def test_a_page_of_somebody_else_is_not_taken_for_the_servers_answer(body: bytes) -> None:
    answer = read_answer(200, body)
    assert isinstance(answer, Later)
    assert not answer.slowly


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_tried_again_slowly(status: int) -> None:
    assert read_answer(status, b"") == Later(str(status), slowly=True)


def test_waiting_doubles_up_to_half_a_minute_less_up_to_a_half() -> None:
    assert [backoff_s(failures, 0.0) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
    assert backoff_s(1_000_000, 0.0) == 30
    assert backoff_s(3, 0.5) == 3.0
