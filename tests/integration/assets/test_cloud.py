"""A cloud resource goes its course step by step, and waiting too long is seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate
from tests.integration.assets.world import CALLER, make_contract, workbook
from tests.integration.monitoring.world import make_user

from opspact.assets.actions.cloud import step
from opspact.assets.ledgers.software import CLOUDS, PATIENCE_DAYS, late_since
from opspact.assets.models import CloudResource
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers.writing import RecordRefused

TODAY = date(2026, 7, 6)


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def request_one(contract: Contract, **values: Any) -> CloudResource:
    given = {"name": "值守前置机", "operator": "政务云", "kind": "云主机", "requested_on": date(2026, 7, 1), **values}
    return actions.create(CALLER, CLOUDS, contract, given)


def test_each_step_sets_its_day_in_order(contract: Contract) -> None:
    resource = request_one(contract)
    step(CALLER, resource, to="accepted", on=date(2026, 7, 2))
    step(CALLER, resource, to="delivered", on=date(2026, 7, 4), address="10.1.2.3")
    step(CALLER, resource, to="initialised")
    done = step(CALLER, resource, to="released")
    assert (done.accepted_on, done.delivered_on) == (date(2026, 7, 2), date(2026, 7, 4))
    assert (done.initialised_on, done.released_on, done.address) == (TODAY, TODAY, "10.1.2.3")
    with pytest.raises(RecordRefused, match="not the next one"):
        step(CALLER, done, to="released")


def test_no_step_is_left_out_taken_early_or_before_the_last(contract: Contract) -> None:
    resource = request_one(contract)
    with pytest.raises(RecordRefused, match="not the next one"):
        step(CALLER, resource, to="delivered")
    with pytest.raises(RecordRefused, match="has not come yet"):
        step(CALLER, resource, to="accepted", on=date(2026, 7, 7))
    with pytest.raises(RecordRefused, match="before the step ahead"):
        step(CALLER, resource, to="accepted", on=date(2026, 6, 30))
    assert CloudResource.objects.get().state == "requested"


def test_a_step_waits_too_long_after_the_day_agreed_or_after_ten_days() -> None:
    agreed = CloudResource(state="accepted", requested_on=date(2026, 6, 1), wanted_on=TODAY)
    assert late_since(agreed, TODAY) is None
    assert late_since(agreed, TODAY + timedelta(days=3)) == 3
    silent = CloudResource(state="accepted", requested_on=date(2026, 6, 1), accepted_on=TODAY)
    assert late_since(silent, TODAY + timedelta(days=PATIENCE_DAYS)) is None
    assert late_since(silent, TODAY + timedelta(days=PATIENCE_DAYS + 2)) == 2
    assert late_since(CloudResource(state="initialised", requested_on=date(2020, 1, 1)), TODAY) is None


def test_states_and_days_from_excel_must_agree(contract: Contract) -> None:
    rows = [
        ["名称", "云服务商", "类型", "状态", "申请日期", "受理日期", "交付日期"],
        ["好", "政务云", "云主机", "已交付", "2026-01-01", "2026-01-02", "2026-01-05"],
        ["早", "政务云", "云主机", "已申请", "2026-01-01", "2026-01-02", None],
        ["倒", "政务云", "云主机", "已交付", "2026-01-09", None, "2026-01-05"],
        ["缺", "政务云", "云主机", "已交付", "2026-01-01", None, None],
    ]
    rows = [[{"已交付": "delivered", "已申请": "requested"}.get(cell, cell) for cell in row] for row in rows]
    batch = imports.upload(CALLER, CLOUDS, contract, content=workbook(rows), name="云.xlsx", clears=False)
    imports.read(batch, CLOUDS, contract)
    wrong = {row.number: row.problems[0][0] for row in batch.rows.filter(status="wrong")}
    assert wrong == {3: "accepted_on", 4: "delivered_on", 5: "delivered_on"}
    assert batch.counts == {"new": 1, "wrong": 3}


def test_the_pages_show_the_course_and_what_is_overdue(contract: Contract) -> None:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    resource = request_one(
        contract, requested_on=localdate() - timedelta(days=30), wanted_on=localdate() - timedelta(days=4)
    )
    assert "op-tag-bad" in client.get("/c/watch/cloud/?course=open").content.decode()
    url = f"/c/watch/cloud/{resource.pk}/"
    assert "op-notice-warning" in client.get(url).content.decode()
    assert client.get(f"{url}step/").status_code == 200
    early = {"to": "accepted", "on": (localdate() - timedelta(days=60)).isoformat()}
    assert client.post(f"{url}step/", early).status_code == 200
    done = client.post(f"{url}step/", {"to": "accepted", "on": localdate().isoformat()})
    assert (done.status_code, done["Location"]) == (302, url)
    assert CloudResource.objects.get().state == "accepted"
