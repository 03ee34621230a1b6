"""A circuit with what its carrier says, and a carrier with its circuits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from opspact.assets.ledgers.bandwidth import bandwidth_text
from opspact.assets.ledgers.circuits import CARRIERS, CIRCUITS
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.pages.record import RecordPage


class CircuitPage(RecordPage):
    """The line in one sentence: from where to where, how fast, whom to call, under which contract."""

    template_name = "assets/circuit.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        ends = [str(site or "") or end for site, end in ((record.a_site, record.a_end), (record.z_site, record.z_end))]
        return {
            "sentence": "，".join(_said(record)),
            "ends": " ⇄ ".join(filter(None, ends)),
            "carrier_url": record_url(CARRIERS, record.carrier) if record.carrier else "",
        }


def _said(circuit: Any) -> Iterator[str]:
    carrier = circuit.carrier
    if carrier:
        yield carrier.name
    if circuit.bandwidth_mbps:
        yield bandwidth_text(circuit.bandwidth_mbps)
    if phone := circuit.noc_contact or (carrier.noc_contact if carrier else ""):
        yield _("faults are reported to %(phone)s") % {"phone": phone}
    if carrier and carrier.agreement:
        agreement = {"contract": carrier.agreement, "day": carrier.agreement_ends_on}
        known = _("under the contract %(contract)s, which ends on %(day)s")
        yield (known if carrier.agreement_ends_on else _("under the contract %(contract)s")) % agreement
    if circuit.yearly_cost:
        yield _("%(cost)s CNY a year") % {"cost": f"{circuit.yearly_cost:,.2f}"}
    if circuit.closed_on:
        yield _("closed on %(day)s") % {"day": circuit.closed_on}


class CarrierPage(RecordPage):
    template_name = "assets/carrier.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        circuits = CIRCUITS.records(request.contract).filter(carrier=record).select_related("contract").order_by("code")
        rows = [(each, record_url(CIRCUITS, each), bandwidth_text(each.bandwidth_mbps)) for each in circuits]
        return {"circuits": rows}
