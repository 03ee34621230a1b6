"""Leased circuits: bandwidth as people write it, the workbook both ways, and what monitoring says of them."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from django.test import Client
from tests.integration.assets.world import CALLER, make_contract
from tests.integration.assets.world import workbook as book_of
from tests.integration.monitoring import world as below
from tests.late import whole

from opspact.assets.ledgers.bandwidth import bandwidth_text, read_bandwidth
from opspact.assets.ledgers.circuits import CARRIERS, CIRCUITS
from opspact.assets.models import Carrier, Circuit
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.core.instants import to_us
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions, imports, workbook
from opspact.kit.ledgers.writing import RecordRefused
from opspact.monitoring.models import GrantedInterval, ObservedInterval, Target
from opspact.monitoring.queries import circuit_records as records
from opspact.monitoring.queries.circuits import TERM, by_carrier, period_of, periods

HOUR_US = 3_600_000_000


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def telecom(contract: Contract) -> Carrier:
    return actions.create(CALLER, CARRIERS, contract, {"code": "CT", "name": "中国电信", "noc_contact": "10000"})


def make_circuit(contract: Contract, code: str = "L01", **values: object) -> Circuit:
    return actions.create(CALLER, CIRCUITS, contract, {"code": code, "name": f"{code} 专线", **values})


@pytest.mark.parametrize(
    ("written", "mbps"),
    [
        ("100M", "100"), ("2Mbps", "2"), ("1G", "1000"), ("1.5 Gbit/s", "1500"), ("64k", "0.064"), ("100", "100"),
        ("100兆", "100"), ("千兆", "1000"), ("10 Mb/s", "10"), ("2.5g", "2500"), ("512 Kbps", "0.512"),
    ],
)  # fmt: skip
def test_bandwidth_is_read_as_people_write_it(written: str, mbps: str) -> None:
    assert read_bandwidth(written) == Decimal(mbps)


@pytest.mark.parametrize("written", ["fast", "0", "0M", "100MB of data", "1e3", "-2M", "2000T", "0.0001k"])
def test_what_is_no_bandwidth_is_refused(written: str) -> None:
    with pytest.raises(Wrong):
        read_bandwidth(written)


@pytest.mark.parametrize(
    ("mbps", "text"), [("100.000", "100M"), ("1000", "1G"), ("2500", "2.5G"), ("0.064", "64k"), ("0.5", "500k")]
)
def test_bandwidth_is_written_so_that_it_reads_back(mbps: str, text: str) -> None:
    assert bandwidth_text(Decimal(mbps)) == text
    assert read_bandwidth(text) == Decimal(mbps)


def test_a_line_leads_from_one_place_to_another_and_closes_after_it_opened(contract: Contract) -> None:
    with pytest.raises(RecordRefused, match="both ends are the same place"):
        make_circuit(contract, a_end="指挥中心", z_end="指挥中心")
    with pytest.raises(RecordRefused, match="closed before it was opened, on 2022-07-06"):
        make_circuit(contract, opened_on=date(2022, 7, 6), closed_on=date(2022, 7, 5))


def test_a_carrier_with_circuits_stays(contract: Contract, telecom: Carrier) -> None:
    make_circuit(contract, carrier=telecom)
    with pytest.raises(RecordRefused, match="中国电信 still provides circuits here: 1"):
        actions.delete(CALLER, CARRIERS, contract, [telecom])


def test_the_workbook_of_circuits_comes_in_and_goes_out_unchanged(contract: Contract, telecom: Carrier) -> None:
    rows = [
        ["编号", "线路名称", "运营商", "电路编号", "A端", "Z端", "带宽", "开通日", "报修电话", "年租费"],
        [
            "N02",
            "指挥信息网专线",
            "中国电信",
            "京00217",
            "指挥中心",
            "应急管理部",
            "100M",
            "2022.7.6",
            "10000",
            "36,000",
        ],
        ["N05", "殡葬系统专线", "中国移动", None, "指挥中心", "民政局", "20 Mbps", None, None, None],
    ]
    batch = imports.upload(CALLER, CIRCUITS, contract, content=book_of(rows), name="专线台账.xlsx", clears=False)
    imports.read(batch, CIRCUITS, contract)
    batch.refresh_from_db()
    assert batch.counts == {"new": 1, "wrong": 1}  # that carrier is not on the ledger
    imports.apply(CALLER, CIRCUITS, contract, batch, only_good=True)
    line = Circuit.objects.get(code="N02")
    assert (line.bandwidth_mbps, line.circuit_no, line.yearly_cost) == (100, "京00217", 36000)
    out = io.BytesIO()
    workbook.write(out, CIRCUITS, contract, "zh-hans", [line])
    cells = [cell.value for cell in openpyxl.load_workbook(out).worksheets[0][2]]
    assert "100M" in cells
    assert "2022-07-06" in cells
    again = imports.upload(CALLER, CIRCUITS, contract, content=out.getvalue(), name="专线台账.xlsx", clears=True)
    imports.read(again, CIRCUITS, contract)
    again.refresh_from_db()
    assert again.counts == {"same": 1}


def watched(contract: Contract, circuit: Circuit, code: str, downs: list[tuple[float, float]], hours: float) -> None:
    """A check since 24 hours before START, seen up for `hours` but down in these hours; then nobody looked."""
    start = below.START - timedelta(hours=24)
    check = below.make_check(contract, code, created=start)
    Target.objects.filter(pk=check.target_id).update(circuit=circuit)
    ObservedInterval.objects.filter(checked=check).delete()
    pieces, at = [], 0.0
    for begin, end in [*downs, (hours, hours)]:
        pieces += [(at, begin, "up"), (begin, end, "down")]
        at = end
    for begin, end, seen in [*pieces, (at, None, "unknown")]:
        if end is None or end > begin:
            ObservedInterval.objects.create(
                checked=check,
                seen=seen,
                starts_at=start + timedelta(hours=begin),
                ends_at=None if end is None else start + timedelta(hours=end),
                confirmed_at=start + timedelta(hours=begin),
            )


def test_the_availability_of_circuits_and_their_carrier(contract: Contract, telecom: Carrier) -> None:
    now = below.START
    contract.starts_at = now - timedelta(hours=24)
    contract.save()
    first = make_circuit(contract, "L01", carrier=telecom)
    second = make_circuit(contract, "L02", carrier=telecom)
    make_circuit(contract, "L03", carrier=telecom)
    watched(contract, first, "T1", [(2, 3), (10, 10.5)], 20)  # 1.5 of 20 hours seen, 4 unknown
    watched(contract, second, "T2", [], 24)
    found = by_carrier(contract, period_of(contract, TERM, now), now)
    (carrier,) = found
    one, two, three = (each.availability for each in carrier.circuits)
    assert one is not None
    assert two is not None
    assert three is None
    assert one.availability == Fraction(185, 200)
    assert one.observed_fraction == Fraction(20, 24)
    assert (one.counted_down_us, one.outage_count) == (3 * HOUR_US // 2, 2)
    assert two.availability == 1
    assert carrier.availability == Fraction(425, 440)
    assert carrier.observed_fraction == Fraction(44, 48)
    assert carrier.outage_count == 2


def test_a_carriers_figure_stands_with_its_bounds_and_what_it_was_with_nothing_excluded(
    contract: Contract, telecom: Carrier
) -> None:
    """By hand, hours: the first 24 with 4 unknown, 1.5 down of which 0.5 was approved; the second 24, all up."""
    now = below.START
    contract.starts_at, contract.ends_at = now - timedelta(hours=24), now
    contract.save()
    first = make_circuit(contract, "L01", carrier=telecom)
    second = make_circuit(contract, "L02", carrier=telecom)
    watched(contract, first, "T1", [(2, 3), (10, 10.5)], 20)
    watched(contract, second, "T2", [], 24)
    GrantedInterval.objects.create(
        contract=contract,
        target=Target.objects.get(code="T1"),
        kind="maintenance",
        starts_at=contract.starts_at + timedelta(hours=10),
        ends_at=contract.starts_at + timedelta(hours=11),
        reason="光缆割接",
        requested_at=contract.starts_at,
        approved_at=contract.starts_at,
    )
    (carrier,) = by_carrier(contract, period_of(contract, TERM, now), now)
    # Of 48 hours 0.5 are excluded, 4 unknown, 1 down: 43.5 seen.
    assert carrier.availability == Fraction(425, 435)
    assert carrier.best == Fraction(465, 475)
    assert carrier.worst == Fraction(425, 475)
    assert carrier.observed_fraction == Fraction(435, 475)
    assert carrier.excluded_fraction == Fraction(5, 480)
    # With nothing excluded 1.5 of 44 seen hours were down.
    assert (carrier.raw, carrier.raw_best, carrier.raw_worst) == (
        Fraction(425, 440),
        Fraction(465, 480),
        Fraction(425, 480),
    )
    why = carrier.explain()
    assert why.clause
    assert why.inputs["circuits"] == "L01, L02"
    assert why.inputs["start_at"] == to_us(contract.starts_at)
    one, _two = carrier.circuits
    (outage,) = records.outages(one)
    assert (outage.start, outage.down_us) == (contract.starts_at + timedelta(hours=2), HOUR_US)
    assert [row.starts_at for row in outage.seen] == [outage.start]
    (out,) = records.excluded(contract, one)
    assert (out.lasted_us, [row.reason for row in out.granted]) == (HOUR_US // 2, ["光缆割接"])
    (blind,) = records.unseen(one)
    assert (blind.start, blind.lasted_us) == (contract.starts_at + timedelta(hours=20), 4 * HOUR_US)
    client = Client()
    client.cookies["opspact_language"] = "en"
    client.force_login(below.make_user(Role.ENGINEER, contract.code))
    page = client.get(f"/c/{contract.code}/circuit-availability/?period=term").content.decode()
    for figure in ("97.70%", "89.47%", "97.89%", "91.57%", "1.04%", "96.59%"):  # cut off, not rounded
        assert figure in page, figure
    assert f"/circuit-availability/{first.pk}/?period=term#outages" in page
    page = client.get(f"/c/{contract.code}/circuit-availability/{first.pk}/?period=term").content.decode()
    assert f"/outages/{outage.seen[0].pk}/" in page
    assert "光缆割接" in page
    assert client.get(f"/c/{contract.code}/circuit-availability/{first.pk + 999}/").status_code == 404
    book = client.get(f"/c/{contract.code}/circuit-availability/?period=term&export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    total = dict(zip(heads, (cell.value for cell in sheet[4]), strict=True))
    assert [total[head] for head in ("Availability", "Worst", "Best", "Observed", "Excluded")] == [
        0.977, 0.8947, 0.9789, 0.9157, 0.0104
    ]  # fmt: skip
    assert total["With nothing excluded"] == 0.9659


def test_a_line_with_two_checks_is_up_when_both_are(contract: Contract) -> None:
    now = below.START
    contract.starts_at = now - timedelta(hours=24)
    contract.save()
    line = make_circuit(contract)
    watched(contract, line, "T1", [(2, 4)], 24)
    watched(contract, line, "T2", [(3, 6)], 24)
    ((only,),) = [carrier.circuits for carrier in by_carrier(contract, period_of(contract, TERM, now), now)]
    assert only.availability is not None
    assert only.availability.counted_down_us == 4 * HOUR_US


def test_a_year_is_cut_to_the_term_and_to_now(contract: Contract) -> None:
    now = below.START
    year = str(now.year)
    assert periods(contract, now)[-1] == TERM
    assert year in periods(contract, now)
    _start, end = period_of(contract, year, now)
    assert end == to_us(now)
    start, end = period_of(contract, str(now.year + 1), now)
    assert start == end == to_us(now)


def test_pages_show_a_circuit_with_its_checks_and_link_a_target(contract: Contract, telecom: Carrier) -> None:
    line = make_circuit(contract, carrier=telecom)
    watched(contract, line, "T1", [(2, 3)], 24)
    client = Client()
    client.cookies["opspact_language"] = "en"
    client.force_login(below.make_user(Role.ENGINEER, contract.code))
    page = whole(client, f"/c/{contract.code}/circuits/{line.pk}/")
    assert "T1 Target T1" in page
    assert "op-ribbon" in page
    assert "Outages of the last year" in page
    assert f"/c/{contract.code}/targets/new/?circuit=L01" in page
    form = client.get(f"/c/{contract.code}/targets/new/?circuit=L01").content.decode()
    assert '<option value="L01" selected>' in form
    answer = client.post(
        f"/c/{contract.code}/target/T1/icmp/",
        {"code": "T1", "name": "Target T1", "kind": "icmp", "address": "127.0.0.1", "interval_s": 60, "asset": "NONE"},
    )
    assert "There is no asset “NONE” on the ledger" in answer.content.decode()
    client.post(
        f"/c/{contract.code}/target/T1/icmp/",
        {"code": "T1", "name": "Target T1", "kind": "icmp", "address": "127.0.0.1", "interval_s": 60},
    )
    assert Target.objects.get(code="T1").circuit is None
    for address in (f"carriers/{telecom.pk}/", "circuit-availability/", "circuit-availability/?period=term"):
        assert client.get(f"/c/{contract.code}/{address}").status_code == 200, address
    book = client.get(f"/c/{contract.code}/circuit-availability/?period=term&export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).worksheets[0]
    assert [cell.value for cell in sheet[2]][:2] == ["中国电信", "L01 L01 专线"]
