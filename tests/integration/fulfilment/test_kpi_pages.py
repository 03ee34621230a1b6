from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.fulfilment.support import TERM_START, example_contract, local, seen, watch

from opspact.calc import kinds
from opspact.calc.running import Context, calculate
from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.models import AuditEvent
from opspact.servicedesk.actions import open_incident

pytestmark = pytest.mark.django_db
READERS = {
    Role.CLIENT_MANAGER,
    Role.CLIENT_ASSET_MANAGER,
    Role.SERVICE_MANAGER,
    Role.SERVICE_DESK,
    Role.ENGINEER,
}


@pytest.fixture
def contract() -> Contract:
    contract = example_contract()
    for code in ("OA", "WEBSITE"):
        seen(watch(contract, code), ("up", TERM_START))
    start = local("2022-10-11 00:00")
    seen(watch(contract, "DUTY"), ("up", TERM_START), ("down", start), ("up", start + timedelta(hours=4)))
    return contract


def signed_in(contract: Contract, role: Role = Role.CLIENT_MANAGER) -> Client:
    user = User.objects.create(username=f"user-{role}", name=str(role))
    Grant.objects.create(user=user, role=role, contract_code=contract.code)
    client = Client()
    client.force_login(user)
    return client


def test_the_page_begins_with_how_the_contract_stands(contract: Contract) -> None:
    page = signed_in(contract).get(f"/c/{contract.code}/kpi/?period=2022-10")
    text = page.content.decode()
    assert page.status_code == 200
    assert "2022-10-01 – 2022-10-31" in text
    assert "99.46%" in text  # 1 − 4 ÷ 744 = 0.99462
    assert "演示数据" in text or "Demo data" in text


def test_it_leads_down_to_the_outage(contract: Contract) -> None:
    client = signed_in(contract)
    page = client.get(f"/c/{contract.code}/kpi/availability-key/?period=2022-10").content.decode()
    assert f"/c/{contract.code}/kpi/availability-key/systems/DUTY/?period=2022-10" in page
    page = client.get(f"/c/{contract.code}/kpi/availability-key/systems/DUTY/?period=2022-10").content.decode()
    assert "2022-10-11 00:00:00" in page
    assert "DUTY/http" in page


def test_the_export_recomputes_to_the_figure_of_the_page_and_leaves_a_trace(contract: Contract) -> None:
    client = signed_in(contract)
    body = client.get(f"/c/{contract.code}/kpi/availability-key/export.json?period=2022-10").content
    answer = calculate(kinds.kind("availability"), body, Context())
    assert answer["agrees"] is True
    assert answer["figures"]["group"]["percent"] == "99.46"
    assert answer["figures"]["systems"]["DUTY"]["availability"] == "185/186"
    assert AuditEvent.objects.filter(action="fulfilment.kpi.export").count() == 1
    sheet = client.get(f"/c/{contract.code}/kpi/availability-key/export.csv?period=2022-10").content.decode()
    assert "DUTY,DUTY/http,down,2022-10-10T16:00:00+00:00,2022-10-10T20:00:00+00:00" in sheet
    assert json.loads(body)["simulated"] is True


@pytest.mark.parametrize("role", [role for role in Role if not role.endswith("_admin")])
def test_only_who_assesses_or_is_assessed_sees_it(contract: Contract, role: Role) -> None:
    client = signed_in(contract, role)
    expected = 200 if role in READERS else 403
    assert client.get(f"/c/{contract.code}/kpi/").status_code == expected
    assert client.get(f"/c/{contract.code}/kpi/availability-key/").status_code == expected
    allowed = role in {Role.CLIENT_MANAGER, Role.SERVICE_MANAGER}
    assert client.get(f"/c/{contract.code}/kpi/availability-key/export.json").status_code == (200 if allowed else 403)


def test_it_survives_periods_that_are_none(contract: Contract) -> None:
    client = signed_in(contract)
    for query in ("period=x", "from=2022-10-09&until=2022-10-01", "period=q9", "from=%00"):
        assert client.get(f"/c/{contract.code}/kpi/?{query}").status_code == 200
    assert client.get(f"/c/{contract.code}/kpi/nothing/").status_code == 404
    assert client.get(f"/c/{contract.code}/kpi/availability-key/systems/NOTHING/").status_code == 404


def test_an_indicator_of_another_room_says_so(contract: Contract) -> None:
    page = signed_in(contract).get(f"/c/{contract.code}/kpi/satisfaction/")
    assert page.status_code == 200


def test_the_clients_manager_sees_how_the_contract_stands_at_home(contract: Contract) -> None:
    page = signed_in(contract).get(f"/c/{contract.code}/").content.decode()
    assert "应急移动指挥通信系统" in page
    assert f"/c/{contract.code}/kpi/availability-key/?period=term" in page
    assert "availability-key" not in signed_in(contract, Role.CLIENT_STAFF).get(f"/c/{contract.code}/").content.decode()


def test_the_service_manager_sees_what_could_be_missed_while_the_term_runs() -> None:
    """A running contract whose systems nobody watches: every availability is undecidable."""
    contract = example_contract("running", simulated=False)
    Contract.objects.filter(pk=contract.pk).update(
        starts_at=timezone.now() - timedelta(days=60), ends_at=timezone.now() + timedelta(days=60)
    )
    contract.scope_items.update(starts_at=timezone.now() - timedelta(days=60))
    page = signed_in(contract, Role.SERVICE_MANAGER).get(f"/c/{contract.code}/").content.decode()
    assert f"/c/{contract.code}/kpi/availability-key/" in page
    assert f"/c/{contract.code}/kpi/major-outages/" not in page


def test_an_incident_that_counts_shows_its_words_only_to_who_may_see_it(contract: Contract) -> None:
    desk = Caller.system(now=local("2022-10-12 09:00"))
    opened = open_incident(desk, contract, title="Secret of the command centre", impact="global", urgency="high")
    address = f"/c/{contract.code}/kpi/major-outages/?period=2022-10"
    assert opened.title in signed_in(contract).get(address).content.decode()
    page = signed_in(contract, Role.CLIENT_ASSET_MANAGER).get(address).content.decode()
    assert opened.number in page
    assert opened.title not in page
