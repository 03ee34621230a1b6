"""The arithmetic of the contract's figures: capital figures, percentages, and what has to add up to the price."""

from collections.abc import Iterator
from decimal import Decimal

from opspact.contracts.terms.base import exact_number
from opspact.contracts.terms.problems import Problem
from opspact.contracts.terms.walk import walk
from opspact.contracts.terms.yamltree import Tree
from opspact.core.errors import CoreError
from opspact.core.inputs import Loc, shown
from opspact.core.money import parse_capital, round_money
from opspact.core.words import N_

WITH_CAPITAL = ("price", "price.parts[]", "bond", "payments[]")
SHARES_OF_PRICE = ("bond", "payments[]")


def check_sums(tree: Tree) -> Iterator[Problem]:
    """Problems with money. Values that are no numbers are the schema's to report."""
    for pattern in WITH_CAPITAL:
        for loc, _ in walk(tree.data, pattern):
            yield from _capital(tree, loc)
    price = _number(tree, ("price", "amount"))
    if price is not None:
        for pattern in SHARES_OF_PRICE:
            for loc, _ in walk(tree.data, pattern):
                yield from _share(tree, loc, price)
        yield from _total(tree, "payments", "amount", price)
        yield from _total(tree, "price.parts", "amount", price)
    yield from _total(tree, "payments", "percent", Decimal(100))
    yield from _total(tree, "assessment.shares", "weight.value", Decimal(100))


def _number(tree: Tree, loc: Loc) -> Decimal | None:
    found = next(walk(tree.data, ".".join(f"{key}" for key in loc if isinstance(key, str))), None)
    return None if found is None else _exact(found[1])


def _exact(value: object) -> Decimal | None:
    try:
        return exact_number(value)
    except ValueError:
        return None


def _item(tree: Tree, loc: Loc) -> dict[str, object]:
    data = tree.data
    for key in loc:
        data = data[key]
    return data if isinstance(data, dict) else {}


def _capital(tree: Tree, loc: Loc) -> Iterator[Problem]:
    item = _item(tree, loc)
    capital, amount = item.get("capital"), _exact(item.get("amount"))
    if not isinstance(capital, str):
        return
    place = (*loc, "capital")
    try:
        meant = parse_capital(capital)
    except CoreError:
        yield tree.problem(place, N_("“%(found)s” is no amount in capital figures"), found=shown(capital))
        return
    if amount is not None and meant != amount:
        message = N_("the capital figures say %(capital)s, the digits %(digits)s")
        yield tree.problem(place, message, capital=f"{meant:.2f}", digits=f"{amount:.2f}")


def _share(tree: Tree, loc: Loc, price: Decimal) -> Iterator[Problem]:
    item = _item(tree, loc)
    percent, amount = _exact(item.get("percent")), _exact(item.get("amount"))
    if percent is None or amount is None:
        return
    right = round_money(price * percent / 100)
    if right != amount:
        message = N_("%(percent)s%% of %(price)s is %(right)s, not %(amount)s")
        yield tree.problem(
            (*loc, "amount"), message, percent=percent, price=f"{price:.2f}", right=right, amount=f"{amount:.2f}"
        )


def _total(tree: Tree, section: str, key: str, whole: Decimal) -> Iterator[Problem]:
    values = [_exact(value) for _, value in walk(tree.data, f"{section}[].{key}")]
    items = sum(1 for _ in walk(tree.data, f"{section}[]"))
    known = [value for value in values if value is not None]
    if not known or len(known) < items:
        return
    total = sum(known, Decimal(0))
    if total != whole:
        message = N_("%(key)s adds up to %(total)s, not %(whole)s")
        yield tree.problem(tuple(section.split(".")), message, key=key, total=total, whole=whole)
