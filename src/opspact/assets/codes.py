"""Asset codes by the contract's rule (设备编码规则): never reused, no two alike under concurrency."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.timezone import localtime

from opspact.assets.models import Asset, CodeCounter, CodeRule
from opspact.core.inputs import Wrong
from opspact.core.words import N_

DEFAULT = "{category}-{year}-{number:4}"
_PLACE = re.compile(r"\{(category|site|zone|year|month|number)(?::(\d))?\}")


def check_pattern(pattern: str) -> None:
    """Raises Wrong for a pattern that could not tell assets apart, or has a place nobody knows."""
    left = _PLACE.sub("", pattern)
    if "{" in left or "}" in left:
        raise Wrong(N_("places are {category}, {site}, {zone}, {year}, {month} and, at the end, {number:4}"))
    if not re.search(r"\{number:\d\}$", pattern):
        raise Wrong(N_("the pattern must end with {number:4}, 4 being the number of digits"))
    if not re.fullmatch(r"[A-Za-z0-9._/-]*", left):
        raise Wrong(N_("beside the places only letters, digits and . _ / - may stand in a code"))


def rule_of(contract: Any) -> str:
    """The pattern in force."""
    rule = CodeRule.objects.filter(contract=contract).first()
    return rule.pattern if rule else DEFAULT


def give(contract: Any, assets: Sequence[Asset], now: datetime) -> None:
    """Set the codes of these assets. The counters stay locked to the end of the transaction."""
    if not assets:
        return
    pattern = rule_of(contract)
    digits = int(pattern[-2])
    by_prefix: dict[str, list[Asset]] = defaultdict(list)
    for asset in assets:
        by_prefix[_prefix(pattern, asset, now)].append(asset)
    for prefix, members in sorted(by_prefix.items()):
        first = _take(contract, prefix, len(members), digits)
        for number, asset in enumerate(members, start=first):
            asset.code = f"{prefix}{number:0{digits}}"


def upcoming(contract: Any, pattern: str, asset: Asset, now: datetime) -> str:
    """The code that a new asset like this one would get now; nothing is taken. Raises Wrong for a wrong pattern."""
    check_pattern(pattern)
    prefix, digits = _prefix(pattern, asset, now), int(pattern[-2])
    last = CodeCounter.objects.filter(contract=contract, prefix=prefix).values_list("last", flat=True).first() or 0
    with connection.cursor() as cursor:
        first = _free(cursor, contract, prefix, last, 1, digits, "assets_asset")
    return f"{prefix}{first:0{digits}}"


def number(contract: Any, records: Sequence[Any], prefix: str, digits: int = 6) -> None:
    """Set the codes of records of one other ledger: the prefix and a running number, by the same counters."""
    if records:
        first = _take(contract, prefix, len(records), digits, records[0]._meta.db_table)
        for at, record in enumerate(records, start=first):
            record.code = f"{prefix}{at:0{digits}}"


def _prefix(pattern: str, asset: Asset, now: datetime) -> str:
    day = localtime(now)
    words = {
        "category": asset.category.abbreviation or asset.category.code,
        "site": asset.site.code if asset.site else "X",
        "zone": asset.zone[:1].upper() or "X",
        "year": f"{day.year}",
        "month": f"{day.month:02}",
    }
    return _PLACE.sub(lambda match: words.get(match[1], ""), pattern)


def _take(contract: Any, prefix: str, how_many: int, digits: int, table: str = "assets_asset") -> int:
    """The first of so many numbers after the prefix that no record has or had, deleted ones included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assets_codecounter (contract_id, prefix, last) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING",
            [contract.pk, prefix],
        )
        cursor.execute(
            "SELECT last FROM assets_codecounter WHERE contract_id = %s AND prefix = %s FOR UPDATE",
            [contract.pk, prefix],
        )
        (last,) = cursor.fetchone()
        first = _free(cursor, contract, prefix, last, how_many, digits, table)
        cursor.execute(
            "UPDATE assets_codecounter SET last = %s WHERE contract_id = %s AND prefix = %s",
            [first + how_many - 1, contract.pk, prefix],
        )
    return first


def _free(cursor: Any, contract: Any, prefix: str, last: int, how_many: int, digits: int, table: str) -> int:
    """The first of the next numbers that nobody wrote by hand; else the one above all codes with the prefix."""
    wanted = [f"{prefix}{number:0{digits}}" for number in range(last + 1, last + how_many + 1)]
    cursor.execute(
        f"SELECT EXISTS (SELECT FROM {table} WHERE contract_id = %s AND code = ANY(%s))",  # noqa: S608 - a table of ours
        [contract.pk, wanted],
    )
    (is_taken,) = cursor.fetchone()
    if last and not is_taken:
        return last + 1
    # Every code is looked at: only for a new prefix, and where a code was written by hand.
    cursor.execute(
        f"SELECT coalesce(max(substr(code, %s)::bigint), 0) FROM {table} WHERE contract_id = %s AND code ~ %s",  # noqa: S608
        [len(prefix) + 1, contract.pk, f"^{re.escape(prefix)}[0-9]{{1,9}}$"],
    )
    (highest,) = cursor.fetchone()
    return max(last, highest) + 1
