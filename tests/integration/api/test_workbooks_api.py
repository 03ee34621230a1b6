"""Ledgers as workbooks, releases and sightings through the API: the same rules as on the pages."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.api.test_api_boundary import bearer
from tests.integration.assets.world import CALLER, make_contract, workbook

from opspact.assets.actions.ipam import take_addresses
from opspact.assets.ledgers.ipam import PREFIXES, VRFS
from opspact.assets.models import IpAddress, Prefix, Sighting
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions
from opspact.kit.models import Approval, AuditEvent

pytestmark = pytest.mark.django_db
AT = "/api/v1/contracts/watch"
ADDRESSES = f"{AT}/ledgers/assets.ipaddress"


@pytest.fixture
def contract() -> Contract:
    made = make_contract()
    actions.create(CALLER, PREFIXES, made, {"prefix": "10.1.2.0/24"})
    return made


def sent(path: str, role: Role = Role.ENGINEER, body: Any = None, **more: Any) -> Any:
    given = more or {"data": body or {}, "content_type": "application/json"}
    return Client().post(path, headers=bearer(role), **given)


def uploaded(rows: list[list[Any]], role: Role = Role.ENGINEER, **more: Any) -> Any:
    file = SimpleUploadedFile("地址.xlsx", workbook(rows))
    return sent(f"{ADDRESSES}/imports", role, data={"file": file, **more})


ROWS = [
    ["IP", "使用人", "奇怪的列", "状态"],
    ["10.1.2.5", "王工", "x", "assigned"],
    ["10.1.2.300", "李工", None, None],
    ["10.1.2.7", "赵工", None, "reserved"],
]


def test_a_workbook_is_previewed_applied_and_undone(contract: Contract) -> None:
    answer = uploaded(ROWS)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["state"], made["counts"], made["ignored"]) == ("previewed", {"new": 2, "wrong": 1}, ["奇怪的列"])
    (problem,) = made["problems"]
    assert (problem["row"], problem["cell"], problem["field"]) == (3, "A3", "ip")
    assert "10.1.2.300" in problem["problem"]
    at = f"{ADDRESSES}/imports/{made['id']}"
    assert sent(f"{at}/apply").status_code == 422
    assert not IpAddress.objects.exists()
    assert sent(f"{at}/apply", body={"only_good": True}).json()["state"] == "applied"
    assert sorted(IpAddress.objects.values_list("code", flat=True)) == ["10.1.2.5", "10.1.2.7"]
    assert sent(f"{at}/apply", body={"only_good": True}).status_code == 422
    undone = sent(f"{at}/undo").json()
    assert (undone["state"], undone["counts"]["removed"], undone["counts"]["refused"]) == ("undone", 1, 1)
    assert "asks the client for consent" in undone["left"][0]["why"]
    assert Client().get(at, headers=bearer(Role.ENGINEER)).json()["state"] == "undone"


def test_what_is_exported_is_what_the_filter_finds_and_reads_back(contract: Contract) -> None:
    uploaded(ROWS)
    home = Prefix.objects.get()
    take_addresses(CALLER, home, 3, values={"user": "王工"})
    take_addresses(CALLER, home, 2, values={"user": "李工"})
    answer = Client().get(f"{ADDRESSES}/workbook?q=王工", headers=bearer(Role.ENGINEER))
    content = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet.max_row == 4
    event = AuditEvent.objects.get(action="kit.list.export")
    assert (event.detail["list"], event.detail["rows"], event.via) == ("assets.ipaddress", 3, "api")
    file = SimpleUploadedFile("back.xlsx", content)
    assert sent(f"{ADDRESSES}/imports", data={"file": file}).json()["counts"] == {"same": 3}
    template = Client().get(f"{ADDRESSES}/workbook?template=true", headers=bearer(Role.ENGINEER))
    assert openpyxl.load_workbook(io.BytesIO(b"".join(template.streaming_content))).worksheets[0].max_row == 1
    assert Client().get(f"{ADDRESSES}/workbook?state=x", headers=bearer(Role.ENGINEER)).status_code == 422


def test_a_file_that_is_no_workbook_is_refused_in_words(contract: Contract) -> None:
    file = SimpleUploadedFile("x.xlsx", b"IP,MAC")
    answer = sent(f"{ADDRESSES}/imports", data={"file": file})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_imports_are_for_those_who_may_and_of_their_contract(contract: Contract) -> None:
    assert uploaded(ROWS, Role.CLIENT_MANAGER).status_code == 403
    assert uploaded(ROWS, Role.CLIENT_STAFF).status_code == 403
    key = uploaded(ROWS).json()["id"]
    assert Client().get(f"{AT}/ledgers/assets.prefix/imports/{key}", headers=bearer(Role.ENGINEER)).status_code == 404
    other = Client().get(
        f"/api/v1/contracts/other/ledgers/assets.ipaddress/imports/{key}", headers=bearer(Role.ENGINEER)
    )
    assert other.status_code == 404


def test_an_assigned_address_is_not_deleted_but_asked_for(contract: Contract) -> None:
    used, kept = take_addresses(CALLER, Prefix.objects.get(), 2, values={"user": "王工"})
    refused = Client().delete(f"{ADDRESSES}/{used.pk}", headers=bearer(Role.ENGINEER))
    assert refused.status_code == 422
    assert "asks the client for consent" in refused.json()["fields"][""][0]
    at = f"{AT}/addresses/{used.pk}/release"
    assert sent(at, body={"reason": ""}).status_code == 422
    assert sent(at, body={"reason": "离岗"}).json() == {"is_released": False}
    assert Approval.objects.get().subject == used
    assert sent(at, body={"reason": "离岗"}).status_code == 422
    assert sent(f"{AT}/addresses/{kept.pk}/release", Role.CLIENT_MANAGER, {"reason": "x"}).status_code == 403


def test_what_was_seen_comes_as_rows_or_as_a_device_prints_it(contract: Contract) -> None:
    actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网"})
    rows = [{"ip": "10.1.2.9", "mac": "001a-2b3c-4d5e", "device": "核心", "port": "GE0/0/1"}]
    assert sent(f"{AT}/sightings", body={"source": "网管", "rows": rows}).json() == {
        "addresses": 1,
        "new": 1,
        "ports": 0,
    }
    text = "10.1.2.10    001a-2b3c-4d5f   20    D-0  GE0/0/2"
    body = {"source": "网管", "vrf": "VIDEO", "device": "汇聚", "text": text}
    assert sent(f"{AT}/sightings", body=body).json()["new"] == 1
    found = [(str(each), each.mac, each.device, each.port) for each in Sighting.objects.order_by("ip")]
    assert found == [
        ("10.1.2.9", "00:1a:2b:3c:4d:5e", "核心", "GE0/0/1"),
        ("10.1.2.10@VIDEO", "00:1a:2b:3c:4d:5f", "汇聚", "GE0/0/2"),
    ]
    for wrong in ({"source": "x"}, {"source": "x", "text": "nothing"}, {"source": "x", "rows": [{"ip": "zebra"}]}):
        assert sent(f"{AT}/sightings", body=wrong).status_code == 422
    assert sent(f"{AT}/sightings", body={**body, "vrf": "NO"}).status_code == 404


def test_a_field_that_is_none_is_refused_with_those_there_are(contract: Contract) -> None:
    answer = sent(ADDRESSES, body={"values": {"ip": "10.1.2.8", "owner": "王工"}})
    assert answer.status_code == 422
    (said,) = answer.json()["fields"]["owner"]
    assert "department" in said
    assert "user" in said
