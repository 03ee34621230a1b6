"""The collectors' endpoints over HTTP: tokens, encodings, refusals, each with a clear answer."""

from __future__ import annotations

import gzip
import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.integration.monitoring.world import TOKEN, at, batch, make_check, make_collector, make_contract, rows

from opspact.contracts.models import Contract
from opspact.core.instants import to_us
from opspact.field.models import Collector
from opspact.kit.models import AuditEvent
from opspact.monitoring.models import Check, Result
from opspact.probes.wire import Assignments, Batch, BatchAnswer, Heartbeat, IcmpReport, pack

URL = "/collector/v1/batches"


def recent(check: Check, states: str = "uuu") -> list[Any]:
    return rows(check, states, first=300)


def send(client: Client, body: bytes, *, url: str = URL, token: str = TOKEN, encoding: str = "gzip") -> HttpResponse:
    headers = {"Authorization": f"Bearer {token}", "Content-Encoding": encoding}
    return client.post(url, data=body, content_type="application/json", headers=headers)


def test_a_batch_is_taken_and_answered(client: Client, collector: Collector, check: Check) -> None:
    answer = send(client, pack(batch(recent(check))))
    assert answer.status_code == 200
    assert BatchAnswer.model_validate_json(answer.content).accepted == 3


def test_a_post_needs_no_csrf_token(collector: Collector, check: Check) -> None:
    assert send(Client(enforce_csrf_checks=True), pack(batch(recent(check)))).status_code == 200


@pytest.mark.parametrize("token", ["", "opc_wrong", TOKEN[:-1]])
def test_a_wrong_token_is_refused(client: Client, collector: Collector, check: Check, token: str) -> None:
    answer = send(client, pack(batch(recent(check))), token=token)
    assert (answer.status_code, answer.json()["code"]) == (401, "token")
    assert answer.json()["message"]
    assert not Result.objects.exists()


def test_the_token_of_a_collector_put_out_of_service_is_refused(
    client: Client, collector: Collector, check: Check
) -> None:
    Collector.objects.update(is_active=False)
    assert send(client, pack(batch(recent(check)))).status_code == 401


def test_other_content_under_a_known_id_is_refused_and_on_record(
    client: Client, collector: Collector, check: Check
) -> None:
    name = uuid4()
    send(client, pack(batch(recent(check), name=name)))
    answer = send(client, pack(batch(recent(check, "udd"), name=name)))
    assert (answer.status_code, answer.json()["code"]) == (409, "batch.conflict")
    assert AuditEvent.objects.get(action="monitoring.batch.refuse").detail["batch"] == str(name)
    assert Result.objects.count() == 3


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (b"{}", "identity", 415, "body.encoding"),
        (b"no gzip", "gzip", 400, "body.gzip"),
        (gzip.compress(b" " * (9 * 1024**2), mtime=0), "gzip", 413, "body.size"),
        (gzip.compress(b"{}", mtime=0), "gzip", 422, "body.schema"),
        (gzip.compress(b"not json", mtime=0), "gzip", 422, "body.schema"),
    ],
)
def test_a_body_that_can_never_be_taken_gets_its_reason(
    client: Client, collector: Collector, body: bytes, encoding: str, status: int, code: str
) -> None:
    answer = send(client, body, encoding=encoding)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_unknown_state_is_refused_with_its_place(client: Client, collector: Collector, check: Check) -> None:
    data = json.loads(batch(recent(check)).model_dump_json())
    data["results"][1][2] = "fine"
    answer = send(client, gzip.compress(json.dumps(data).encode()))
    assert answer.status_code == 422
    assert "results.1" in answer.json()["message"]


def assigned(client: Client, token: str = TOKEN) -> Assignments:
    answer = client.get("/collector/v1/assignments", headers={"Authorization": f"Bearer {token}"})
    return Assignments.model_validate_json(answer.content)


def test_a_collector_gets_its_own_checks_and_the_first_those_of_nobody(
    client: Client, contract: Contract, collector: Collector, check: Check
) -> None:
    far = make_collector("far", "opc_far")
    theirs = make_check(contract, "B1")
    Check.objects.filter(pk=theirs.pk).update(collector=far)
    assert [each.check for each in assigned(client).assignments] == [check.pk]
    assert [each.check for each in assigned(client, "opc_far").assignments] == [theirs.pk]


def test_simulated_and_unwatched_targets_are_not_assigned(client: Client, collector: Collector, check: Check) -> None:
    make_check(make_contract("played", simulated=True), "S1")
    off = make_check(check.target.contract, "OFF")
    off.target.is_active = False
    off.target.save()
    assert [each.check for each in assigned(client).assignments] == [check.pk]


def test_unchanged_assignments_are_answered_with_304(client: Client, collector: Collector, check: Check) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    first = client.get("/collector/v1/assignments", headers=bearer)
    again = client.get("/collector/v1/assignments", headers={**bearer, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Check.objects.update(interval_s=30)
    assert (
        client.get("/collector/v1/assignments", headers={**bearer, "If-None-Match": first.headers["ETag"]}).status_code
        == 200
    )


def test_a_heartbeat_is_answered_with_204(client: Client, collector: Collector) -> None:
    said = Heartbeat(
        at=to_us(at(0)), lag_ms=1, spool_rows=0, uplink=True, icmp=IcmpReport(method="raw"), version="1", checks=3
    )
    assert send(client, pack(said), url="/collector/v1/heartbeat").status_code == 204
    collector.refresh_from_db()
    assert collector.heartbeat["checks"] == 3


def test_it_takes_a_full_batch_over_a_thousand_checks(client: Client, contract: Contract, collector: Collector) -> None:
    checks = [make_check(contract, f"T{i}") for i in range(100)]
    whole = Batch(batch=uuid4(), seq=1, sent_at=0, results=[each for check in checks for each in rows(check, "u" * 50)])
    assert BatchAnswer.model_validate_json(send(client, pack(whole)).content).accepted == 5_000
