"""Availability of leased circuits by carrier, for a year or the term so far, down to the intervals behind each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from opspact.assets.models import Circuit
from opspact.contracts.models import Contract
from opspact.core.instants import from_us
from opspact.core.intervals import Interval
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.lists import Column, export, kept
from opspact.kit.shown import formats
from opspact.kit.shown.ribbon import ribbon
from opspact.monitoring.queries import circuit_records as records
from opspact.monitoring.queries.carriers import CarrierFigures, CircuitFigures
from opspact.monitoring.queries.circuits import TERM, by_carrier, figures, period_of, periods
from opspact.monitoring.words import ended_words

Row = tuple[CarrierFigures, CircuitFigures | None]


def _of(name: str) -> Any:
    """A figure of the circuit's row, or of the carrier's where the row is the sum."""

    def read(row: Row) -> Any:
        carrier, one = row
        source: Any = carrier if one is None else one.availability
        return None if source is None else getattr(source, name)

    return read


COLUMNS = (
    Column("carrier", gettext_lazy("Carrier"), value=lambda row: row[0].carrier.name if row[0].carrier else ""),
    Column("circuit", gettext_lazy("Leased circuit"), value=lambda row: str(row[1].circuit) if row[1] else _("Sum"),
           width="l"),
    Column("number", gettext_lazy("Circuit number"), value=lambda row: row[1].circuit.circuit_no if row[1] else ""),
    Column("availability", gettext_lazy("Availability"), value=_of("availability"), kind="percent"),
    Column("worst", gettext_lazy("Worst"), value=_of("worst"), kind="percent"),
    Column("best", gettext_lazy("Best"), value=_of("best"), kind="percent"),
    Column("observed", gettext_lazy("Observed"), value=_of("observed_fraction"), kind="percent"),
    Column("excluded", gettext_lazy("Excluded"), value=_of("excluded_fraction"), kind="percent"),
    Column("raw", gettext_lazy("With nothing excluded"), value=_of("raw"), kind="percent"),
    Column("service", gettext_lazy("Agreed service time"), value=_of("ast_us"), kind="duration"),
    Column("unknown", gettext_lazy("Unknown"), value=_of("unknown_us"), kind="duration"),
    Column("down", gettext_lazy("Downtime"), value=_of("counted_down_us"), kind="duration"),
    Column("outages", gettext_lazy("Outages"), value=_of("outage_count"), kind="number"),
)  # fmt: skip


class CircuitsPage(View):
    permission = "monitoring.target.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        now, contract = timezone.now(), request.contract
        offered, chosen, period = _asked(request, now)
        carriers = by_carrier(contract, period, now)
        if "export" in request.GET:
            return _export(request, contract, chosen, carriers)
        context = {
            "carriers": carriers,
            "sentence": _sentence(carriers),
            "offered": [(each, words_of(each)) for each in offered],
            "chosen": chosen,
            "period_words": _between(period),
            "ended": ended_words(contract, now),
        }
        return render(request, "monitoring/circuits.html", context)


@needs("monitoring.target.view")
def circuit(request: HttpRequest, pk: int) -> HttpResponse:
    """One circuit in a period: its figures, and the outages, exclusions and blind spots they come from."""
    now, contract = timezone.now(), request.contract
    found = get_object_or_404(Circuit.objects.select_related("carrier", "contract"), contract=contract, pk=pk)
    offered, chosen, period = _asked(request, now)
    (one,) = figures(contract, [found], period, now)
    ends = (one.availability.start, one.availability.horizon) if one.availability else period
    context = {
        "circuit": found,
        "one": one.availability,
        "checks": one.checks,
        "why": one.explain(),
        "sentence": _sentence_of(one),
        "strip": ribbon(records.timeline(one), *ends, css="op-ribbon-tall"),
        "outages": records.outages(one),
        "excluded": records.excluded(contract, one),
        "unseen": records.unseen(one),
        "most": records.MOST,
        "offered": [(each, words_of(each)) for each in offered],
        "chosen": chosen,
        "period_words": _between(period),
        "ended": ended_words(contract, now),
    }
    return render(request, "monitoring/circuit.html", context)


def _asked(request: HttpRequest, now: datetime) -> tuple[list[str], str, Interval]:
    """What may be asked for, what was, and that as a period; the running year where nothing was."""
    offered = periods(request.contract, now)
    asked = request.GET.get("period", "")
    chosen = asked if asked in offered else offered[0]
    return offered, chosen, period_of(request.contract, chosen, now)


def _sentence_of(one: CircuitFigures) -> str:
    if (found := one.availability) is None:
        return _("It was not in service then.") if one.checks else _("No check watches it, so nothing can be said.")
    words = _("%(share)s available (worst %(worst)s, best %(best)s), observed %(observed)s, excluded %(excluded)s, ")
    words += _("with nothing excluded %(raw)s; down for %(down)s in %(outages)s outages.")
    return words % _given(found)


def _given(found: Any) -> dict[str, str]:
    """What a sentence says of a circuit's or carrier's figures."""
    return {
        "share": formats.percent(found.availability),
        "worst": formats.percent(found.worst),
        "best": formats.percent(found.best),
        "observed": formats.percent(found.observed_fraction),
        "excluded": formats.percent(found.excluded_fraction),
        "raw": formats.percent(found.raw),
        "down": formats.duration(found.counted_down_us),
        "outages": formats.number(found.outage_count),
    }


def _sentence(carriers: Sequence[CarrierFigures]) -> str:
    """What all circuits came to, and which carrier is the lowest."""
    whole = CarrierFigures(None, tuple(one for carrier in carriers for one in carrier.circuits))
    if whole.availability is None:
        return _("None of %(circuits)s circuits was watched.") % {"circuits": len(whole.circuits)}
    words = _("%(measured)s of %(circuits)s circuits were watched: %(share)s available ")
    words += _("(worst %(worst)s, best %(best)s, observed %(observed)s, excluded %(excluded)s, ")
    words += _("with nothing excluded %(raw)s), down for %(down)s in %(outages)s outages.")
    given = {"measured": str(len(whole.measured)), "circuits": str(len(whole.circuits)), **_given(whole)}
    ranked = [
        (found, each.carrier.name) for each in carriers if each.carrier and (found := each.availability) is not None
    ]
    if len(ranked) > 1:
        share, name = min(ranked)
        words += " " + _("The lowest is %(carrier)s with %(lowest)s.")
        given |= {"carrier": name, "lowest": formats.percent(share)}
    return words % given


def words_of(asked: str) -> str:
    return _("Term so far") if asked == TERM else asked


def _between(period: Interval) -> str:
    start, end = (formats.exact(from_us(instant)) for instant in period)
    return _("%(start)s to %(end)s") % {"start": start, "end": end}


def _export(request: HttpRequest, contract: Contract, chosen: str, carriers: list[CarrierFigures]) -> HttpResponse:
    title = f"{_('Availability of circuits')} {words_of(chosen)}"
    if contract.simulated:
        title = f"{_('Demo data')} {title}"
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    kept.export(
        Caller.of(request),
        contract,
        list_name="monitoring.circuits",
        query=f"period={chosen}",
        write=lambda: export.write(target, title, COLUMNS, rows_of(carriers)),
    )
    target.seek(0)
    name = f"{slugify(title, allow_unicode=True)}.xlsx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=export.CONTENT_TYPE)


def rows_of(carriers: Iterable[CarrierFigures]) -> Iterable[Row]:
    """Each carrier's circuits and then its sum."""
    for carrier in carriers:
        yield from ((carrier, one) for one in carrier.circuits)
        yield carrier, None
