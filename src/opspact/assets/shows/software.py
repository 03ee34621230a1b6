"""Software, certificates and spare parts: what they declare, and what they show on other pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opspact.assets import (
    jobs,  # noqa: F401  (the nightly round registers on import)
    shortages,
)
from opspact.assets.actions import cloud  # noqa: F401  (declares its permission on import)
from opspact.assets.actions.certificates import KIND
from opspact.assets.ledgers.certificates import CERTIFICATES
from opspact.assets.ledgers.software import CLOUDS, DATABASES, INSTALLATIONS, LICENCES, MAILBOXES
from opspact.assets.ledgers.spares import SPARES
from opspact.assets.models import Asset, Certificate
from opspact.assets.views.certificates import ending, standing
from opspact.assets.views.spares import SHORT
from opspact.contracts.models import BusinessSystem
from opspact.identity.roles import VENDOR_ROLES, Role
from opspact.kit import registries
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.registering import register
from opspact.kit.lists.attaching import attach, give

for ledger in (LICENCES, INSTALLATIONS, CLOUDS, DATABASES, CERTIFICATES, MAILBOXES, SPARES):
    register(ledger)

KEEPERS = frozenset(VENDOR_ROLES | {Role.CLIENT_ASSET_MANAGER, Role.CLIENT_MANAGER})
A_FEW = 6
SAID = {
    INSTALLATIONS.name: ("version_text",),
    DATABASES.name: ("version_text",),
    CERTIFICATES.name: ("ends_at", "algorithm", "key_bits", "signature", "replaced_by"),
}
"""The columns of which a box tells something beside the name."""
Lines = list[tuple[str, str, str]]
"""Name, address, what is said of it."""


def _ending(request: HttpRequest) -> dict[str, Any] | None:
    now = timezone.now()
    found = CERTIFICATES.records(request.contract).filter(ending("over", now) | ending("60", now))
    rows = list(found.select_related("contract").order_by("ends_at", "pk")[: A_FEW + 1])
    lines = [(each, record_url(CERTIFICATES, each), standing(each, now)[0]) for each in rows[:A_FEW]]
    return {"lines": lines, "has_more": len(rows) > A_FEW} if rows else None


def _short(request: HttpRequest) -> dict[str, Any] | None:
    rows = list(
        SPARES.records(request.contract).select_related("contract").filter(**SHORT).order_by("code")[: A_FEW + 1]
    )
    return (
        {"parts": [(each, record_url(SPARES, each)) for each in rows[:A_FEW]], "more": len(rows) > A_FEW}
        if rows
        else None
    )


def _on(request: HttpRequest, **where: Any) -> dict[str, Any] | None:
    """The software, databases and certificates that belong to an asset or a system, by ledger."""
    groups: list[tuple[Ledger, Lines]] = []
    for ledger in (INSTALLATIONS, DATABASES, CERTIFICATES):
        found = ledger.records(request.contract).select_related(None).filter(**where)
        if issubclass(ledger.model, Certificate):
            found = found.filter(replaced_by=None)
        found = found.only("code", "name", *SAID[ledger.name])
        records = give(found.order_by("code")[:20], "contract", request.contract)
        lines = [(str(each), record_url(ledger, each), _detail(each)) for each in records]
        if lines:
            groups.append((ledger, lines))
    return {"groups": groups} if groups else None


def _detail(record: Any) -> Any:
    if isinstance(record, Certificate):
        return next(iter(standing(record, timezone.now())), "")
    return record.version_text


def _of_asset(request: HttpRequest, asset: Asset) -> dict[str, Any] | None:
    return _on(request, asset=asset)


def _of_system(request: HttpRequest, system: BusinessSystem) -> dict[str, Any] | None:
    return _on(request, system=system) if request.contract else None


def _used_on(request: HttpRequest, asset: Asset) -> dict[str, Any] | None:
    rows = list(asset.spares_used.all()[:20])
    attach(rows, ("part__contract", "by"))
    return {"rows": [(each, record_url(SPARES, each.part)) for each in rows]} if rows else None


registries.inbox_kinds.add(registries.InboxKind(KIND, _("Certificates"), "assets.certificate.view", "certificate"))
registries.inbox_kinds.add(registries.InboxKind(shortages.KIND, _("Spare parts"), "assets.sparepart.view", "tool"))
registries.home_cards.add(
    registries.HomeCard(
        "assets.certificates",
        _("Certificates that end"),
        "assets.certificate.view",
        KEEPERS,
        "assets/card_certificates.html",
        _ending,
        order=40,
    )
)
registries.home_cards.add(
    registries.HomeCard(
        "assets.spares",
        _("Spare parts below minimum"),
        "assets.sparepart.view",
        KEEPERS,
        "assets/card_spares.html",
        _short,
        order=45,
    )
)
for name, subject, context in (
    ("assets.software_on_asset", "assets.Asset", _of_asset),
    ("assets.software_of_system", "contracts.BusinessSystem", _of_system),
):
    registries.panels.add(
        registries.Panel(
            name,
            subject,
            _("Software, databases, certificates"),
            "assets.installation.view",
            "assets/panel_software.html",
            context,
            order=45,
        )
    )
registries.panels.add(
    registries.Panel(
        "assets.spares_used",
        "assets.Asset",
        _("Spare parts used"),
        "assets.sparepart.view",
        "assets/panel_spares.html",
        _used_on,
        order=60,
    )
)
