"""What was seen beside what is written: unregistered, silent, moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from opspact.assets.models import IpAddress, Sighting

SILENT_AFTER = timedelta(days=14)

_MARKS = {
    "{written}": """a.deleted_at IS NULL AND a.state <> 'released' AND a.contract_id = assets_sighting.contract_id
        AND coalesce(a.vrf_id, 0) = coalesce(assets_sighting.vrf_id, 0) AND a.ip = assets_sighting.ip""",
    "{again}": """o.contract_id = assets_sighting.contract_id AND o.ip = assets_sighting.ip
        AND coalesce(o.vrf_id, 0) = coalesce(assets_sighting.vrf_id, 0)
        AND (o.last_at, o.id) > (assets_sighting.last_at, assets_sighting.id)""",
    "{cabled}": """assets_ipaddress a
        JOIN assets_cable c ON c.deleted_at IS NULL AND a.asset_id IN (c.a_asset_id, c.z_asset_id)""",
}
_LATEST = "NOT EXISTS (SELECT 1 FROM assets_sighting o WHERE {again})"
_LATEST_MAC = "NOT EXISTS (SELECT 1 FROM assets_sighting o WHERE o.mac <> '' AND {again})"
_UNREGISTERED = "NOT EXISTS (SELECT 1 FROM assets_ipaddress a WHERE {written})"
_MOVED = """
(EXISTS (SELECT 1 FROM assets_ipaddress a WHERE {written} AND a.mac <> assets_sighting.mac)
OR (assets_sighting.device <> '' AND assets_sighting.port <> '' AND EXISTS (SELECT 1 FROM {cabled} WHERE {written})
    AND NOT EXISTS (
        SELECT 1 FROM {cabled}
        JOIN assets_asset far ON far.id = CASE a.asset_id WHEN c.a_asset_id THEN c.z_asset_id ELSE c.a_asset_id END
        WHERE {written} AND assets_sighting.device IN (far.code, far.name)
            AND lower(assets_sighting.port) = lower(CASE a.asset_id WHEN c.a_asset_id THEN c.z_port ELSE c.a_port END)
    )))
"""
_WATCHED = """
EXISTS (SELECT 1 FROM assets_prefix p WHERE p.id = assets_ipaddress.prefix_id AND EXISTS (
    SELECT 1 FROM assets_sighting s
    WHERE s.contract_id = p.contract_id AND coalesce(s.vrf_id, 0) = coalesce(p.vrf_id, 0)
        AND s.ip <<= p.prefix AND s.last_at >= %s))
"""
_NOT_SEEN = """
NOT EXISTS (SELECT 1 FROM assets_sighting s WHERE s.contract_id = assets_ipaddress.contract_id
    AND coalesce(s.vrf_id, 0) = coalesce(assets_ipaddress.vrf_id, 0) AND s.ip = assets_ipaddress.ip AND s.last_at >= %s)
"""


def unregistered(contract: Any) -> QuerySet[Sighting]:
    """The last sighting of each address that is not on the ledger, or was released."""
    return _sightings(contract, _UNREGISTERED, _LATEST)


def moved(contract: Any) -> QuerySet[Sighting]:
    """The last sightings that name another card than the ledger, or another port than the cabling of the asset."""
    return _sightings(contract, _MOVED, _LATEST_MAC).exclude(mac="")


def silent(contract: Any, now: datetime) -> QuerySet[IpAddress]:
    """Assigned addresses that were not seen for long, in prefixes where others were: somebody did look there."""
    since = now - SILENT_AFTER
    found = IpAddress.objects.filter(
        contract=contract, deleted_at=None, state=IpAddress.State.ASSIGNED, created_at__lt=since
    )
    return found.filter(_sql(_WATCHED, since), _sql(_NOT_SEEN, since)).select_related("asset", "prefix", "contract")


def last_seen(contract: Any, addresses: list[IpAddress]) -> dict[int, datetime]:
    """By key of the address, when it was seen last."""
    sql = """
        SELECT a.id, max(s.last_at) FROM assets_ipaddress a JOIN assets_sighting s ON s.contract_id = a.contract_id
            AND coalesce(s.vrf_id, 0) = coalesce(a.vrf_id, 0) AND s.ip = a.ip
        WHERE a.id = ANY(%s) GROUP BY a.id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [[address.pk for address in addresses]])
        return dict(cursor.fetchall())


def written(contract: Any, sightings: list[Sighting]) -> dict[tuple[int | None, str], IpAddress]:
    """What the ledger says of seen addresses, by routing domain and address; released ones too."""
    found = IpAddress.objects.filter(contract=contract, deleted_at=None, ip__in={str(each.ip) for each in sightings})
    return {(each.vrf_id, str(each.ip)): each for each in found.select_related("asset", "prefix", "contract", "vrf")}


def _sightings(contract: Any, *conditions: str) -> QuerySet[Sighting]:
    found = Sighting.objects.filter(contract=contract).select_related("vrf", "contract")
    return found.filter(*(_sql(condition) for condition in conditions))


def _sql(condition: str, *params: Any) -> RawSQL:
    for mark, words in _MARKS.items():
        condition = condition.replace(mark, words)
    return RawSQL(condition, params, output_field=BooleanField())  # noqa: S611 - the texts above, no word of a person
