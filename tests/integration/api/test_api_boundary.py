"""What a token opens, and what it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.monitoring.world import make_contract, make_user

from opspact.accounts.actions import create_token
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.models import AuditEvent
from opspact.servicedesk.actions import open_incident

pytestmark = pytest.mark.django_db
INCIDENTS = "/api/v1/contracts/watch/incidents"


@pytest.fixture
def contract() -> Contract:
    return make_contract()


def bearer(role: Role, *, read_only: bool = False) -> dict[str, str]:
    user = make_user(role)
    now = timezone.now()
    _token, key = create_token(
        Caller(user, now, "page"),
        user,
        name="script",
        contract_code="watch",
        expires_at=now + timedelta(days=1),
        read_only=read_only,
    )
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    "posted", [{"title": "a\0b"}, {"title": "x", "caller_name": "\0"}, {"title": "x", "symptom": "\0"}]
)
def test_a_text_that_no_database_holds_is_refused_in_words(contract: Contract, posted: dict[str, str]) -> None:
    headers = bearer(Role.SERVICE_MANAGER)
    response = Client().post(INCIDENTS, posted, content_type="application/json", headers=headers)
    assert response.status_code == 422
    assert "NUL" in response.json()["detail"]


def test_half_a_character_is_refused_in_words(contract: Contract) -> None:
    posted = {"source": "网管", "devices": [{"key": "a\ud83d"}]}
    url = "/api/v1/contracts/watch/facts"
    response = Client().post(url, posted, content_type="application/json", headers=bearer(Role.ENGINEER))
    assert response.status_code == 422
    assert "half a character" in response.json()["detail"]


@pytest.mark.parametrize("query", ["/targets?system=%00", "/targets/a%00b", "/incidents?state=%00"])
def test_an_address_with_a_nul_is_refused_in_words(contract: Contract, query: str) -> None:
    response = Client().get(f"/api/v1/contracts/watch{query}", headers=bearer(Role.SERVICE_MANAGER))
    assert response.status_code == 422


@pytest.mark.parametrize(
    "posted", [{"occurred_at": "2026-01-01T00:00:00"}, {"symptom": "y" * 5001}, {"caller_name": "y" * 61}]
)
def test_a_time_without_an_offset_and_endless_texts_are_refused(contract: Contract, posted: dict[str, str]) -> None:
    headers = bearer(Role.SERVICE_MANAGER)
    response = Client().post(INCIDENTS, {"title": "x"} | posted, content_type="application/json", headers=headers)
    assert response.status_code == 422


def test_a_token_that_only_reads_writes_nothing_and_the_attempt_is_on_record(contract: Contract) -> None:
    headers = bearer(Role.SERVICE_MANAGER, read_only=True)
    response = Client().post(INCIDENTS, {"title": "x"}, content_type="application/json", headers=headers)
    assert response.status_code == 403
    row = AuditEvent.objects.get(action="servicedesk.incident.open")
    assert (row.result, row.via, row.contract_code) == ("denied", "api", "watch")


def test_a_token_counts_its_own_contract_only(contract: Contract) -> None:
    other = make_contract("other")
    for each in (contract, other):
        open_incident(Caller.system(now=timezone.now()), each, title="down")
    here = Client().get("/metrics").content.decode()
    there = Client().get("/metrics", headers=bearer(Role.SERVICE_MANAGER), REMOTE_ADDR="192.0.2.1").content.decode()
    assert 'contract="other"' in here
    assert 'contract="watch"' in there
    assert 'contract="other"' not in there
    assert Client().get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 401
