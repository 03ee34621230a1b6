"""A carrier with its circuits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from opspact.assets.ledgers.bandwidth import bandwidth_text
from opspact.assets.ledgers.circuits import CIRCUITS
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.pages.record import RecordPage


class CarrierPage(RecordPage):
    template_name = "assets/carrier.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        circuits = CIRCUITS.records(request.contract).filter(carrier=record).select_related("contract").order_by("code")
        rows = [(each, record_url(CIRCUITS, each), bandwidth_text(each.bandwidth_mbps)) for each in circuits]
        return {"circuits": rows}
