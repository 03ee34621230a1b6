"""A confirmed outage opens one alert and one incident; recovery resolves the one and proposes to resolve the other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from tests.integration.monitoring.world import at, batch, make_check, make_user, rows

from opspact.contracts.models import BusinessSystem, Contract
from opspact.field.models import Collector
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller
from opspact.kit.models import Approval, Message
from opspact.monitoring import alerting
from opspact.monitoring.actions import acknowledge, request_grant, set_active, withdraw_grant
from opspact.monitoring.ingest import receive
from opspact.monitoring.models import Alert, Check, CheckState, GrantedInterval
from opspact.servicedesk.models import Incident


def down(collector: Collector, check: Check, first: int = 0, states: str = "uddd") -> None:
    receive(collector, batch(rows(check, states, first=first)), at(first + len(states)))


def test_a_confirmed_outage_opens_an_alert_and_an_incident(collector: Collector, check: Check) -> None:
    down(collector, check)
    alert = Alert.objects.get()
    assert (alert.checked, alert.opened_at, alert.confirmed_at, alert.state) == (check, at(1), at(3), "open")
    incident = alert.incident
    assert incident is not None
    assert (incident.source, incident.occurred_at, incident.opened_at) == ("monitoring", at(1), at(4))
    assert "Target A1" in incident.title


def test_two_failures_open_nothing(collector: Collector, check: Check) -> None:
    down(collector, check, states="udduu")
    assert not Alert.objects.exists()
    assert not Incident.objects.exists()


def test_the_system_is_on_the_incident_and_its_importance_makes_the_priority(
    contract: Contract, collector: Collector
) -> None:
    from tests.integration.monitoring.world import make_system

    important = max(contract.terms.systems, key=lambda system: system.importance)
    plain = min(contract.terms.systems, key=lambda system: system.importance)
    priorities = {}
    for each in (important, plain):
        check = make_check(contract, f"T-{each.code}", system=make_system(each.code, each.name))
        down(collector, check)
        incident = Incident.objects.get(system__code=each.code)
        priorities[each.code] = incident.priority
    if important.importance > plain.importance:
        assert priorities[important.code] < priorities[plain.code]


def test_recovery_resolves_the_alert_and_proposes_to_resolve_the_incident(collector: Collector, check: Check) -> None:
    down(collector, check, states="udddu")
    assert Alert.objects.get().resolved_at == at(4)
    incident = Incident.objects.get()
    assert (incident.proposed_restored_at, incident.state) == (at(5), "new")


def test_recovery_and_a_new_outage_in_one_batch_make_two_alerts(collector: Collector, check: Check) -> None:
    down(collector, check)
    down(collector, check, first=4, states="uddd")
    ended, lasting = Alert.objects.order_by("opened_at")
    assert (ended.opened_at, ended.resolved_at) == (at(1), at(4))
    assert (lasting.opened_at, lasting.resolved_at) == (at(5), None)


def test_a_second_check_of_the_target_joins_its_incident(
    contract: Contract, collector: Collector, check: Check
) -> None:
    other = make_check(contract, "A1", "tcp")
    down(collector, check)
    down(collector, other)
    assert Incident.objects.count() == 1
    assert Alert.objects.filter(incident=Incident.objects.get()).count() == 2
    down(collector, check, first=10, states="u")
    assert Incident.objects.get().resolution_proposed_at is None
    down(collector, other, first=12, states="u")
    assert Incident.objects.get().resolution_proposed_at is not None


def test_down_again_declines_the_proposal(collector: Collector, check: Check) -> None:
    down(collector, check, states="udddu")
    down(collector, check, first=5, states="ddd")
    assert Alert.objects.count() == 2
    incident = Incident.objects.get()
    assert incident.resolution_proposed_at is None


def test_losing_sight_of_an_outage_neither_ends_nor_repeats_it(collector: Collector, check: Check) -> None:
    down(collector, check, states="udddxddd")
    assert Alert.objects.count() == 1
    assert Alert.objects.get().resolved_at is None


def test_many_targets_down_at_once_share_one_incident(contract: Contract, collector: Collector) -> None:
    checks = [make_check(contract, f"S{i}") for i in range(21)]
    receive(collector, batch([each for check in checks for each in rows(check, "ddd")]), at(4))
    assert Alert.objects.count() == 21
    assert Incident.objects.count() == 1


def test_the_engineers_get_a_message(collector: Collector, check: Check) -> None:
    engineer = make_user(Role.ENGINEER)
    down(collector, check)
    assert Message.objects.get(user=engineer, kind="monitoring.alert").params["count"] == 1


def maintenance(contract: Contract, check: Check, first: int, last: int, *, approve: bool = True) -> GrantedInterval:
    granted = request_grant(
        Caller(make_user(Role.ENGINEER), at(-5), "page"),
        contract,
        what=check.target,
        kind="maintenance",
        starts_at=at(first),
        ends_at=at(last),
        reason="Firmware",
    )
    if approve:
        approvals.decide(
            Caller(make_user(Role.CLIENT_MANAGER), at(-4), "page"), Approval.objects.latest("id"), approved=True
        )
    granted.refresh_from_db()
    return granted


def test_in_approved_maintenance_the_alert_is_suppressed(
    contract: Contract, collector: Collector, check: Check
) -> None:
    granted = maintenance(contract, check, 0, 30)
    assert (granted.approved_at, granted.decision) == (at(-4), "approved")
    down(collector, check)
    assert (Alert.objects.get().state, Alert.objects.get().incident) == ("suppressed", None)
    assert not Incident.objects.exists()


def test_an_outage_that_outlasts_its_maintenance_is_an_incident(
    contract: Contract, collector: Collector, check: Check
) -> None:
    maintenance(contract, check, 0, 30)
    down(collector, check)
    alerting.review(at(29))
    assert not Incident.objects.exists()
    alerting.review(at(31))
    assert Alert.objects.get().incident == Incident.objects.get()


def test_maintenance_that_was_only_asked_for_suppresses_nothing(
    contract: Contract, collector: Collector, check: Check
) -> None:
    maintenance(contract, check, 0, 30, approve=False)
    down(collector, check)
    assert Incident.objects.exists()


def test_withdrawn_maintenance_suppresses_nothing(contract: Contract, collector: Collector, check: Check) -> None:
    granted = maintenance(contract, check, 0, 30)
    withdraw_grant(Caller(make_user(Role.ENGINEER), at(-3), "page"), granted)
    assert granted.decision == "withdrawn"
    down(collector, check)
    assert Incident.objects.exists()


def test_the_vendor_does_not_approve_its_own_maintenance(contract: Contract, check: Check) -> None:
    maintenance(contract, check, 0, 30, approve=False)
    with pytest.raises(PermissionDenied):
        approvals.decide(Caller(make_user(Role.SERVICE_MANAGER), at(0), "page"), Approval.objects.get(), approved=True)


def test_results_get_in_even_when_no_incident_can_be_opened(
    collector: Collector, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opspact.monitoring import incidents

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("desk is closed")

    monkeypatch.setattr(incidents.desk, "open_incident", broken)
    down(collector, check)
    assert Alert.objects.get().incident is None
    monkeypatch.undo()
    alerting.review(at(6))
    assert Alert.objects.get().incident == Incident.objects.get()


def test_acknowledging_keeps_who_was_first(contract: Contract, collector: Collector, check: Check) -> None:
    down(collector, check)
    first, second = make_user(Role.ENGINEER), make_user(Role.SERVICE_DESK)
    assert acknowledge(Caller(first, at(5), "page"), contract, alerts=[Alert.objects.get()]) == 1
    assert acknowledge(Caller(second, at(6), "page"), contract, alerts=[Alert.objects.get()]) == 0
    assert (Alert.objects.get().acknowledged_by, Alert.objects.get().acknowledged_at) == (first, at(5))


def test_what_is_no_longer_watched_is_unknown_and_its_alert_ends(
    contract: Contract, collector: Collector, check: Check
) -> None:
    down(collector, check)
    caller = Caller(make_user(Role.ENGINEER), at(5), "page")
    assert set_active(caller, contract, targets=[check.target], active=False) == 1
    state = CheckState.objects.get(checked=check)
    assert (state.seen, state.since, state.last_detail) == ("unknown", at(5), "not_watched")
    assert Alert.objects.get().resolved_at == at(5)
    again = Caller(make_user(Role.ENGINEER), at(10), "page")
    assert set_active(again, contract, targets=[check.target], active=True) == 1
    receive(collector, batch(rows(check, "u", first=11)), at(11))
    assert CheckState.objects.get(checked=check).since == at(11)


def test_who_only_reads_changes_nothing(contract: Contract, check: Check) -> None:
    reader = Caller(make_user(Role.CLIENT_ASSET_MANAGER), at(1), "page")
    with pytest.raises(PermissionDenied):
        set_active(reader, contract, targets=[check.target], active=False)
    with pytest.raises(PermissionDenied):
        request_grant(
            reader,
            contract,
            what=check.target,
            kind="excused",
            starts_at=at(0),
            ends_at=at(0) + timedelta(hours=1),
            reason="x",
        )


def test_an_unrelated_system_is_not_in_maintenance(
    contract: Contract, system: BusinessSystem, collector: Collector, check: Check
) -> None:
    GrantedInterval.objects.create(
        contract=contract,
        system=system,
        kind="maintenance",
        starts_at=at(0),
        ends_at=at(60),
        reason="x",
        requested_at=at(-5),
        approved_at=at(-4),
    )
    down(collector, check)
    assert Alert.objects.get().state == "open"
