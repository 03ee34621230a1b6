"""Every page of monitoring opens for who may see it, says its answer, and takes a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.integration.monitoring.test_workbook import GOOD, book, other
from tests.integration.monitoring.world import at, batch, make_check, make_user, rows

from opspact.contracts.models import BusinessSystem, Contract, ContractParty, ScopeItem
from opspact.core.instants import to_us
from opspact.field.models import Collector
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.monitoring.actions import set_rule
from opspact.monitoring.ingest import receive
from opspact.monitoring.models import Alert, Check, GrantedInterval, ObservedInterval, SystemRule, Target, TargetImport
from opspact.monitoring.queries.systems import systems_now

LISTS = ("targets", "outages", "alerts", "grants")


@pytest.fixture
def contract(contract: Contract, system: BusinessSystem) -> Contract:
    ScopeItem.objects.create(contract=contract, system=system, starts_at=contract.starts_at)
    ContractParty.objects.create(contract=contract, organisation=system.organisation, part="client")
    return contract


@pytest.fixture
def outage(contract: Contract, system: BusinessSystem, collector: Collector) -> ObservedInterval:
    check = make_check(contract, "OA-WEB", system=system)
    receive(collector, batch(rows(check, "u" * 300 + "uudddddduu")), at(310))
    return ObservedInterval.objects.get(seen="down")


@pytest.fixture
def signed_in(client: Client, contract: Contract) -> Callable[[Role], Client]:
    def sign_in(role: Role) -> Client:
        client.force_login(make_user(role))
        client.cookies["opspact_language"] = "en"
        return client

    return sign_in


def url(name: str, **places: object) -> str:
    return reverse(f"monitoring:{name}", kwargs={"contract": "watch", **places})


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode(errors="replace")


@pytest.mark.parametrize("name", [*LISTS, "systems"])
def test_a_page_opens_with_nothing_in_it(signed_in: Callable[[Role], Client], name: str) -> None:
    words(signed_in(Role.SERVICE_MANAGER), url(name))


def test_every_page_opens_with_something_in_it(
    signed_in: Callable[[Role], Client], contract: Contract, outage: ObservedInterval
) -> None:
    client = signed_in(Role.SERVICE_MANAGER)
    pages = [url(name) for name in (*LISTS, "systems", "imports", "target_new", "grant_new")]
    pages += [
        url("target", code="OA-WEB"),
        url("check_new", code="OA-WEB"),
        url("check_edit", code="OA-WEB", kind="icmp"),
    ]
    pages += [url("system", code="oa"), url("outage", pk=outage.pk)]
    for page in pages:
        words(client, page)
        words(client, f"{page}?export=xlsx" if page in map(url, LISTS) else page)


def test_the_list_of_targets_says_how_many_are_down(
    signed_in: Callable[[Role], Client], contract: Contract, outage: ObservedInterval
) -> None:
    page = words(signed_in(Role.ENGINEER), url("targets"))
    assert "Every watched check is up." in page
    assert "OA-WEB" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=up", True),
        ("state=down", False),
        ("kind=icmp", True),
        ("kind=http", False),
        ("q=oa-w", True),
        ("q=Target OA", True),
        ("q=127.0", True),
        ("q=%25", False),
        ("watched=no", False),
    ],
)
def test_the_list_of_targets_is_narrowed(
    signed_in: Callable[[Role], Client], outage: ObservedInterval, query: str, found: bool
) -> None:
    assert ("target/OA-WEB/" in words(signed_in(Role.ENGINEER), f"{url('targets')}?{query}")) is found


def test_a_target_is_as_bad_as_its_worst_check_and_unknown_outranks_degraded(
    signed_in: Callable[[Role], Client], contract: Contract, collector: Collector
) -> None:
    one, other_check = make_check(contract, "T"), make_check(contract, "T", "tcp")
    receive(collector, batch([*rows(one, "ggg"), *rows(other_check, "x")]), at(3))
    client = signed_in(Role.ENGINEER)
    assert "target/T/" in words(client, f"{url('targets')}?state=unknown")
    assert "target/T/" not in words(client, f"{url('targets')}?state=degraded")


def test_the_search_uses_the_index_of_character_pairs(contract: Contract) -> None:
    from opspact.monitoring.queries.targets import matching

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert "target_bigrams" in matching(Target.objects.all(), "交换").explain()


@pytest.mark.parametrize("name", ["targets", "outages", "alerts"])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_one(
    signed_in: Callable[[Role], Client], contract: Contract, collector: Collector, outage: ObservedInterval, name: str
) -> None:
    client = signed_in(Role.SERVICE_MANAGER)
    words(client, url(name))
    with CaptureQueriesContext(
        connection,
    ) as one:
        words(client, url(name))
    for i in range(12):
        check = make_check(contract, f"M{i}")
        receive(collector, batch(rows(check, "udddu")), at(6))
    with CaptureQueriesContext(connection) as many:
        words(client, url(name))
    assert len(many) <= len(one)


def test_the_page_of_an_outage_shows_the_results_that_made_it(
    signed_in: Callable[[Role], Client], outage: ObservedInterval
) -> None:
    page = words(signed_in(Role.CLIENT_MANAGER), url("outage", pk=outage.pk))
    assert "was down for 6 min" in page
    assert page.count("op-tag-bad") == 3
    incident = Alert.objects.get().incident
    assert incident is not None
    assert incident.number in page


def test_the_page_of_a_target_shows_the_results_a_ribbon_leads_to(
    signed_in: Callable[[Role], Client], outage: ObservedInterval
) -> None:
    address = f"{url('target', code='OA-WEB')}?check=icmp&at={to_us(outage.starts_at)}"
    page = words(signed_in(Role.ENGINEER), address)
    assert page.count("op-state-down") >= 6


def test_a_target_is_added_by_hand_with_who_authorised(signed_in: Callable[[Role], Client], contract: Contract) -> None:
    client = signed_in(Role.ENGINEER)
    given = {"code": "DB", "name": "Database", "kind": "tcp", "address": "10.0.0.7：5432", "interval_s": 30}
    refused = client.post(url("target_new"), given)
    assert "Say who authorised" in refused.content.decode()
    assert not Target.objects.exists()
    client.post(url("target_new"), {**given, "authorised_by": "Ms Wang", "reference": "Minutes of Monday"})
    check = Check.objects.get()
    assert (check.key, check.address, check.interval_s) == ("DB/tcp", "10.0.0.7:5432", 30)
    assert check.target.authorisation.reference == "Minutes of Monday"


def test_a_check_that_exists_is_not_added_again(signed_in: Callable[[Role], Client], outage: ObservedInterval) -> None:
    given = {
        "name": "x",
        "kind": "icmp",
        "address": "10.0.0.1",
        "interval_s": 60,
        "authorised_by": "a",
        "reference": "b",
    }
    answer = signed_in(Role.ENGINEER).post(url("check_new", code="OA-WEB"), given)
    assert "has a check of this kind already" in answer.content.decode()


def test_changing_a_check_keeps_its_code_and_kind(
    signed_in: Callable[[Role], Client], outage: ObservedInterval
) -> None:
    given = {
        "code": "EVIL",
        "kind": "tcp",
        "name": "OA",
        "address": "127.0.0.1",
        "interval_s": 120,
        "settings": "count=5",
    }
    answer = signed_in(Role.ENGINEER).post(url("check_edit", code="OA-WEB", kind="icmp"), given)
    assert answer.status_code == 302
    check = Check.objects.get()
    assert (check.key, check.interval_s, check.settings) == ("OA-WEB/icmp", 120, {"count": 5})


def test_a_target_is_switched_off_and_on(signed_in: Callable[[Role], Client], outage: ObservedInterval) -> None:
    client = signed_in(Role.ENGINEER)
    assert "Stop watching OA-WEB" in client.post(url("watch", code="OA-WEB"), {"active": "0"}).content.decode()
    assert Target.objects.get().is_active
    client.post(url("watch", code="OA-WEB"), {"active": "0", "confirmed": "1"})
    assert not Target.objects.get().is_active
    client.post(url("watch", code="OA-WEB"), {"active": "1"})
    assert Target.objects.get().is_active


def test_the_wizard_goes_from_the_template_to_the_targets(
    signed_in: Callable[[Role], Client], contract: Contract
) -> None:
    client = signed_in(Role.SERVICE_MANAGER)
    assert words(client, url("template")).startswith("PK")
    content = book(other(site=""), other(code="B", interval=1, site=""))
    answer = client.post(url("imports"), {"file": SimpleUploadedFile("targets.xlsx", content)})
    made = TargetImport.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert "from 10 to 86400 seconds, not 1" in words(client, made.get_absolute_url())
    refused = client.post(made.get_absolute_url(), {"authorised_by": "W", "reference": "R", "only_good": "all"})
    assert "1 rows are wrong" in refused.content.decode()
    client.post(made.get_absolute_url(), {"authorised_by": "W", "reference": "R", "only_good": "good"})
    assert Target.objects.get().code == GOOD[0]


def test_a_file_that_is_no_workbook_is_answered_at_the_field(signed_in: Callable[[Role], Client]) -> None:
    file = SimpleUploadedFile("targets.csv", "编号,名称\n1,x\n".encode("gb18030"))
    answer = signed_in(Role.ENGINEER).post(url("imports"), {"file": file})
    assert "CSV file (GBK)" in answer.content.decode()


def test_a_rule_is_set_and_decides_the_systems_state(
    signed_in: Callable[[Role], Client], contract: Contract, system: BusinessSystem, collector: Collector
) -> None:
    good, bad = make_check(contract, "G", system=system), make_check(contract, "B", system=system)
    receive(collector, batch([*rows(good, "uuuu", first=350), *rows(bad, "dddd", first=350)]), at(355))
    client = signed_in(Role.SERVICE_MANAGER)
    assert "op-state-down" in words(client, url("systems"))
    answer = client.post(
        url("system", code="oa"), {"shape": "any", "checks": ["G/icmp", "B/icmp"], "starts_at": "2020-01-01T00:00"}
    )
    assert answer.status_code == 302
    assert SystemRule.objects.get().expression == {"any": [{"check": "G/icmp"}, {"check": "B/icmp"}]}
    assert "op-state-down" not in words(client, url("systems"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"shape": "json", "nested": "{"}, "This is no JSON"),
        ({"shape": "json", "nested": '{"check": "NOPE/icmp"}'}, "There is no check NOPE/icmp"),
        ({"shape": "some", "need": "3", "checks": ["A1/icmp"]}, "expected a whole number from 1"),
        ({"shape": "all", "checks": []}, "expected a list that is not empty"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(
    signed_in: Callable[[Role], Client], check: Check, given: dict[str, object], says: str
) -> None:
    answer = signed_in(Role.SERVICE_MANAGER).post(url("system", code="oa"), {**given, "starts_at": "2026-01-01T00:00"})
    assert says in answer.content.decode()


def test_a_new_rule_ends_the_one_before(contract: Contract, system: BusinessSystem, check: Check) -> None:
    caller = Caller(make_user(Role.SERVICE_MANAGER), at(0), "page")
    expression = {"check": check.key}
    set_rule(caller, contract, system=system, expression=expression, starts_at=at(0))
    set_rule(caller, contract, system=system, expression=expression, starts_at=at(100))
    set_rule(caller, contract, system=system, expression=expression, starts_at=at(50))
    assert list(SystemRule.objects.values_list("starts_at", "ends_at")) == [(at(0), at(50)), (at(50), None)]


def test_maintenance_is_asked_for_on_the_page(signed_in: Callable[[Role], Client], contract: Contract) -> None:
    given = {
        "kind": "maintenance",
        "system": "oa",
        "starts_at": "2030-01-01T22:00",
        "ends_at": "2030-01-02T02:00",
        "reason": "Patch",
    }
    signed_in(Role.ENGINEER).post(url("grant_new"), given)
    granted = GrantedInterval.objects.get()
    assert granted.starts_at.isoformat() == "2030-01-01T14:00:00+00:00"
    assert granted.decision == "waiting"


def test_pages_of_an_ended_contract_show_the_end_of_its_term(
    signed_in: Callable[[Role], Client], contract: Contract, outage: ObservedInterval
) -> None:
    contract.ends_at = at(300)
    contract.save()
    (standing,) = systems_now(contract, at(400))
    assert (standing.state, standing.timeline[-1][1], standing.end) == ("up", to_us(at(300)), to_us(at(300)))
    client = signed_in(Role.SERVICE_MANAGER)
    said = f"As of the end of the term, {timezone.localtime(at(300)):%Y-%m-%d %H:%M}."
    for address in (url("systems"), url("system", code="oa"), url("target", code="OA-WEB"), "/c/watch/"):
        assert said in words(client, address)


@pytest.mark.parametrize("name", ["targets", "outages", "alerts", "imports"])
def test_client_staff_see_systems_but_no_targets(signed_in: Callable[[Role], Client], name: str) -> None:
    client = signed_in(Role.CLIENT_STAFF)
    assert client.get(url("systems")).status_code == 200
    assert client.get(url(name)).status_code == 403


def test_nothing_of_another_contract_is_found(outage: ObservedInterval) -> None:
    from tests.integration.monitoring.world import make_contract

    make_contract("other")
    client = Client()
    client.force_login(make_user(Role.ENGINEER, "other", "stranger"))
    assert client.get(url("targets")).status_code == 404
    address = reverse("monitoring:outage", kwargs={"contract": "other", "pk": outage.pk})
    assert client.get(address).status_code == 404


def test_search_and_home_show_what_monitoring_knows(
    signed_in: Callable[[Role], Client], outage: ObservedInterval, collector: Collector
) -> None:
    receive(collector, batch(rows(outage.checked, "ddd", first=320)), at(323))
    client = signed_in(Role.ENGINEER)
    assert "What is red" in words(client, "/c/watch/")
    assert "OA-WEB" in words(client, reverse("kit:search", kwargs={"contract": "watch"}) + "?q=oa-web")
