"""Twenty clients at once over HTTP, ten by the API and ten by the page: nobody gets what another got."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.assets.world import CALLER, make_contract
from tests.integration.monitoring.world import make_user

from opspact.accounts.actions import create_token
from opspact.assets.ledgers.ipam import PREFIXES
from opspact.assets.models import IpAddress, Prefix
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions

CLIENTS = 20
TIMES = 3


@pytest.mark.django_db(transaction=True)
def test_twenty_clients_over_http_get_different_addresses_and_prefixes(live_server: Any) -> None:
    contract = make_contract()
    home = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24"})
    wide = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.2.0.0/16"})
    user, now = make_user(Role.ENGINEER), timezone.now()
    _token, key = create_token(
        Caller(user, now, "page"), user, name="x", contract_code=contract.code, expires_at=now + timedelta(days=1),
        read_only=False,
    )  # fmt: skip
    browser = Client()
    browser.force_login(user)
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    start = threading.Barrier(CLIENTS)
    lock = threading.Lock()
    addresses: list[str] = []
    pages: list[int] = []
    prefixes: list[str] = []
    failed: list[str] = []

    def by_api() -> None:
        with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=120) as http:
            start.wait(60)
            at = f"{live_server.url}/api/v1/contracts/{contract.code}/prefixes"
            for _time in range(TIMES):
                answer = http.post(f"{at}/{home.pk}/addresses", json={"how_many": 2})
                answer.raise_for_status()
                with lock:
                    addresses.extend(each["ip"] for each in answer.json())
            answer = http.post(f"{at}/{wide.pk}/prefixes", json={"length": 24})
            answer.raise_for_status()
            with lock:
                prefixes.append(answer.json()["prefix"])

    def by_page() -> None:
        at = f"{live_server.url}/c/{contract.code}/prefixes"
        with httpx.Client(cookies=cookies, timeout=120) as http:
            shown = http.get(f"{at}/{home.pk}/").text
            mark = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
            assert mark, shown[:300]
            start.wait(60)
            for _time in range(TIMES):
                form = {"csrfmiddlewaretoken": mark[1], "take-how_many": "1"}
                answer = http.post(f"{at}/{home.pk}/take/", data=form)
                assert answer.status_code == 302, answer.text[:500]
                with lock:
                    pages.append(int(answer.headers["location"].rstrip("/").rpartition("/")[2]))

    def run(one: Any) -> None:
        try:
            one()
        except BaseException as error:  # whatever it was, the test must fail with it
            failed.append(repr(error))

    half = CLIENTS // 2
    threads = [threading.Thread(target=run, args=(one,)) for one in [by_api] * half + [by_page] * half]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert failed == []
    # Looked up here: clients that hold connections of the pool would leave none for the server.
    addresses += [str(ip) for ip in IpAddress.objects.filter(pk__in=pages).values_list("ip", flat=True)]
    taken = half * TIMES * 3
    assert sorted(addresses, key=lambda ip: int(ip.split(".")[3])) == [f"10.1.2.{host}" for host in range(1, taken + 1)]
    assert IpAddress.objects.count() == taken
    assert sorted(prefixes, key=lambda text: int(text.split(".")[2])) == [f"10.2.{third}.0/24" for third in range(half)]
    assert Prefix.objects.count() == 2 + half
