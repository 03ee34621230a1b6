"""Boxes that are drawn after their page."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.integration.assets.world import make_asset, make_contract
from tests.integration.monitoring.world import make_user
from tests.late import LATE, whole

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.contracts.models import Contract
from opspact.identity.models import User
from opspact.identity.roles import Role

NAME = "monitoring.linked.assets.Asset"


@pytest.fixture
def asset(db: None) -> Asset:
    return make_asset(make_contract(), ASSETS, "服务器")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_page_asks_for_the_box_and_gets_it(asset: Asset) -> None:
    client = signed_in(make_user(Role.ENGINEER))
    page = client.get(asset.get_absolute_url()).content.decode()
    assert f"/c/watch/panel/{NAME}/{asset.pk}/" in LATE.findall(page)
    assert "还没有监测项" not in page
    assert "还没有监测项" in whole(client, asset.get_absolute_url())


def test_a_box_of_another_contracts_record_is_not_found(asset: Asset) -> None:
    term = {"starts_at": asset.contract.starts_at, "ends_at": asset.contract.ends_at}
    other = Contract.objects.create(code="other", name="Other", short_name="Other", **term)
    client = signed_in(make_user(Role.ENGINEER, other.code))
    assert client.get(f"/c/other/panel/{NAME}/{asset.pk}/").status_code == 404
    assert client.get(f"/c/watch/panel/{NAME}/{asset.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["assets.cables", "nowhere"])
def test_only_boxes_that_come_late_can_be_asked_for(asset: Asset, name: str) -> None:
    client = signed_in(make_user(Role.ENGINEER))
    assert client.get(f"/c/watch/panel/{name}/{asset.pk}/").status_code == 404


def test_who_may_not_see_the_box_is_not_told_of_it(asset: Asset) -> None:
    client = signed_in(make_user(Role.CLIENT_STAFF))
    assert client.get(f"/c/watch/panel/{NAME}/{asset.pk}/").status_code == 404
