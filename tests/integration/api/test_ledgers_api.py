"""Ledgers through the API: the same rules, permissions and history as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.integration.api.test_api_boundary import bearer
from tests.integration.assets.world import make_category, make_contract
from tests.integration.monitoring.world import make_contract as make_other

from opspact.assets.models import Asset
from opspact.contracts.models import Contract
from opspact.identity.roles import Role

pytestmark = pytest.mark.django_db
ASSETS = "/api/v1/contracts/watch/ledgers/assets.asset"


@pytest.fixture
def contract() -> Contract:
    made = make_contract()
    make_category(made)
    return made


def asked(method: str, path: str, role: Role, body: dict[str, Any] | None = None, **more: Any) -> Any:
    call = getattr(Client(), method)
    given = {"data": body, "content_type": "application/json"} if body is not None else {}
    return call(path, headers=bearer(role, **more), **given)


def added(**values: Any) -> dict[str, Any]:
    body = {"values": {"name": "服务器", "category": "服务器", **values}, "reason": "到货"}
    response = asked("post", ASSETS, Role.ENGINEER, body)
    assert response.status_code == 201, response.content
    return response.json()


def test_a_record_is_added_read_changed_deleted_and_restored(contract: Contract) -> None:
    made = added(serial_no="S1", in_service_on="2022年7月6日", value="12,500.00")
    assert (made["category"], made["in_service_on"], made["value"]) == ("SRV", "2022-07-06", "12500.00")
    path = f"{ASSETS}/{made['id']}"
    changed = asked("patch", path, Role.ENGINEER, {"values": {"owner": "王工"}, "version": made["version"]})
    assert (changed.json()["owner"], changed.json()["version"]) == ("王工", made["version"] + 1)
    assert asked("delete", f"{path}?reason=x", Role.ENGINEER).status_code == 204
    assert asked("get", path, Role.ENGINEER).status_code == 404
    assert asked("post", f"{path}/restore", Role.ENGINEER, {}).status_code == 200
    history = asked("get", f"{path}/history", Role.ENGINEER).json()
    assert [each["verb"] for each in history] == ["restored", "deleted", "changed", "created"]
    assert history[-1]["reason"] == "到货"


def test_what_is_wrong_is_said_by_field_and_nothing_is_written(contract: Contract) -> None:
    body = {"values": {"name": "x", "category": "没有", "value": "一万", "colour": "red"}}
    response = asked("post", ASSETS, Role.ENGINEER, body)
    assert response.status_code == 422
    assert set(response.json()["fields"]) == {"category", "value", "colour"}
    assert not Asset.objects.exists()


def test_a_change_of_a_version_that_is_past_is_refused(contract: Contract) -> None:
    made = added()
    path = f"{ASSETS}/{made['id']}"
    assert asked("patch", path, Role.ENGINEER, {"values": {"owner": "甲"}, "version": 1}).status_code == 200
    stale = asked("patch", path, Role.ENGINEER, {"values": {"owner": "乙"}, "version": 1})
    assert stale.status_code == 422
    assert "somebody else changed" in stale.json()["fields"][""][0]


def test_the_list_searches_filters_and_pages(contract: Contract) -> None:
    for number in range(3):
        added(name=f"数据库服务器{number}", serial_no=f"S{number}")
    added(name="核心交换机")
    first = asked("get", f"{ASSETS}?q=数据库&limit=2", Role.ENGINEER).json()
    rest = asked("get", f"{ASSETS}?q=数据库&limit=2&after={first['next']}", Role.ENGINEER).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert asked("get", f"{ASSETS}?lifecycle=nonsense", Role.ENGINEER).status_code == 422


def test_who_may_not_does_not(contract: Contract) -> None:
    made = added()
    body = {"values": {"owner": "x"}}
    assert asked("get", ASSETS, Role.CLIENT_STAFF).status_code == 403
    assert asked("patch", f"{ASSETS}/{made['id']}", Role.CLIENT_MANAGER, body).status_code == 403
    assert asked("patch", f"{ASSETS}/{made['id']}", Role.ENGINEER, body, read_only=True).status_code == 403
    assert asked("get", "/api/v1/contracts/watch/ledgers/assets.nothing", Role.ENGINEER).status_code == 404


def test_a_record_of_another_contract_is_not_there(contract: Contract) -> None:
    made = added()
    make_other("other")
    Asset.objects.filter(pk=made["id"]).update(contract=Contract.objects.get(code="other"))
    assert asked("get", f"{ASSETS}/{made['id']}", Role.ENGINEER).status_code == 404
    assert asked("get", "/api/v1/contracts/other/ledgers/assets.asset", Role.ENGINEER).status_code == 404


def test_the_ledgers_describe_their_fields(contract: Contract) -> None:
    described = {each["name"]: each for each in asked("get", "/api/v1/contracts/watch/ledgers", Role.ENGINEER).json()}
    fields = {each["name"]: each for each in described["assets.asset"]["fields"]}
    assert fields["lifecycle"]["choices"][:2] == ["in_store", "in_use"]
    assert fields["name"]["required"]
