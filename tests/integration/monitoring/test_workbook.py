"""Targets from Excel and back: what is read, what is refused and in which words, what is applied."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from tests.integration.monitoring.world import at, make_contract, make_user
from tests.late import whole

from opspact.assets.models import Asset, Category, Circuit
from opspact.contracts.models import BusinessSystem, Contract, ContractParty, ScopeItem, Site
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.models import AuditEvent
from opspact.monitoring import workbook
from opspact.monitoring.actions import apply_import, export_targets, upload
from opspact.monitoring.models import Check, CheckState, ObservedInterval, Target, TargetImport

HEADER = ["编号", "名称", "地址", "检查方式", "业务系统", "地点", "间隔（秒）", "阈值"]
GOOD = ["OA-WEB", "OA 门户", "https://oa.example.gov.cn/", "http", "OA", "HQ", 60, "warn_ms=500"]


@pytest.fixture
def contract(contract: Contract, system: BusinessSystem) -> Contract:
    ScopeItem.objects.create(contract=contract, system=system, starts_at=contract.starts_at)
    ContractParty.objects.create(contract=contract, organisation=system.organisation, part="client")
    Site.objects.create(organisation=system.organisation, code="HQ", name="本部机房")
    return contract


@pytest.fixture
def engineer(contract: Contract) -> User:
    return make_user(Role.ENGINEER)


def book(*rows: Sequence[Any], header: Sequence[Any] = HEADER, title: str = "监控对象", merge: str = "") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def statuses(contract: Contract, content: bytes) -> list[str]:
    return [str(row.status) for row in workbook.read(contract, content, "t.xlsx").rows]


def problems(contract: Contract, content: bytes) -> list[str]:
    with override("en"):
        return [problem.text for row in workbook.read(contract, content, "t.xlsx").rows for problem in row.problems]


def refusal(contract: Contract, content: bytes, name: str = "t.xlsx") -> str:
    with pytest.raises(workbook.WorkbookError) as caught, override("en"):
        workbook.read(contract, content, name)
    return caught.value.code


def applied(user: User, contract: Contract, content: bytes, *, only_good: bool = False) -> dict[str, int]:
    caller = Caller(user, at(1), "page")
    made = upload(caller, contract, content=content, name="t.xlsx")
    return apply_import(caller, made, only_good=only_good, authorised_by="Ms Wang", reference="E-mail of Monday")


def other(**changes: Any) -> list[Any]:
    names = ["code", "name", "address", "kind", "system", "site", "interval", "settings"]
    return [changes.get(name, value) for name, value in zip(names, GOOD, strict=True)]


def test_it_reads_a_row_and_says_that_it_is_new(contract: Contract) -> None:
    (row,) = workbook.read(contract, book(GOOD), "t.xlsx").rows
    assert (row.number, row.status) == (2, "new")
    assert row.draft is not None
    assert row.draft.to_json() == {
        "code": "OA-WEB",
        "name": "OA 门户",
        "kind": "http",
        "address": "https://oa.example.gov.cn/",
        "system": "oa",
        "site": "HQ",
        "interval_s": 60,
        "settings": {"warn_ms": 500.0},
        "asset": None,
        "circuit": None,
    }


def test_applying_writes_targets_checks_their_ledgers_and_who_authorised(engineer: User, contract: Contract) -> None:
    counts = applied(engineer, contract, book(GOOD, other(kind="icmp", address="10.0.0.5", settings="")))
    target = Target.objects.get()
    assert counts == {"new": 2, "changed": 0, "same": 0, "wrong": 0}
    assert (target.code, target.system.code, target.site.code, target.address) == ("OA-WEB", "oa", "HQ", "10.0.0.5")
    assert sorted(target.checks.values_list("kind", "interval_s")) == [("http", 60), ("icmp", 60)]
    assert CheckState.objects.filter(seen="unknown", since=at(1)).count() == 2
    assert ObservedInterval.objects.filter(ends_at=None, why="new").count() == 2
    assert (target.authorisation.authorised_by, target.authorisation.recorded_by) == ("Ms Wang", engineer)
    assert target.authorisation.addresses == ["10.0.0.5", "oa.example.gov.cn"]


def test_what_is_exported_reads_back_as_the_same(engineer: User, contract: Contract) -> None:
    rows = [GOOD, other(code="B-2", kind="tcp", address="[2001:db8::1]:443", settings="", system="", site="")]
    applied(
        engineer, contract, book(*rows, other(code="C", kind="tls", address="a.example:443", settings="sni=b.example"))
    )
    for language in ("zh-hans", "en"):
        assert statuses(contract, workbook.export(contract, language)) == ["same"] * 3


def test_the_template_has_no_row_and_says_so_when_it_comes_back_empty(contract: Contract) -> None:
    for language in ("zh-hans", "en"):
        assert refusal(contract, workbook.template(contract, language)) == "sheet.empty"


def test_a_change_shows_the_old_and_the_new_value(engineer: User, contract: Contract) -> None:
    applied(engineer, contract, book(GOOD))
    (row,) = workbook.read(contract, book(other(name="OA 首页", interval=30)), "t.xlsx").rows
    assert row.status == "changed"
    assert row.changes == {"name": ("OA 门户", "OA 首页"), "interval_s": ("60", "30")}


def test_applying_a_change_keeps_the_checks_history(engineer: User, contract: Contract) -> None:
    applied(engineer, contract, book(GOOD))
    before = Check.objects.get()
    applied(engineer, contract, book(other(interval=30)))
    assert Check.objects.get().pk == before.pk
    assert Check.objects.get().interval_s == 30
    assert ObservedInterval.objects.count() == 1


def test_nothing_is_deleted_by_a_file_that_leaves_targets_out(engineer: User, contract: Contract) -> None:
    applied(engineer, contract, book(GOOD, other(code="B")))
    applied(engineer, contract, book(other(code="B", name="Other")))
    assert Target.objects.count() == 2


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Code", "Name", "Address", "Kind of check"], ["A", "a", "10.0.0.1", "ICMP"]),
        (["编号 *", "名称*", "IP 地址", "检查方式"], ["A", "a", "10.0.0.1", "icmp"]),
        (["地址", "检测方式", "Code", "名称"], ["10.0.0.1", "Icmp", "A", "a"]),
    ],
)
def test_headers_are_known_in_both_languages_and_any_order(
    contract: Contract, header: list[str], row: list[str]
) -> None:
    assert statuses(contract, book(row, header=header)) == ["new"]


def test_full_width_digits_are_read_and_the_preview_says_so(contract: Contract) -> None:
    (row,) = workbook.read(
        contract, book(other(kind="tcp", address="１９２.１６８.0.1：４４３", settings="")), "t.xlsx"
    ).rows
    assert row.draft is not None
    assert row.draft.address == "192.168.0.1:443"
    assert [(each.field, each.cell, each.code) for each in row.mended] == [("address", "C2", "folded")]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (other(kind="icmp", address="10.0.0.300", settings=""), "no IPv4 address"),
        (other(kind="tcp", address="10.0.0.3", settings=""), "needs a port"),
        (other(kind="ping6"), "“ping6” is no kind of check"),
        (other(system="OB"), "did you mean “oa”"),
        (other(site="Mars"), "There is no site “Mars”"),
        (other(interval=9), "from 10 to 86400 seconds, not 9"),
        (other(interval="soon"), "“soon” is no whole number of seconds"),
        (other(settings="warn=5"), "“warn” is no setting of this kind"),
        (other(settings="warn_ms=fast"), "warn_ms needs a number"),
        (other(code="a b"), "“a b” is no code"),
        (other(name=None), "B2 must be filled"),
        (other(name="=A2&B2"), "B2 holds a formula"),
    ],
)
def test_it_says_what_is_wrong_with_a_field(contract: Contract, row: list[Any], says: str) -> None:
    found = problems(contract, book(row))
    assert len(found) == 1
    assert says in found[0]


def test_a_row_with_two_faults_names_both(contract: Contract) -> None:
    assert len(problems(contract, book(other(interval=1, site="Mars")))) == 2


def test_the_same_check_twice_names_both_rows(contract: Contract) -> None:
    found = problems(contract, book(GOOD, other(code="B"), GOOD))
    assert found == ["Rows 2 and 4 both are OA-WEB with the check http."] * 2
    assert statuses(contract, book(GOOD, other(code="B"), GOOD)) == ["wrong", "new", "wrong"]


def test_one_target_with_two_names_names_both_rows(contract: Contract) -> None:
    found = problems(contract, book(GOOD, other(kind="icmp", address="10.0.0.1", settings="", name="Another")))
    assert found[0].startswith("OA-WEB has “OA 门户” in row 2 and “Another” in row 3")
    assert len(found) == 2


def test_merged_cells_are_wrong_in_each_row_they_touch(contract: Contract) -> None:
    found = problems(contract, book(GOOD, other(code="B", name=None), merge="B2:B3"))
    assert sum("B2:B3 is merged" in each for each in found) == 2


def test_a_title_merged_above_the_header_harms_nothing(contract: Contract) -> None:
    content = book(HEADER, GOOD, header=["资产清单"], merge="A1:H1")
    assert statuses(contract, content) == ["new"]


def test_a_wrong_sheet_lists_those_it_found(contract: Contract) -> None:
    with pytest.raises(workbook.WorkbookError) as caught, override("en"):
        workbook.read(contract, book(["1", "2"], header=["x", "y"], title="预算"), "t.xlsx")
    assert caught.value.code == "sheet.none"
    assert "“预算”" in str(caught.value)


def test_it_finds_the_sheet_of_targets_among_others(contract: Contract) -> None:
    made = openpyxl.Workbook()
    made.active.append(["something else"])
    sheet = made.create_sheet("第二页")
    sheet.append(HEADER)
    sheet.append(GOOD)
    target = io.BytesIO()
    made.save(target)
    assert statuses(contract, target.getvalue()) == ["new"]


def test_a_missing_header_is_named(contract: Contract) -> None:
    with pytest.raises(workbook.WorkbookError, match="地址 / Address") as caught:
        workbook.read(contract, book(["A", "a", "icmp"], header=["编号", "名称", "检查方式"]), "t.xlsx")
    assert caught.value.code == "header.missing"


def test_a_header_that_stands_there_twice_is_named(contract: Contract) -> None:
    with pytest.raises(workbook.WorkbookError, match="Columns A and I") as caught:
        workbook.read(contract, book([*GOOD, "x"], header=[*HEADER, "Code"]), "t.xlsx")
    assert caught.value.code == "header.twice"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        ("编号,名称,地址\nA,门户,10.0.0.1\n".encode("gb18030"), "file.csv"),
        ("编号,名称,地址\nA,门户,10.0.0.1\n".encode(), "file.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "file.xls"),
        (b"%PDF-1.7 ...", "file.format"),
        (b"PK\x03\x04 broken", "file.broken"),
    ],
)
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(contract: Contract, content: bytes, code: str) -> None:
    assert refusal(contract, content, "清单.xlsx") == code


def test_a_csv_in_gbk_is_told_from_one_in_utf8(contract: Contract) -> None:
    with pytest.raises(workbook.WorkbookError, match="CSV file \\(GBK\\)"):
        workbook.read(contract, "编号,名称\nA,门户\n".encode("gb18030"), "清单.xlsx")


def test_a_zip_that_unpacks_to_too_much_is_not_opened(contract: Contract) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(150 * 1024**2))
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 * 1024**2))
    assert refusal(contract, target.getvalue()) == "file.bomb"


def test_a_zip_of_something_else_is_no_workbook(contract: Contract) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refusal(contract, target.getvalue()) == "file.zip"


def test_all_or_nothing_changes_nothing_when_a_row_is_wrong(engineer: User, contract: Contract) -> None:
    with pytest.raises(ValidationError):
        applied(engineer, contract, book(GOOD, other(code="B", interval=1)))
    assert not Target.objects.exists()


def test_only_the_good_rows_go_in_when_that_was_chosen(engineer: User, contract: Contract) -> None:
    counts = applied(engineer, contract, book(GOOD, other(code="B", interval=1)), only_good=True)
    assert counts == {"new": 1, "changed": 0, "same": 0, "wrong": 1}
    assert Target.objects.get().code == "OA-WEB"


def test_it_does_not_apply_without_an_authorisation(engineer: User, contract: Contract) -> None:
    caller = Caller(engineer, at(1), "page")
    made = upload(caller, contract, content=book(GOOD), name="t.xlsx")
    with pytest.raises(ValidationError):
        apply_import(caller, made, only_good=False, authorised_by=" ", reference="x")


def test_an_import_is_applied_once(engineer: User, contract: Contract) -> None:
    applied(engineer, contract, book(GOOD))
    made = TargetImport.objects.get()
    with pytest.raises(ValidationError):
        apply_import(Caller(engineer, at(2), "page"), made, only_good=False, authorised_by="W", reference="x")


def test_it_is_judged_again_by_what_holds_when_it_is_applied(engineer: User, contract: Contract) -> None:
    caller = Caller(engineer, at(1), "page")
    made = upload(caller, contract, content=book(GOOD), name="t.xlsx")
    applied(engineer, contract, book(GOOD))
    ScopeItem.objects.all().delete()
    with pytest.raises(ValidationError, match="OA"):
        apply_import(caller, made, only_good=False, authorised_by="W", reference="x")


def test_who_may_not_import_is_refused(contract: Contract) -> None:
    with pytest.raises(PermissionDenied):
        upload(Caller(make_user(Role.CLIENT_MANAGER), at(1), "page"), contract, content=book(GOOD), name="t.xlsx")


def test_ten_thousand_rows_are_read_and_applied(engineer: User, contract: Contract) -> None:
    rows = [
        other(code=f"T{i}", name=f"目标 {i}", kind="icmp", address=f"10.1.{i // 250}.{i % 250 + 1}", settings="")
        for i in range(10_000)
    ]
    content = book(*rows)
    preview = workbook.read(contract, content, "t.xlsx")
    assert preview.counts["new"] == 10_000
    applied(engineer, contract, content)
    assert Check.objects.count() == 10_000


def test_thousands_of_merged_cells_are_refused_at_once(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opspact.kit.ledgers.files.MAX_MERGED", 0)
    assert refusal(contract, book(other(), merge="A2:A3")) == "sheet.merged"


def test_merged_cells_beside_the_fields_are_nobodys_fault(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opspact.kit.ledgers.files.MAX_MERGED", 0)
    assert statuses(contract, book(other(), merge="T2:U3")) == ["new"]


def test_who_takes_the_targets_away_is_on_record(engineer: User, contract: Contract) -> None:
    content = export_targets(Caller(engineer, timezone.now(), "page"), contract, language="zh-hans")
    row = AuditEvent.objects.get(action="monitoring.target.export")
    assert (row.user, row.contract_code) == (engineer, contract.code)
    assert row.detail == {"sha256": hashlib.sha256(content).hexdigest()}


LINKED = [*HEADER, "资产编码", "专线"]


@pytest.fixture
def linked(contract: Contract) -> Contract:
    """An asset, two more of one name, a circuit, and one of each that was taken off the ledger."""
    category = Category.objects.create(contract=contract, code="SRV", name="服务器", created_at=at(0), updated_at=at(0))
    common = {"contract": contract, "created_at": at(0), "updated_at": at(0)}
    for code, name in (("SV-0001", "数据库服务器"), ("SV-0002", "网页服务器"), ("SV-0003", "网页服务器")):
        Asset.objects.create(code=code, name=name, category=category, **common)
    Asset.objects.create(code="SV-0009", name="旧服务器", category=category, deleted_at=at(0), **common)
    Circuit.objects.create(code="ZX-01", name="指挥信息网专线", **common)
    return contract


def watching(asset: Any = None, circuit: Any = None, **changes: Any) -> list[Any]:
    return [*other(**changes), asset, circuit]


@pytest.mark.parametrize(
    ("asset", "circuit"),
    [
        ("SV-0001", "ZX-01"),
        ("sv-0001", "zx-01"),
        (" ＳＶ-0001 ", "指挥信息网专线"),
        ("数据库服务器", "ZX-01 指挥信息网专线"),
        ("SV-0001 数据库服务器", "ZX-01"),
    ],
)
def test_a_target_is_linked_to_its_asset_and_circuit(
    engineer: User, linked: Contract, asset: str, circuit: str
) -> None:
    applied(engineer, linked, book(watching(asset, circuit), header=LINKED))
    target = Target.objects.get()
    assert (target.asset.code, target.circuit.code) == ("SV-0001", "ZX-01")
    client = Client()
    client.force_login(engineer)
    for page in ("assets:asset", "assets:circuit"):
        record = target.asset if page == "assets:asset" else target.circuit
        shown = whole(client, reverse(page, kwargs={"contract": linked.code, "pk": record.pk}))
        assert "OA-WEB OA 门户" in shown
    for language in ("zh-hans", "en"):
        assert statuses(linked, workbook.export(linked, language)) == ["same"]


@pytest.mark.parametrize(
    ("asset", "circuit", "says"),
    [
        ("SV-7777", None, "There is no asset “SV-7777” on the ledger"),
        ("SV-0009", None, "There is no asset “SV-0009” on the ledger"),
        ("网页服务器", None, "2 assets are called “网页服务器”: give the code, such as SV-0002"),
        (None, "ZX-02", "There is no leased circuit “ZX-02” in this contract; did you mean “ZX-01”?"),
    ],
)
def test_a_link_that_leads_nowhere_names_its_cell(
    linked: Contract, asset: str | None, circuit: str | None, says: str
) -> None:
    (row,) = workbook.read(linked, book(watching(asset, circuit), header=LINKED), "t.xlsx").rows
    (problem,) = row.problems
    with override("en"):
        assert says in problem.text
    assert problem.cell == ("I2" if asset else "J2")


def test_a_workbook_without_the_columns_leaves_the_links_and_an_empty_cell_takes_them_away(
    engineer: User, linked: Contract
) -> None:
    applied(engineer, linked, book(watching("SV-0001", "ZX-01"), header=LINKED))
    assert statuses(linked, book(GOOD)) == ["same"]
    applied(engineer, linked, book(other(interval=30)))
    assert Target.objects.get().asset.code == "SV-0001"
    (row,) = workbook.read(linked, book(watching(None, "ZX-01", interval=30), header=LINKED), "t.xlsx").rows
    assert (row.status, row.changes) == ("changed", {"asset": ("SV-0001", "")})
    applied(engineer, linked, book(watching(None, "ZX-01", interval=30), header=LINKED))
    target = Target.objects.get()
    assert (target.asset, target.circuit.code) == (None, "ZX-01")


def test_one_target_has_one_asset_in_all_its_rows(linked: Contract) -> None:
    rows = [watching("SV-0001"), watching("SV-0002", kind="icmp", address="10.0.0.1", settings="")]
    found = problems(linked, book(*rows, header=LINKED))
    assert found[0].startswith("OA-WEB has “SV-0001” in row 2 and “SV-0002” in row 3")


def test_assets_of_another_contract_are_not_there(linked: Contract) -> None:
    Asset.objects.filter(code="SV-0001").update(contract=make_contract("other"))
    (found,) = problems(linked, book(watching("SV-0001"), header=LINKED))
    assert "There is no asset" in found


def test_an_asset_taken_off_the_ledger_meanwhile_is_refused_when_the_file_is_applied(
    engineer: User, linked: Contract
) -> None:
    caller = Caller(engineer, at(1), "page")
    made = upload(caller, linked, content=book(watching("SV-0001"), header=LINKED), name="t.xlsx")
    Asset.objects.filter(code="SV-0001").update(deleted_at=at(1))
    with pytest.raises(ValidationError, match="SV-0001"):
        apply_import(caller, made, only_good=False, authorised_by="W", reference="x")
