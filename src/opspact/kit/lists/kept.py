"""What a person keeps about a list: filters with a name, columns, rows a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from opspact.identity.models import User
from opspact.kit.actions import Caller, action
from opspact.kit.lists.columns import Column
from opspact.kit.models import ListPreference, SavedFilter

SIZES = (50, 100, 200)


def filters_for(user: User, contract_code: str, list_name: str) -> QuerySet[SavedFilter]:
    """This person's own tabs and those shared with everybody."""
    mine_or_shared = Q(user=user) | Q(shared=True)
    return SavedFilter.objects.filter(mine_or_shared, contract_code=contract_code, list_name=list_name)


@action("kit.list.save")
def save_filter(caller: Caller, saved: SavedFilter) -> SavedFilter:
    """Keep it under its name; the same name again replaces the person's own."""
    saved.shared = False
    return _keep(caller, saved)


@action("kit.list.share")
def share_filter(caller: Caller, saved: SavedFilter) -> SavedFilter:
    """Keep it for everybody who sees the list."""
    saved.shared = True
    return _keep(caller, saved)


def _keep(caller: Caller, saved: SavedFilter) -> SavedFilter:
    saved.full_clean(validate_unique=False, validate_constraints=False)
    caller.note(list=saved.list_name, name=saved.name, query=saved.query)
    kept, _created = SavedFilter.objects.update_or_create(
        user=saved.user,
        contract_code=saved.contract_code,
        list_name=saved.list_name,
        name=saved.name,
        defaults={"query": saved.query, "shared": saved.shared},
    )
    return kept


@action("kit.list.save")
def forget_filter(caller: Caller, saved: SavedFilter) -> None:
    """Only one's own."""
    if saved.user != caller.user:
        raise PermissionDenied
    caller.note(list=saved.list_name, name=saved.name)
    saved.delete()


@action("kit.list.export")
def export(caller: Caller, contract: Any, *, list_name: str, query: str, write: Callable[[], int]) -> int:
    """Data leaves the house: who took which rows is in the audit (GB/T 22239-2019 8.1.4.11)."""
    rows = write()
    caller.note(list=list_name, query=query, rows=rows)
    return rows


def preference_of(user: User, list_name: str) -> ListPreference:
    found = ListPreference.objects.filter(user=user, list_name=list_name).first()
    return found or ListPreference(user=user, list_name=list_name)


def prefer(user: User, list_name: str, *, columns: Iterable[str], page_size: int) -> None:
    """No action and no audit row: how one's own screen looks changes nothing for anybody else."""
    size = page_size if page_size in SIZES else SIZES[0]
    ListPreference.objects.update_or_create(
        user=user, list_name=list_name, defaults={"columns": list(columns), "page_size": size}
    )


def chosen(columns: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """The columns by these names in the list's own order; the default ones when none of the names is left."""
    picked = [column for column in columns if column.name in names]
    return picked or [column for column in columns if column.default]
