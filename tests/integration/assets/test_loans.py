"""Loans: one at a time for each terminal, signed here or on paper, overdue, returned one by one or together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.assets.test_terminals import fresh, make_repair, make_terminal
from tests.integration.assets.world import CALLER, NOW, make_contract
from tests.integration.assets.world import workbook as book_of
from tests.integration.monitoring import world as below

from opspact.assets import signatures
from opspact.assets.actions.loans import lend, mend, remind_everybody, take_back
from opspact.assets.ledgers.loans import LOANS
from opspact.assets.ledgers.terminals import TERMINALS
from opspact.assets.models import Loan, Terminal
from opspact.assets.queries.terminals import overdue_loans, unsigned
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.identity.roles import Role
from opspact.kit import attachments, inbox, registries
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, imports, undoing
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import AuditEvent, Message

SIGNED = "M10 20" + "".join(f"L{x} {20 + x % 7}" for x in range(12, 60, 3))
DAY = timedelta(days=1)


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def lent(contract: Contract, *terminals: Terminal, **more: Any) -> list[Loan]:
    return lend(CALLER, contract, terminals=terminals, borrower="王伟", **more)


def test_a_terminal_is_lent_once_and_its_use_follows(contract: Contract) -> None:
    terminal = make_terminal(contract, usage="spare")
    (loan,) = lent(contract, terminal, signature=SIGNED, due_on=date(2026, 7, 10))
    assert (loan.code, fresh(terminal).usage) == ("LOAN-2026-0001", "lent")
    with pytest.raises(RecordRefused, match="MT-0001 is lent to 王伟 since 2026-07-06; take it back first"):
        lent(contract, terminal)
    with pytest.raises(RecordRefused, match="it is lent"):
        actions.change(CALLER, TERMINALS, fresh(terminal), {"usage": "in_use"})
    take_back(CALLER, contract, loans=[loan], condition="完好", signature=SIGNED)
    assert fresh(terminal).usage == "spare"
    with pytest.raises(RecordRefused, match="LOAN-2026-0001 was returned already"):
        take_back(CALLER, contract, loans=[loan])
    assert lent(contract, terminal)[0].code == "LOAN-2026-0002"


def test_all_go_out_together_or_none(contract: Contract) -> None:
    good, broken = make_terminal(contract), make_terminal(contract, usage="scrapped")
    with pytest.raises(RecordRefused, match="MT-0002 can't be lent: 报废"):
        lent(contract, good, broken)
    assert not Loan.objects.exists()
    assert fresh(good).usage == "in_use"


def test_a_terminal_that_breaks_while_lent_is_in_repair_and_then_lent_again(contract: Contract) -> None:
    terminal = make_terminal(contract, usage="spare")
    (loan,) = lent(contract, terminal)
    repair = make_repair(contract, terminal)
    assert fresh(terminal).usage == "repair"
    mend(CALLER, repair, mended_at=NOW, what="换屏")
    assert fresh(terminal).usage == "lent"
    second = make_repair(contract, terminal)
    take_back(CALLER, contract, loans=[loan])
    assert fresh(terminal).usage == "repair"
    mend(CALLER, second, mended_at=NOW, what="换电池")
    assert fresh(terminal).usage == "spare"


@pytest.mark.parametrize(
    "path",
    ["", "M10 20", "M10 20L11 21", "M1 1" + "L1 1" * 50, "M10 20L401 20" + SIGNED, SIGNED + '"/><script>',
     "M10 151" + SIGNED[6:], SIGNED.replace("L", " L"), "M1 1L2 2" * 4000, "L1 2" + SIGNED],
)  # fmt: skip
def test_what_is_no_signature_is_refused(path: str) -> None:
    with pytest.raises(Wrong):
        signatures.check(path)


def test_an_empty_box_is_told_to_be_empty() -> None:
    with pytest.raises(Wrong, match="nobody has signed"):
        signatures.check("")


def test_a_signature_that_is_none_changes_nothing(contract: Contract) -> None:
    terminal = make_terminal(contract)
    with pytest.raises(RecordRefused, match="too short"):
        lent(contract, terminal, signature="M1 1L2 2")
    assert fresh(terminal).usage == "in_use"


def test_overdue_from_the_day_after(contract: Contract) -> None:
    (loan,) = lent(contract, make_terminal(contract), due_on=date(2026, 7, 10))
    assert not overdue_loans(contract, date(2026, 7, 10)).exists()
    assert overdue_loans(contract, date(2026, 7, 11)).get() == loan
    items = next(each for each in registries.open_items.all() if each.name == "assets.loans")
    assert [item.title for item in items.find(contract, NOW + 6 * DAY)] == ["MT-0001 终端 · 王伟"]
    take_back(CALLER, contract, loans=[loan])
    assert not overdue_loans(contract, date(2026, 7, 11)).exists()
    with pytest.raises(RecordRefused, match="due before it was lent"):
        lent(contract, make_terminal(contract), due_on=date(2026, 7, 5))


def test_the_desk_and_the_lender_are_reminded_once_of_what_is_overdue(contract: Contract) -> None:
    desk, lender = below.make_user(Role.SERVICE_DESK, contract.code), below.make_user(Role.ENGINEER, contract.code)
    below.make_user(Role.CLIENT_STAFF, contract.code)
    terminal = make_terminal(contract)
    made = lend(Caller(lender, NOW, "web"), contract, terminals=[terminal], borrower="王伟", due_on=date(2026, 7, 10))
    assert remind_everybody(datetime(2026, 7, 10, 15, 59, tzinfo=UTC)) == 0  # a minute before midnight in Beijing
    assert remind_everybody(datetime(2026, 7, 10, 16, 0, tzinfo=UTC)) == 1
    assert remind_everybody(NOW + 20 * DAY) == 0
    assert {message.user for message in Message.objects.all()} == {desk, lender}
    message = Message.objects.first()
    assert inbox.words_of(message) == "终端 MT-0001 终端 逾期未还：应于 2026-07-10 归还，借用人 王伟"
    assert message.url == f"/c/{contract.code}/terminal-loans/{made[0].pk}/"
    actions.change(CALLER, LOANS, Loan.objects.get(), {"due_on": date(2026, 8, 1)}, "续借")
    assert remind_everybody(NOW + 25 * DAY) == 0
    assert remind_everybody(NOW + 27 * DAY) == 1
    Message.objects.all().delete()
    assert remind_everybody(NOW + 90 * DAY) == 0  # no news any more
    take_back(CALLER, contract, loans=[Loan.objects.get()])
    assert remind_everybody(NOW + 28 * DAY) == 0


def test_what_is_back_is_not_taken_back_again_by_page(contract: Contract, client: Client) -> None:
    (loan,) = lent(contract, make_terminal(contract))
    client.force_login(below.make_user(Role.SERVICE_DESK, contract.code))
    url = f"/c/{contract.code}/terminal-loans/{loan.pk}/take-back/"
    assert client.get(url).status_code == 200
    take_back(CALLER, contract, loans=[loan])
    assert client.get(url).headers["Location"] == f"/c/{contract.code}/terminal-loans/{loan.pk}/"


def test_a_loan_signed_on_paper_misses_its_scan_until_that_is_attached(contract: Contract) -> None:
    below.make_user(Role.SERVICE_DESK, contract.code)
    (drawn,) = lent(contract, make_terminal(contract), signature=SIGNED)
    (paper,) = lent(contract, make_terminal(contract))
    assert list(unsigned(Loan.objects.all())) == [paper]
    upload = SimpleUploadedFile("签字.pdf", b"%PDF-1.4 scan")
    attachments.attach(CALLER, paper, upload=upload, level="internal")
    assert not unsigned(Loan.objects.all()).exists()
    take_back(CALLER, contract, loans=[drawn])
    assert list(unsigned(Loan.objects.all())) == [drawn]


def test_the_old_loan_book_comes_in_from_excel(contract: Contract) -> None:
    for code in ("A1", "A2"):
        make_terminal(contract, code=code, usage="spare")
    rows = [
        ["标签号", "借用人", "借出时间", "应还日期", "归还时间"],
        ["A1", "李娜", "2026-06-01 09:00", "2026-06-10", "2026-06-09 17:00"],
        ["A1", "张敏", "2026-07-01 09:00", "2026-07-03", None],
        ["A2", "赵强", "2026-07-02", None, "2026-07-01"],
    ]
    batch = imports.upload(CALLER, LOANS, contract, content=book_of(rows), name="借用.xlsx", clears=False)
    imports.read(batch, LOANS, contract)
    batch.refresh_from_db()
    assert batch.counts == {"new": 2, "wrong": 1}
    imports.apply(CALLER, LOANS, contract, batch, only_good=True)
    assert Terminal.objects.get(code="A1").usage == "lent"
    undoing.undo(CALLER, LOANS, contract, batch)
    assert Terminal.objects.get(code="A1").usage == "spare"


def test_the_service_desk_lends_but_does_not_keep_the_ledger_of_terminals(contract: Contract) -> None:
    desk = Caller(below.make_user(Role.SERVICE_DESK, contract.code), NOW, "test")
    client_staff = Caller(below.make_user(Role.CLIENT_STAFF, contract.code), NOW, "test")
    terminal = make_terminal(contract)
    with pytest.raises(PermissionDenied):
        lend(client_staff, contract, terminals=[terminal], borrower="王伟")
    (loan,) = lend(desk, contract, terminals=[terminal], borrower="王伟")
    assert loan.lent_by == desk.user
    audit = AuditEvent.objects.get(action="assets.loan.lend", result="done")
    assert audit.detail == {"borrower": "王伟", "terminals": ["MT-0001"], "on_paper": True}


def test_the_counter_from_lending_to_return(contract: Contract) -> None:
    client = Client()
    client.cookies["opspact_language"] = "en"
    client.force_login(below.make_user(Role.SERVICE_DESK, contract.code))
    one, two = make_terminal(contract), make_terminal(contract)
    at = f"/c/{contract.code}/terminal-loans/"
    given = {"borrower": "王伟", "signed": "screen", "signature": SIGNED, "due_on": "2030-01-01"}
    unknown = client.post(f"{at}new/", given | {"terminals": "MT-0001\nMT-0009"}).content.decode()
    assert "Not on the ledger: MT-0009." in unknown
    blank = client.post(f"{at}new/", given | {"terminals": "MT-0001", "signature": ""}).content.decode()
    assert "nobody has signed yet" in blank
    made = client.post(f"{at}new/", given | {"terminals": " MT-0001 \r\nMT-0002\r\nMT-0001"})
    assert made.status_code == 302, made.content.decode()
    first, second = Loan.objects.order_by("pk")
    assert {first.terminal, second.terminal} == {one, two}
    page = client.get(f"{at}{first.pk}/").content.decode()
    assert f'<path d="{SIGNED}"/>' in page
    again = client.post(f"{at}new/", given | {"terminals": "MT-0001"}).content.decode()
    assert "MT-0001 is lent to 王伟 since" in again
    assert first.code in client.get(f"{at}?open=yes").content.decode()
    slip = client.get(f"{at}slip/?loan={first.pk}&loan={second.pk}").content.decode()
    assert slip.count("assets-qr") == 2
    assert client.get(f"{at}slip/?loan=999999").status_code == 404
    back = {"condition": "good", "usage": "spare", "signed": "paper"}
    returned = client.post(f"{at}{first.pk}/take-back/", back)
    assert returned.headers["Location"].endswith(f"slip/?loan={first.pk}")
    assert fresh(first.terminal).usage == "spare"
    bulk = {"do": "bulk", "action": "take_back", "pk": [first.pk, second.pk], "confirmed": "1", "condition": "good"}
    refused = client.post(at, bulk, follow=True).content.decode()
    assert "was returned already" in refused
    client.post(at, bulk | {"pk": [second.pk]})
    assert Loan.objects.filter(returned_at=None).count() == 0
    Loan.objects.filter(pk=second.pk).update(returned_at=None, lent_at=NOW - 90 * DAY, due_on=date(2026, 1, 2))
    home = client.get(f"/c/{contract.code}/").content.decode()
    assert "Terminals not returned in time" in home
    assert second.code in client.get(f"{at}?overdue=yes").content.decode()
