"""Live checks of the machine on itself: loopback, its own database and web ports, its own page."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from opspact.contracts.models import BusinessSystem, Contract, Site
from opspact.field.models import Authorisation
from opspact.kit.actions import Caller
from opspact.monitoring import ledger
from opspact.monitoring.models import Check, Target
from opspact.probes.registry import KINDS

INTERVAL_S = 10


def build_live_checks(caller: Caller, contract: Contract) -> None:
    """Make the checks, or bring their addresses in line with the ports of this start."""
    system = BusinessSystem.objects.get(code="OPSPACT", scope_items__contract=contract)
    site = Site.objects.filter(organisation=system.organisation).first()
    authorisation, _ = Authorisation.objects.get_or_create(
        contract=contract,
        reference="本机自监",
        defaults={"authorised_by": "本机", "recorded_at": caller.now, "addresses": ["127.0.0.1"]},
    )
    fresh = []
    for code, name, kind, address in _wanted():
        target, _ = Target.objects.update_or_create(
            contract=contract,
            code=code,
            defaults={"name": name, "address": address, "system": system, "site": site, "authorisation": authorisation},
        )
        check, created = Check.objects.update_or_create(
            target=target,
            kind=kind,
            defaults={"address": KINDS[kind].parse_address(address)},
            create_defaults={
                "address": KINDS[kind].parse_address(address),
                "interval_s": INTERVAL_S,
                "created_at": caller.now,
                "settings": {"verify": False} if kind == "http" and address.startswith("https") else {},
            },
        )
        fresh += [check] * created
    ledger.begin(fresh, caller.now)


def _wanted() -> list[tuple[str, str, str, str]]:
    page = urlsplit(settings.ORIGIN)
    database = connection.settings_dict
    return [
        ("LOOPBACK", "本机回环", "icmp", "127.0.0.1"),
        ("DATABASE", "数据库端口", "tcp", f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"),
        ("WEB", "网页端口", "tcp", f"{page.hostname}:{page.port or 443}"),
        ("PAGE", "平台首页", "http", f"{settings.ORIGIN}/sign-in/"),
    ]
