"""Fields and roles that the ledgers of this room share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.assets.models import Rack, Room
from opspact.contracts.models import BusinessSystem, Site
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.identity.roles import BUSINESS_ROLES, Role
from opspact.kit.ledgers import Field, LongText, Reference, Text

VIEWERS = frozenset(BUSINESS_ROLES - {Role.THIRD_PARTY, Role.CLIENT_STAFF})
EDITORS = frozenset({Role.SERVICE_MANAGER, Role.ENGINEER, Role.CLIENT_ASSET_MANAGER})


def systems(contract: Any) -> QuerySet[BusinessSystem]:
    """The business systems in the contract's scope."""
    return BusinessSystem.objects.filter(scope_items__contract=contract).distinct().order_by("code")


def sites(contract: Any) -> QuerySet[Site]:
    """The sites of the contract's parties."""
    return Site.objects.filter(organisation__in=contract.parties.values("organisation")).order_by("code")


def rooms(contract: Any) -> QuerySet[Room]:
    return Room.objects.filter(contract=contract, deleted_at=None).order_by("code")


def racks(contract: Any) -> QuerySet[Rack]:
    return Rack.objects.filter(contract=contract, deleted_at=None).order_by("code")


Problems = dict[int, list[tuple[str, Wrong]]]
CODE, SITE = _("Code"), _("Site")


def stays_while_named(*accessors: str) -> Callable[[Any, Sequence[Any]], Problems]:
    """A ledger's `check_delete`: a record stays while those that name it (`assets`, `models`) are on their ledgers."""
    message = N_("%(thing)s and perhaps more names %(record)s; change that first")

    def check(contract: Any, records: Sequence[Any]) -> Problems:
        naming: dict[int, Any] = {}
        for relation in (type(records[0])._meta.get_field(each) for each in accessors if records):
            key = f"{relation.field.name}_id"
            others = relation.related_model._default_manager.filter(contract=contract, deleted_at=None)
            theirs = others.filter(**{f"{key}__in": [each.pk for each in records]})
            naming |= {getattr(each, key): each for each in theirs.order_by(key, "code").distinct(key)}
        return {
            position: [("", Wrong(message, thing=str(naming[record.pk]), record=str(record)))]
            for position, record in enumerate(records)
            if record.pk in naming
        }

    return check


def code(label: Any = CODE, *also: str, help: Any = "") -> Field:  # noqa: A002 - the field's own word
    """The key of a ledger."""
    return Field("code", label, Text(60), required=True, also=("编号", "代码", *also), phone=True, width="m", help=help)


def system(**more: Any) -> Field:
    also = ("系统", "所属系统", "业务系统")
    return Field("system", _("Business system"), Reference(systems), also=also, filter=True, sort=False, **more)


def site(name: str = "site", label: Any = SITE, **more: Any) -> Field:
    return Field(name, label, Reference(sites), also=("地点", "站点"), filter=True, sort=False, **more)


def remark() -> Field:
    return Field("remark", _("Remark"), LongText(), also=("备注", "说明"), default=False, sort=False)
