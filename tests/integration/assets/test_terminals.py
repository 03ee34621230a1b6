"""Terminals: label numbers, repairs that set the use, and the versions of the address book they carry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.assets.world import CALLER, NOW, make_contract
from tests.integration.assets.world import workbook as book_of
from tests.integration.monitoring import world as below

from opspact.assets.actions.address_books import set_entries
from opspact.assets.actions.loans import mend
from opspact.assets.address_books import Entry, as_csv, as_vcards, difference, read
from opspact.assets.ledgers.loans import REPAIRS
from opspact.assets.ledgers.terminals import ADDRESS_BOOKS, TERMINALS
from opspact.assets.models import AddressBook, Terminal, TerminalRepair
from opspact.assets.queries.terminals import newest_book, out_of_service, outdated
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Change


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def make_terminal(contract: Contract, **values: Any) -> Terminal:
    return actions.create(CALLER, TERMINALS, contract, {"kind": "mobile", "usage": "in_use", "name": "终端", **values})


def make_repair(contract: Contract, terminal: Terminal, **values: Any) -> TerminalRepair:
    given = {"terminal": terminal, "symptom": "屏幕不亮", "failed_at": NOW - timedelta(hours=3), **values}
    return actions.create(CALLER, REPAIRS, contract, given)


def make_book(contract: Contract, code: str, day: date) -> AddressBook:
    return actions.create(CALLER, ADDRESS_BOOKS, contract, {"code": code, "issued_on": day})


def fresh(terminal: Terminal) -> Terminal:
    return Terminal.objects.get(pk=terminal.pk)


def test_label_numbers_run_by_kind_and_own_labels_are_kept(contract: Contract) -> None:
    codes = [make_terminal(contract, kind=kind).code for kind in ("mobile", "mobile", "pc", "peripheral")]
    assert codes == ["MT-0001", "MT-0002", "PC-0001", "PE-0001"]
    assert make_terminal(contract, code="应急-17").code == "应急-17"
    make_terminal(contract, code="MT-0003")
    assert make_terminal(contract).code == "MT-0004"


def test_a_repair_sets_the_use_and_sets_it_back(contract: Contract) -> None:
    terminal = make_terminal(contract, usage="spare")
    repair = make_repair(contract, terminal)
    assert (repair.code, fresh(terminal).usage) == ("REP-2026-0001", "repair")
    with pytest.raises(RecordRefused, match="is in repair already: REP-2026-0001"):
        make_repair(contract, terminal)
    with pytest.raises(RecordRefused, match="it is in repair"):
        actions.change(CALLER, TERMINALS, fresh(terminal), {"usage": "in_use"})
    with pytest.raises(RecordRefused, match="it is in repair"):
        actions.delete(CALLER, TERMINALS, contract, [terminal])
    mend(CALLER, repair, mended_at=NOW, what="更换屏幕")
    assert fresh(terminal).usage == "spare"
    with pytest.raises(RecordRefused, match="was mended already"):
        mend(CALLER, repair, mended_at=NOW, what="")
    said = [change.fields.get("usage") for change in Change.objects.filter(subject_id=terminal.pk).order_by("id")]
    assert said[1:] == [["备用", "维修"], ["维修", "备用"]]


def test_a_terminal_may_be_scrapped_instead_of_mended(contract: Contract) -> None:
    terminal = make_terminal(contract)
    mend(CALLER, make_repair(contract, terminal), mended_at=NOW, what="无法修复", usage="scrapped")
    assert fresh(terminal).usage == "scrapped"


def test_a_repair_deleted_as_a_mistake_puts_the_use_back(contract: Contract) -> None:
    terminal = make_terminal(contract)
    repair = make_repair(contract, terminal)
    actions.delete(CALLER, REPAIRS, contract, [repair])
    assert fresh(terminal).usage == "in_use"
    actions.restore(CALLER, REPAIRS, contract, [repair])
    assert fresh(terminal).usage == "repair"


def test_times_of_a_repair_follow_each_other(contract: Contract) -> None:
    with pytest.raises(RecordRefused, match="mended before it failed"):
        make_repair(contract, make_terminal(contract), mended_at=NOW - timedelta(days=2))


def test_old_repairs_come_from_a_workbook(contract: Contract) -> None:
    terminal = make_terminal(contract, code="T-1")
    rows = [
        ["标签号", "故障现象", "故障时间", "修复时间", "处理措施"],
        ["T-1", "无法开机", "2022年8月3日 9:05", "2022/8/4 16:30", "更换电池"],
        ["T-9", "丢失", "2022-08-03 09:00", None, None],
        ["T-1", "进水", "昨天", None, None],
    ]
    batch = imports.upload(CALLER, REPAIRS, contract, content=book_of(rows), name="维修.xlsx", clears=False)
    imports.read(batch, REPAIRS, contract)
    batch.refresh_from_db()
    assert batch.counts == {"new": 1, "wrong": 2}
    imports.apply(CALLER, REPAIRS, contract, batch, only_good=True)
    repair = TerminalRepair.objects.get(terminal=terminal)
    assert repair.failed_at == datetime(2022, 8, 3, 1, 5, tzinfo=UTC)
    assert repair.mended_at == datetime(2022, 8, 4, 8, 30, tzinfo=UTC)
    assert fresh(terminal).usage == "in_use"


def test_time_without_a_working_terminal_ends_with_the_spare(contract: Contract) -> None:
    terminal = make_terminal(contract)
    failed = NOW - timedelta(hours=10)
    make_repair(contract, terminal, failed_at=failed, spare_at=failed + timedelta(hours=2), mended_at=NOW)
    other = make_terminal(contract)
    make_repair(contract, other, failed_at=NOW - timedelta(hours=1))
    found = out_of_service(contract, NOW - timedelta(hours=9), NOW)
    assert found == {
        terminal.pk: [(NOW - timedelta(hours=9), NOW - timedelta(hours=8))],
        other.pk: [(NOW - timedelta(hours=1), NOW)],
    }


def test_only_mobile_terminals_in_service_can_be_outdated(contract: Contract) -> None:
    old, new = make_book(contract, "V1", date(2026, 1, 1)), make_book(contract, "V2", date(2026, 6, 1))
    current = make_terminal(contract, address_book=new)
    behind = make_terminal(contract, address_book=old)
    none = make_terminal(contract)
    make_terminal(contract, kind="pc")
    make_terminal(contract, usage="scrapped")
    with pytest.raises(RecordRefused, match="only emergency mobile terminals"):
        make_terminal(contract, kind="pc", address_book=new)
    assert newest_book(contract) == new
    assert set(outdated(TERMINALS.records(contract), contract)) == {behind, none}
    with pytest.raises(RecordRefused, match="terminals hold version V2: 1"):
        actions.delete(CALLER, ADDRESS_BOOKS, contract, [new])
    assert current.address_book == new


def entry(name: str, department: str, *numbers: str) -> Entry:
    return Entry(name=name, department=department, numbers=list(numbers))


def test_the_difference_between_two_versions() -> None:
    older = [
        entry("王伟", "值班室", "1"),
        entry("李娜", "办公室", "2"),
        entry("张敏", "一处", "3"),
        entry("张敏", "二处", "4"),
    ]
    newer = [
        entry("王伟", "值班室", "1", "9"),
        entry("李娜", "值班室", "2"),
        entry("张敏", "一处", "3"),
        entry("赵强", "", "5"),
    ]
    found = difference(older, newer)
    assert found.added == [entry("赵强", "", "5")]
    assert found.removed == [entry("张敏", "二处", "4")]
    assert found.changed == [(older[0], newer[0]), (older[1], newer[1])]
    assert not difference(older, list(reversed(older)))


def test_entries_come_from_a_workbook_with_every_wrong_cell_named() -> None:
    rows = [
        ["通讯录", None, None],
        ["姓名", "部门", "联系电话"],
        ["王伟", "值班室", "010-5555 1234、13800000001"],
        ["李娜", "办公室", 13800000002],
        ["王伟", "值班室", "1"],
        [None, "办公室", "2222"],
        ["赵强", None, "内线"],
    ]
    found = read(book_of(rows), "通讯录.xlsx")
    assert found.entries == [
        entry("王伟", "值班室", "010-5555 1234", "13800000001"),
        entry("李娜", "办公室", "13800000002"),
    ]
    assert [cell for cell, _wrong in found.wrong] == ["A5", "A6", "A7"]


def test_files_for_terminals_carry_no_formula_and_no_second_card() -> None:
    entries = [entry("=cmd()", "办公室", "+86 10 5555"), entry("王;伟\nEND:VCARD", "", "1")]
    assert as_csv(entries, ("姓名", "部门", "号码")).decode("utf-8-sig").splitlines()[1] == "'=cmd(),办公室,+86 10 5555"
    cards = as_vcards(entries).decode()
    assert cards.count("\r\nEND:VCARD\r\n") == 2
    assert "FN:王\\;伟\\nEND:VCARD\r\n" in cards


def test_a_version_that_terminals_hold_is_not_rewritten(contract: Contract) -> None:
    book = make_book(contract, "V1", date(2026, 1, 1))
    set_entries(CALLER, book, entries=[entry("王伟", "", "1")])
    make_terminal(contract, address_book=book)
    with pytest.raises(RecordRefused, match="1 terminals hold version V1 already"):
        set_entries(CALLER, book, entries=[])


@pytest.fixture
def client(contract: Contract) -> Client:
    made = Client()
    made.cookies["opspact_language"] = "en"
    made.force_login(below.make_user(Role.ENGINEER, contract.code))
    return made


def test_picked_terminals_are_marked_as_updated(contract: Contract, client: Client) -> None:
    book = make_book(contract, "V2", date(2026, 6, 1))
    one, two = make_terminal(contract), make_terminal(contract)
    url = f"/c/{contract.code}/terminals/"
    assert "2 mobile terminals do not carry address book V2 yet." in client.get(url).content.decode()
    assert one.code in client.get(f"{url}?outdated=yes").content.decode()
    given = {"do": "bulk", "action": "address_book", "pk": [one.pk, two.pk], "confirmed": "1"}
    client.post(url, given | {"book": book.pk, "day": "2026-06-03"})
    assert [(fresh(each).address_book, fresh(each).address_book_on) for each in (one, two)] == [
        (book, date(2026, 6, 3))
    ] * 2
    assert one.code not in client.get(f"{url}?outdated=yes").content.decode()


def test_pages_of_terminals_repairs_and_address_books(contract: Contract, client: Client) -> None:
    terminal = make_terminal(contract, code="MT-7")
    at = f"/c/{contract.code}/"
    page = client.get(f"{at}terminals/{terminal.pk}/").content.decode()
    assert "terminal-repairs/new/?terminal=MT-7" in page
    new = client.get(f"{at}terminal-repairs/new/?terminal=MT-7&failed_at=2026-07-06T09:30").content.decode()
    assert 'value="MT-7"' in new
    made = client.post(
        f"{at}terminal-repairs/new/", {"terminal": "MT-7", "symptom": "不亮", "failed_at": "2026-07-06T09:30"}
    )
    assert made.status_code == 302, made.content.decode()
    repair = TerminalRepair.objects.get()
    assert repair.failed_at == datetime(2026, 7, 6, 1, 30, tzinfo=UTC)
    assert repair.symptom in client.get(f"{at}terminals/{terminal.pk}/").content.decode()
    assert repair.code in client.get(f"{at}terminal-repairs/?open=yes").content.decode()
    client.post(
        f"{at}terminal-repairs/{repair.pk}/mend/", {"mended_at": "2026-07-06T11:00", "what": "换屏", "usage": ""}
    )
    assert fresh(terminal).usage == "in_use"
    assert repair.code not in client.get(f"{at}terminal-repairs/?open=yes").content.decode()

    older = make_book(contract, "V1", date(2026, 1, 1))
    set_entries(CALLER, older, entries=[entry("旧人", "", "1")])
    book = make_book(contract, "V2", date(2026, 6, 1))
    content = book_of([["姓名", "部门", "电话"], ["王伟", "值班室", "12"], ["李娜", "", "x"]])
    address = f"{at}address-books/{book.pk}/"
    bad = client.post(f"{address}entries/", {"file": SimpleUploadedFile("a.xlsx", content)}).content.decode()
    assert "1 row is wrong" in bad
    assert not AddressBook.objects.get(pk=book.pk).entries
    good = book_of([["姓名", "部门", "电话"], ["王伟", "值班室", "12"]])
    client.post(f"{address}entries/", {"file": SimpleUploadedFile("a.xlsx", good)})
    page = client.get(address).content.decode()
    assert "Changes since V1" in page
    assert "<del>旧人</del>" in page
    assert b"FN:\xe7\x8e\x8b" in client.get(f"{address}download.vcf").content
    assert client.get(f"{address}download.exe").status_code == 404
