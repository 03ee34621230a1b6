"""Facts beside the ledger: what differs is proposed, accepted or rejected, and settles by itself."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from time import monotonic, sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from tests.integration.assets.world import CALLER, make_asset, make_contract

from opspact.assets.actions import discovery
from opspact.assets.actions.discovery import accept, reject, take_facts
from opspact.assets.discovery import runs
from opspact.assets.discovery.accepting import told
from opspact.assets.discovery.reading import read_facts
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category, DiscoveryRun, Proposal
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def opened(contract: Contract) -> list[tuple[str, str, str]]:
    rows = Proposal.objects.filter(contract=contract, state="open").order_by("field")
    return list(rows.values_list("field", "ledger_text", "seen_text"))


def keys() -> list[int]:
    return list(Proposal.objects.order_by("pk").values_list("pk", flat=True))


def test_a_serial_number_that_differs_is_proposed_and_accepted(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "核心交换机", serial_no="OLD", mgmt_ip="10.0.0.1")
    fact = {"key": "core-1", "mgmt_ip": "10.0.0.1", "serial_no": "NEW"}
    assert take_facts(CALLER, contract, "网管", [fact]) == {"devices": 1, "known": 1, "opened": 1}
    assert opened(contract) == [("serial_no", "OLD", "NEW")]
    assert accept(CALLER, contract, keys()) == {"accepted": 1, "refused": 0}
    asset.refresh_from_db()
    assert asset.serial_no == "NEW"
    assert take_facts(CALLER, contract, "网管", [fact])["opened"] == 0


def test_the_serial_number_finds_a_device_whose_address_moved(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1", mgmt_ip="10.0.0.1")
    other = make_asset(contract, ASSETS, "乙", serial_no="S2", mgmt_ip="10.0.0.2")
    take_facts(CALLER, contract, "网管", [{"key": "x", "serial_no": "S2", "mgmt_ip": "10.0.0.1"}])
    assert Proposal.objects.get().asset_id == other.pk
    assert opened(contract) == [("mgmt_ip", "10.0.0.2", "10.0.0.1")]


def test_what_was_rejected_is_not_proposed_again_until_something_else_is_seen(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1", mgmt_ip="10.0.0.1")
    fact = {"key": "x", "serial_no": "S1", "mgmt_ip": "10.0.0.9"}
    take_facts(CALLER, contract, "网管", [fact])
    assert reject(CALLER, contract, keys()) == {"rejected": 1}
    assert take_facts(CALLER, contract, "网管", [fact])["opened"] == 0
    assert take_facts(CALLER, contract, "网管", [{**fact, "mgmt_ip": "10.0.0.8"}])["opened"] == 1


def test_a_proposal_settles_when_the_ledger_is_put_right_by_hand(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "甲", serial_no="S1", mgmt_ip="10.0.0.1")
    fact = {"key": "x", "serial_no": "S1", "mgmt_ip": "10.0.0.9"}
    take_facts(CALLER, contract, "网管", [fact])
    actions.change(CALLER, ASSETS, asset, {"mgmt_ip": "10.0.0.9"})
    take_facts(CALLER, contract, "网管", [fact])
    assert opened(contract) == []
    assert Proposal.objects.get().state == "settled"


def test_an_unknown_device_becomes_an_asset_of_the_chosen_category(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲")
    take_facts(
        CALLER, contract, "网管", [{"key": "new-1", "name": "新交换机", "serial_no": "S9", "model": "没有的型号"}]
    )
    with pytest.raises(ValidationError, match="类别"):
        accept(CALLER, contract, keys())
    assert accept(CALLER, contract, keys(), Category.objects.get())["accepted"] == 1
    made = Asset.objects.get(serial_no="S9")
    assert (made.name, made.model) == ("新交换机", None)


def test_one_that_the_ledger_refuses_stays_open_and_the_rest_goes_in(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1")
    make_asset(contract, ASSETS, "乙", serial_no="S2", mgmt_ip="10.0.0.2")
    facts = [
        {"key": "x", "serial_no": "S1", "model": "没有的型号"},
        {"key": "y", "serial_no": "S2", "mgmt_ip": "10.0.0.3"},
    ]
    take_facts(CALLER, contract, "网管", facts)
    assert accept(CALLER, contract, keys()) == {"accepted": 1, "refused": 1}
    assert [field for field, *_ in opened(contract)] == ["model"]


def test_facts_are_read_from_csv_with_chinese_headers_and_from_json() -> None:
    csv = "key,序列号,管理IP,未知列\nsw1,S1,10.0.0.1,x\n".encode("gb18030")
    assert read_facts(csv) == [{"key": "sw1", "serial_no": "S1", "mgmt_ip": "10.0.0.1"}]
    assert read_facts(b'{"devices": [{"serial_no": "S1"}]}') == [{"serial_no": "S1", "key": "S1"}]
    assert read_facts(b"key,serial_no\rsw1,S1\r") == [{"key": "sw1", "serial_no": "S1"}]
    with pytest.raises(Wrong, match="no readable CSV"):
        read_facts(b"key\n" + b"x" * 140_000)
    with pytest.raises(Wrong, match="device 0 has neither"):
        read_facts(b'[{"name": "x"}]')
    with pytest.raises(Wrong, match="not valid JSON"):
        read_facts(b"[{")
    for of_other_things in (b"\x89PNG\r\n\x1a\n\0\rabc", b"a,b\n1,2\n"):
        with pytest.raises(Wrong, match="no CSV or JSON with a column"):
            read_facts(of_other_things)


@pytest.fixture
def person(contract: Contract) -> User:
    made = User.objects.create(username="li", name="李工")
    Grant.objects.create(user=made, role=Role.ENGINEER, contract_code=contract.code)
    return made


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_what_was_rejected_for_an_asset_is_not_proposed_by_another_source(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1", mgmt_ip="10.0.0.1")
    fact = {"key": "x", "serial_no": "S1", "mgmt_ip": "10.0.0.9"}
    take_facts(CALLER, contract, "网管", [fact])
    reject(CALLER, contract, keys(), "临时地址")
    assert take_facts(CALLER, contract, "巡检", [{**fact, "key": "y"}])["opened"] == 0
    assert Proposal.objects.get().reason == "临时地址"


def test_why_the_ledger_refused_is_told_with_the_proposal(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1", mgmt_ip="10.0.0.1")
    make_asset(contract, ASSETS, "乙", serial_no="S2")
    take_facts(CALLER, contract, "网管", [{"key": "x", "mgmt_ip": "10.0.0.1", "name": "甲", "u_pos": "99"}])
    assert accept(CALLER, contract, keys()) == {"accepted": 0, "refused": 1}
    assert "99" in told(Proposal.objects.get().refusal)


def test_a_device_named_twice_in_a_file_counts_once_by_its_last_word(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1", owner="王工")
    facts = [{"key": "x", "serial_no": "S1", "owner": name} for name in ("张", "李")]
    assert take_facts(CALLER, contract, "网管", facts) == {"devices": 1, "known": 1, "opened": 1}
    assert opened(contract) == [("owner", "王工", "李")]


def test_many_facts_and_proposals_are_compared_and_accepted_by_jobs(
    contract: Contract, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 2)
    for number in range(3):
        make_asset(contract, ASSETS, f"机{number}", serial_no=f"S{number}", owner="原来")
    client, folder = client_of(person), f"/c/{contract.code}/discovery/"
    rows = "key,序列号,责任人\n" + "".join(f"k{n},S{n},新人{n}\n" for n in range(3))
    file = SimpleUploadedFile("设备.csv", rows.encode("gb18030"))
    answer = client.post(f"/c/{contract.code}/facts/", {"source": "网管", "file": file})
    run = DiscoveryRun.objects.get()
    assert answer["Location"] == f"{folder}runs/{run.pk}/"
    assert "hx-get" in client.get(answer["Location"]).content.decode()
    runs.work.func(run=run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts, run.given) == ("done", {"devices": 3, "known": 3, "opened": 3}, {})
    posted = {"do": "bulk", "action": "accept", "all": "1", "query": "state=open", "confirmed": "1", "reason": "核对过"}
    client.post(folder, posted)
    second = DiscoveryRun.objects.latest("pk")
    runs.work.func(run=second.pk)
    runs.work.func(run=second.pk)  # as a job that was thought lost
    second.refresh_from_db()
    assert second.counts == {"accepted": 3, "refused": 0}
    assert set(Asset.objects.values_list("owner", flat=True)) == {"新人0", "新人1", "新人2"}


def test_a_job_whose_asker_lost_the_permission_changes_nothing(contract: Contract, person: User) -> None:
    given = {"source": "网管", "facts": [{"key": "x", "serial_no": "S1"}]}
    run = runs.ask(Caller(person, CALLER.now, "page"), contract, runs.Kind.TAKE, given, 1)
    Grant.objects.all().delete()
    runs.work.func(run=run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == ("failed", "操作人的权限已被收回。")
    assert not Proposal.objects.exists()


def test_the_page_of_a_device_shows_both_sides_and_decides_one_by_one(contract: Contract, person: User) -> None:
    asset = make_asset(contract, ASSETS, "甲", serial_no="S1", owner="王工", mgmt_ip="10.0.0.1")
    fact = {"key": "x", "serial_no": "S1", "owner": "李工", "mgmt_ip": "10.0.0.9"}
    take_facts(CALLER, contract, "网管", [fact])
    rows = {row.field: row for row in Proposal.objects.all()}
    client, url = client_of(person), f"/c/{contract.code}/discovery/{rows['owner'].fact_id}/"
    page = client.get(url).content.decode()
    for text in ("王工", "李工", "10.0.0.1", "10.0.0.9"):
        assert text in page
    client.post(url, {"do": "accept", "proposal": [rows["owner"].pk]})
    client.post(url, {"do": "reject", "proposal": [rows["mgmt_ip"].pk], "reason": "临时地址"})
    asset.refresh_from_db()
    assert (asset.owner, asset.mgmt_ip) == ("李工", "10.0.0.1")
    assert "临时地址" in client.get(url).content.decode()
    assert take_facts(CALLER, contract, "网管", [fact])["opened"] == 0


@pytest.mark.parametrize("do", ["accept", "reject"])
@pytest.mark.parametrize("at", ["device", "list"])
def test_what_was_refreshed_after_the_page_was_shown_is_not_decided_but_shown_again(
    contract: Contract, person: User, do: str, at: str
) -> None:
    asset = make_asset(contract, ASSETS, "甲", serial_no="S1", owner="王工")
    fact = {"key": "x", "serial_no": "S1", "owner": "李工"}
    take_facts(CALLER, contract, "网管", [fact])
    row, client = Proposal.objects.get(), client_of(person)
    folder = f"/c/{contract.code}/discovery/"
    url = f"{folder}{row.fact_id}/" if at == "device" else folder

    def decide() -> str:
        """What the page in front of the person sends."""
        shown = re.findall(r'name="shown" value="([^"]+)"', client.get(url).content.decode())
        assert len(shown) == 1
        refresh()
        if at == "device":
            sent = {"do": do, "proposal": row.pk, "shown": shown}
        else:
            asked = client.post(url, {"do": "bulk", "action": do, "pk": row.pk, "shown": shown}).content.decode()
            assert f'name="shown" value="{shown[0]}"' in asked
            sent = {"do": "bulk", "action": do, "pk": row.pk, "shown": shown, "confirmed": "1"}
        said.append(client.post(url, sent, follow=True).content.decode())
        row.refresh_from_db()
        return row.state

    seen, said = iter(["赵工", "赵工"]), []

    def refresh() -> None:
        take_facts(replace(CALLER, _notes=[]), contract, "网管", [fact | {"owner": next(seen)}])

    assert decide() == "open"
    assert "又有新的发现，仍为待处理" in said[0]
    assert "又有新的发现，请重新查看" in client.get(folder).content.decode()
    asset.refresh_from_db()
    assert asset.owner == "王工"
    assert decide() == ("accepted" if do == "accept" else "rejected")  # seen again, but the same
    asset.refresh_from_db()
    assert asset.owner == ("赵工" if do == "accept" else "王工")


def test_a_device_not_on_the_ledger_is_not_taken_with_values_nobody_saw(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲")
    fact = {"key": "new-1", "name": "新交换机", "serial_no": "S9"}
    take_facts(CALLER, contract, "网管", [fact])
    row = Proposal.objects.get()
    category, shown = Category.objects.get(), {row.pk: row.said}
    take_facts(CALLER, contract, "网管", [fact | {"serial_no": "S8"}])
    assert accept(CALLER, contract, [row.pk], category, shown=shown) == {"accepted": 0, "refused": 0, "newer": 1}
    assert not Asset.objects.filter(name="新交换机").exists()


@pytest.mark.parametrize("do", ["accept", "reject"])
def test_a_job_decides_only_what_the_page_showed(
    contract: Contract, person: User, monkeypatch: pytest.MonkeyPatch, do: str
) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    facts = [{"key": f"k{n}", "serial_no": f"S{n}", "owner": "李工"} for n in range(2)]
    for fact in facts:
        make_asset(contract, ASSETS, fact["key"], serial_no=fact["serial_no"], owner="王工")
    take_facts(CALLER, contract, "网管", facts)
    shown = [f"{row.pk}:{row.said}" for row in Proposal.objects.all()]
    take_facts(CALLER, contract, "网管", [facts[0] | {"owner": "赵工"}])
    posted = {"do": "bulk", "action": do, "pk": keys(), "shown": shown, "confirmed": "1"}
    client_of(person).post(f"/c/{contract.code}/discovery/", posted)
    run = DiscoveryRun.objects.get()
    runs.work.func(run=run.pk)
    run.refresh_from_db()
    done = {"accepted": 1, "refused": 0} if do == "accept" else {"rejected": 1}
    assert run.counts == done | {"newer": 1}
    assert opened(contract) == [("owner", "王工", "赵工")]


def test_what_is_no_key_of_a_proposal_is_passed_over(contract: Contract, person: User) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1", owner="王工")
    take_facts(CALLER, contract, "网管", [{"key": "x", "serial_no": "S1", "owner": "李工"}])
    url = f"/c/{contract.code}/discovery/{Proposal.objects.get().fact_id}/"
    sent = {"do": "accept", "proposal": [f"{'1' * 18}x", "9" * 5000, "²"]}
    assert client_of(person).post(url, sent).status_code == 200
    assert Proposal.objects.get().state == "open"


def test_a_decision_made_while_facts_come_in_stands(transactional_db: None) -> None:
    """Without the row's lock the second would settle what it had read as open."""
    contract = make_contract()
    make_asset(contract, ASSETS, "甲", serial_no="S1", owner="王工")
    take_facts(CALLER, contract, "网管", [{"key": "x", "serial_no": "S1", "owner": "李工"}])

    def agree() -> None:
        take_facts(replace(CALLER, _notes=[]), contract, "网管", [{"key": "x", "serial_no": "S1", "owner": "王工"}])
        connection.close()

    other = threading.Thread(target=agree)
    with transaction.atomic():
        reject(CALLER, contract, keys(), "是同一人")
        other.start()
        until = monotonic() + 20
        while not waiting_for_a_lock() and monotonic() < until:
            sleep(0.05)
        assert waiting_for_a_lock()
    other.join(20)
    assert Proposal.objects.get().state == "rejected"


def test_accepting_while_facts_come_in_waits_for_them_and_neither_breaks_off(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each holding what the other waits for would end with PostgreSQL breaking one of them off."""
    contract = make_contract()
    make_asset(contract, ASSETS, "甲")
    facts = [{"key": "new-1", "name": "新交换机", "serial_no": "S9"}]
    take_facts(CALLER, contract, "网管", facts)
    waiting, category, propose = keys(), Category.objects.get(), discovery.propose
    broken: list[Exception] = []

    def agree() -> None:
        try:
            accept(replace(CALLER, _notes=[]), contract, waiting, category)
        except Exception as error:
            broken.append(error)
        connection.close()

    other = threading.Thread(target=agree)

    def halted(*given: Any) -> int:
        other.start()
        until = monotonic() + 20
        while not waiting_for_a_lock() and monotonic() < until:
            sleep(0.05)
        assert waiting_for_a_lock()
        return propose(*given)

    monkeypatch.setattr(discovery, "propose", halted)
    take_facts(CALLER, contract, "网管", facts)
    other.join(20)
    assert broken == []
    assert Proposal.objects.get().state == "accepted"


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
