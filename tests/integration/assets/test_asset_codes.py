"""Codes by the contract's rule: nobody gets one twice, whoever asks at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from tests.integration.assets.world import CALLER, make_asset, make_category, make_contract, workbook
from tests.integration.monitoring.world import make_user

from opspact.assets.actions.codes import set_rule
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.contracts.models import Contract, Site
from opspact.core.inputs import Wrong
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions, imports, undoing
from opspact.kit.ledgers.writing import RecordRefused


@pytest.fixture
def contract(db: None) -> Contract:
    made = make_contract()
    make_category(made)
    return made


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_get_twenty_codes() -> None:
    contract = make_contract()
    category = make_category(contract)

    def one(number: int) -> str:
        try:
            values = {"name": f"服务器{number}", "category": category}
            return str(actions.create(CALLER, ASSETS, contract, values).code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as people:
        given = sorted(people.map(one, range(20)))
    assert given == [f"SV-2026-{number:04}" for number in range(1, 21)]


def test_the_rule_names_site_network_and_month(contract: Contract) -> None:
    set_rule(CALLER, contract, pattern="{site}-{category}-{zone}{year}{month}-{number:3}")
    site = Site.objects.get(code="HQ")
    assert make_asset(contract, ASSETS, "甲", site=site, zone="dedicated").code == "HQ-SV-D202607-001"
    assert make_asset(contract, ASSETS, "乙").code == "X-SV-X202607-001"


def test_codes_written_by_hand_are_stepped_over(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲")
    hand = make_asset(contract, ASSETS, "手写", code="SV-2026-0002")
    actions.delete(CALLER, ASSETS, contract, [hand])
    assert make_asset(contract, ASSETS, "乙").code == "SV-2026-0003"


def test_no_code_is_given_twice_whatever_became_of_its_asset(contract: Contract) -> None:
    first = make_asset(contract, ASSETS, "一")
    actions.delete(CALLER, ASSETS, contract, [first], "登记错误")
    rows = [["名称", "类别"], ["二", "服务器"], ["三", "服务器"]]
    batch = imports.upload(CALLER, ASSETS, contract, content=workbook(rows), name="资产.xlsx", clears=False)
    imports.read(batch, ASSETS, contract)
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    brought = set(Asset.objects.filter(name__in=("二", "三")).values_list("code", flat=True))
    undoing.undo(CALLER, ASSETS, contract, batch)
    after = make_asset(contract, ASSETS, "四")
    assert first.code == "SV-2026-0001"
    assert brought == {"SV-2026-0002", "SV-2026-0003"}
    assert after.code == "SV-2026-0004"
    with pytest.raises(RecordRefused):
        make_asset(contract, ASSETS, "五", code="SV-2026-0001")


@pytest.mark.parametrize("pattern", ["{category}", "{number:4}-{category}", "{what}-{number:4}", "资产{number:4}"])
def test_a_pattern_that_cannot_work_is_refused(contract: Contract, pattern: str) -> None:
    with pytest.raises(Wrong):
        set_rule(CALLER, contract, pattern=pattern)


def test_the_page_shows_the_next_code_and_takes_none(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲")
    client = Client()
    client.force_login(make_user(Role.CLIENT_ASSET_MANAGER))
    url = "/c/watch/asset-codes/"
    assert "-0002" in client.get(url).content.decode()
    typed = client.get(url, {"pattern": "ZC-{number:6}"}, headers={"HX-Request": "true"}).content.decode()
    assert "ZC-000001" in typed
    wrong = client.get(url, {"pattern": "ZC"}, headers={"HX-Request": "true"}).content.decode()
    assert "op-error" in wrong
    client.post(url, {"pattern": "ZC-{number:6}"})
    assert [make_asset(contract, ASSETS, name).code for name in "乙丙"] == ["ZC-000001", "ZC-000002"]


def test_engineers_see_the_rule_and_do_not_set_it(contract: Contract) -> None:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    assert '<form method="post" class="op-form"' not in client.get("/c/watch/asset-codes/").content.decode()
    assert client.post("/c/watch/asset-codes/", {"pattern": "ZC-{number:6}"}).status_code == 403
