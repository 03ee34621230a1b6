"""The check (检查): what contradicts itself in the address ledgers. Each question is one query over an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST = 100
"""Cases shown of each finding."""
OF_ADDRESS, OF_PREFIX, OF_RANGE, OF_VLAN, OF_ASSET = "ipaddress", "prefix", "addressrange", "vlan", "asset"


@dataclass(frozen=True)
class Question:
    """`sql` answers rows of subject key and text; it is asked with the contract and today."""

    name: str
    words: str | Promise
    why: str | Promise
    subject: str
    sql: str
    tone: str = "bad"


@dataclass
class Finding:
    question: Question
    cases: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0


_LIVE = {
    "{live}": "contract_id = %(contract)s AND deleted_at IS NULL",
    "{address}": "a.contract_id = %(contract)s AND a.deleted_at IS NULL AND a.state <> 'released'",
    "{prefix}": "p.contract_id = %(contract)s AND p.deleted_at IS NULL",
    "{ip}": "split_part(a.code, '~', 1)",
    "{net}": "split_part(p.code, '~', 1)",
    "{range}": "split_part(r.code, '~', 1)",
}
"""What is on the ledger, for the queries below, and how it is named: with its routing domain."""

QUESTIONS = (
    Question(
        "homeless",
        _("Addresses outside every prefix"),
        _("Add the prefix they lie in; they move into it by themselves."),
        OF_ADDRESS,
        "SELECT a.id, {ip} FROM assets_ipaddress a WHERE {address} AND a.prefix_id IS NULL ORDER BY a.ip",
    ),
    Question(
        "elsewhere",
        _("Addresses not in the prefix they are recorded in"),
        _("Save the prefix again; its addresses are then placed anew."),
        OF_ADDRESS,
        """SELECT a.id, {ip} || ' · ' || {net}
        FROM assets_ipaddress a JOIN assets_prefix p ON p.id = a.prefix_id WHERE {address}
            AND (NOT p.prefix >>= a.ip OR p.deleted_at IS NOT NULL
            OR coalesce(p.vrf_id, 0) <> coalesce(a.vrf_id, 0)) ORDER BY a.ip""",
    ),
    Question(
        "zone_prefix",
        _("The same prefix in two routing domains of one network"),
        _("In one network a prefix can be reached once. One of the two is a mistake, or its network is."),
        OF_PREFIX,
        """SELECT p.id, {net} || ' · ' || p.zone FROM assets_prefix p WHERE {prefix} AND p.zone <> '' AND EXISTS (
            SELECT 1 FROM assets_prefix o WHERE o.contract_id = p.contract_id AND o.deleted_at IS NULL
                AND o.prefix = p.prefix AND o.zone = p.zone AND o.id <> p.id) ORDER BY p.prefix""",
    ),
    Question(
        "zone_address",
        _("The same address in two routing domains of one network"),
        _("Two hosts of one network can't share an address."),
        OF_ADDRESS,
        """SELECT a.id, {ip} || ' · ' || a.zone FROM assets_ipaddress a
        WHERE {address} AND a.zone <> '' AND a.ip IN (
            SELECT o.ip FROM assets_ipaddress o WHERE o.contract_id = %(contract)s AND o.deleted_at IS NULL
                AND o.state <> 'released' AND o.zone <> '' GROUP BY o.ip, o.zone HAVING count(*) > 1) ORDER BY a.ip""",
    ),
    Question(
        "mac_assets",
        _("One hardware address on two assets"),
        _("A network card is in one device. Look which of the two has it."),
        OF_ADDRESS,
        """SELECT a.id, a.mac || ' · ' || {ip} || ' · ' || asset.code FROM assets_ipaddress a
        JOIN assets_asset asset ON asset.id = a.asset_id WHERE {address} AND a.mac IN (
            SELECT o.mac FROM assets_ipaddress o WHERE o.contract_id = %(contract)s AND o.deleted_at IS NULL
                AND o.state <> 'released' AND o.mac <> '' AND o.asset_id IS NOT NULL
            GROUP BY o.mac HAVING count(DISTINCT o.asset_id) > 1) ORDER BY a.mac, a.ip""",
    ),
    Question(
        "mac_twice",
        _("Two addresses with one hardware address"),
        _("Right for a card with several addresses; otherwise one of them was copied."),
        OF_ADDRESS,
        """SELECT a.id, a.mac || ' · ' || {ip} FROM assets_ipaddress a WHERE {address} AND a.mac IN (
            SELECT o.mac FROM assets_ipaddress o WHERE o.contract_id = %(contract)s AND o.deleted_at IS NULL
                AND o.state <> 'released' AND o.mac <> '' GROUP BY o.mac HAVING count(*) > 1) ORDER BY a.mac, a.ip""",
        tone="warn",
    ),
    Question(
        "gateway",
        _("Gateways outside their prefix"),
        _("Hosts could not reach it."),
        OF_PREFIX,
        """SELECT p.id, {net} || ' · ' || host(p.gateway) FROM assets_prefix p
        WHERE {prefix} AND p.gateway IS NOT NULL AND NOT p.gateway <<= p.prefix ORDER BY p.prefix""",
    ),
    Question(
        "gateway_host",
        _("Gateways given to somebody else's address"),
        _("An address that is a prefix's gateway is assigned with a user, not to a device."),
        OF_ADDRESS,
        """SELECT a.id, {ip} || ' · ' || a."user" FROM assets_ipaddress a
        JOIN assets_prefix p ON p.id = a.prefix_id AND p.gateway = a.ip
        WHERE {address} AND a.asset_id IS NULL AND a."user" <> '' ORDER BY a.ip""",
        tone="warn",
    ),
    Question(
        "range_outside",
        _("Ranges outside their prefix"),
        _("Change the range, or the prefix."),
        OF_RANGE,
        """SELECT r.id, {range} || ' · ' || p.prefix FROM assets_addressrange r
        JOIN assets_prefix p ON p.id = r.prefix_id WHERE r.contract_id = %(contract)s AND r.deleted_at IS NULL
            AND (NOT r.first <<= p.prefix OR NOT r.last <<= p.prefix OR p.deleted_at IS NOT NULL) ORDER BY r.first""",
    ),
    Question(
        "range_overlap",
        _("Ranges that overlap"),
        _("An address would be kept for two things."),
        OF_RANGE,
        """SELECT r.id, {range} FROM assets_addressrange r
        JOIN assets_prefix p ON p.id = r.prefix_id
        WHERE r.contract_id = %(contract)s AND r.deleted_at IS NULL AND EXISTS (
            SELECT 1 FROM assets_addressrange o JOIN assets_prefix q ON q.id = o.prefix_id WHERE o.id <> r.id
                AND o.contract_id = r.contract_id AND o.deleted_at IS NULL
                AND coalesce(q.vrf_id, 0) = coalesce(p.vrf_id, 0) AND o.first <= r.last AND r.first <= o.last)
        ORDER BY r.first""",
    ),
    Question(
        "in_range",
        _("Addresses assigned inside a range kept for something"),
        _("A DHCP server may give the same address to somebody else."),
        OF_ADDRESS,
        """SELECT a.id, {ip} || ' · ' || r.purpose FROM assets_ipaddress a
        JOIN assets_addressrange r ON r.prefix_id = a.prefix_id AND r.deleted_at IS NULL
            AND a.ip BETWEEN r.first AND r.last
        WHERE {address} AND a.state = 'assigned' ORDER BY a.ip""",
        tone="warn",
    ),
    Question(
        "management",
        _("Management addresses of assets that are not on the address ledger"),
        _("Register them, so that nobody is given the same address."),
        OF_ASSET,
        """SELECT s.id, host(s.mgmt_ip) || ' · ' || s.code || ' ' || s.name FROM assets_asset s
        WHERE s.contract_id = %(contract)s AND s.deleted_at IS NULL AND s.mgmt_ip IS NOT NULL
            AND s.lifecycle <> 'scrapped' AND NOT EXISTS (
            SELECT 1 FROM assets_ipaddress a WHERE a.contract_id = s.contract_id AND a.deleted_at IS NULL
                AND a.state <> 'released' AND a.ip = s.mgmt_ip) ORDER BY s.mgmt_ip""",
    ),
    Question(
        "management_other",
        _("Management addresses that are given to another asset"),
        _("Two ledgers say different things; look at the device."),
        OF_ASSET,
        """SELECT s.id, host(s.mgmt_ip) || ' · ' || s.code || ' ≠ ' || o.code FROM assets_asset s
        JOIN assets_ipaddress a ON a.contract_id = s.contract_id AND a.ip = s.mgmt_ip AND a.deleted_at IS NULL
            AND a.state <> 'released' AND a.asset_id <> s.id
        JOIN assets_asset o ON o.id = a.asset_id
        WHERE s.contract_id = %(contract)s AND s.deleted_at IS NULL ORDER BY s.mgmt_ip""",
    ),
    Question(
        "nobody",
        _("Addresses assigned to nobody"),
        _("Neither a device nor a user is written. Find out whose they are, or release them."),
        OF_ADDRESS,
        """SELECT a.id, {ip} FROM assets_ipaddress a
        WHERE {address} AND a.state = 'assigned' AND a.asset_id IS NULL AND a."user" = '' ORDER BY a.ip""",
        tone="warn",
    ),
    Question(
        "gone",
        _("Addresses given to assets that are scrapped or off the ledger"),
        _("Release them, or give them to the asset that uses them now."),
        OF_ADDRESS,
        """SELECT a.id, {ip} || ' · ' || s.code || ' ' || s.name FROM assets_ipaddress a
        JOIN assets_asset s ON s.id = a.asset_id
        WHERE {address} AND (s.deleted_at IS NOT NULL OR s.lifecycle = 'scrapped') ORDER BY a.ip""",
    ),
    Question(
        "overdue",
        _("Reservations that are over"),
        _("Assign the address, extend the reservation, or release it."),
        OF_ADDRESS,
        """SELECT a.id, {ip} || ' · ' || a.reserved_until FROM assets_ipaddress a
        WHERE {address} AND a.state = 'reserved' AND a.reserved_until < %(today)s ORDER BY a.reserved_until""",
        tone="warn",
    ),
    Question(
        "vlan_twice",
        _("The same VLAN number twice at one site"),
        _("Right only where the two never meet on a trunk."),
        OF_VLAN,
        """SELECT id, vid || ' ' || name FROM assets_vlan v WHERE {live} AND EXISTS (
            SELECT 1 FROM assets_vlan o WHERE o.contract_id = v.contract_id AND o.deleted_at IS NULL AND o.vid = v.vid
                AND o.site_id IS NOT DISTINCT FROM v.site_id AND o.id <> v.id) ORDER BY vid""",
        tone="warn",
    ),
)


def findings(contract: Any, today: date, each: Callable[[Question], bool] = lambda question: True) -> Iterator[Finding]:
    """What was found, the questions in their order; those that found nothing have a count of 0."""
    for question in QUESTIONS:
        if each(question):
            yield _answer(question, {"contract": contract.pk, "today": today})


def _answer(question: Question, params: dict[str, Any]) -> Finding:
    found = Finding(question)
    sql = question.sql
    for mark, words in _LIVE.items():
        sql = sql.replace(mark, words)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found.cases = [(key, text) for key, text in cursor.fetchmany(MOST)]
        found.count = cursor.rowcount
    return found
