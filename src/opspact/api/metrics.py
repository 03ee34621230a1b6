"""Prometheus metrics of the platform itself, read from the database at each scrape: right for any number of parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as MetricSource

from opspact.api.health import health
from opspact.field.models import Collector
from opspact.monitoring.models import Alert, CheckState
from opspact.servicedesk.models import Incident

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Platform(MetricSource):
    """`contract` leaves of what is counted by contract that one alone: a token tells nothing of any other."""

    def __init__(self, now: dt.datetime, contract: str | None = None) -> None:
        self.now = now
        self.contract = contract

    def collect(self) -> Iterator[Metric]:
        state = health(self.now)
        parts = GaugeMetricFamily("opspact_part_up", "1 while the part gives a sign of life.", labels=["part"])
        for name, part in state.parts.items():
            parts.add_metric([name], 1 if part["status"] == "ok" else 0)
        yield parts
        if state.status == "down":
            return
        if state.last_live_result:
            age = (self.now - state.last_live_result).total_seconds()
            yield GaugeMetricFamily("opspact_last_live_result_age_seconds", "Age of the newest result.", value=age)
        yield from self._collectors()
        yield from self._counts()

    def _collectors(self) -> Iterator[Metric]:
        lag = GaugeMetricFamily("opspact_collector_lag_seconds", "Event-loop lag as reported.", labels=["collector"])
        spool = GaugeMetricFamily("opspact_collector_spool_rows", "Results not shipped yet.", labels=["collector"])
        checks = GaugeMetricFamily("opspact_collector_checks", "Checks it runs.", labels=["collector"])
        for collector in Collector.objects.filter(is_active=True):
            beat = collector.heartbeat
            lag.add_metric([collector.code], float(beat.get("lag_ms", 0)) / 1000)
            spool.add_metric([collector.code], beat.get("spool_rows", 0))
            checks.add_metric([collector.code], beat.get("checks", 0))
        yield from (lag, spool, checks)

    def _counts(self) -> Iterator[Metric]:
        """Counts over small or indexed sets only: a scrape must not become the load it reports."""
        active = CheckState.objects.filter(checked__is_active=True)
        yield _family("opspact_checks", "Active checks by observed state.", "state", _grouped(active, "seen"))
        open_alerts = self._of_contract(Alert.objects.filter(resolved_at=None))
        yield _family("opspact_alerts_open", "Open alerts.", "contract", _grouped(open_alerts, "contract__code"))
        incidents = self._of_contract(Incident.objects.filter(state__in=Incident.OPEN_STATES))
        yield _family("opspact_incidents_open", "Open incidents.", "contract", _grouped(incidents, "contract__code"))
        jobs = ProcrastinateJob.objects.filter(status__in=["todo", "doing", "failed"])
        yield _family("opspact_jobs", "Background jobs by status.", "status", _grouped(jobs, "status"))

    def _of_contract(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if self.contract is None else rows.filter(contract__code=self.contract)


def _grouped(rows: QuerySet[Any], by: str) -> Iterable[tuple[str, int]]:
    return rows.order_by(by).values_list(by).annotate(count=Count("pk"))


def _family(name: str, text: str, label: str, values: Iterable[tuple[str, int]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, count in values:
        family.add_metric([str(value)], count)
    return family


def exposition(now: dt.datetime, contract: str | None = None) -> bytes:
    """The text format, version 0.0.4; of everything, or as much as the holder of a token for `contract` may know."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Platform(now, contract))
    return generate_latest(registry)
