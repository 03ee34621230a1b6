"""Spare parts that fell below their minimum: those who keep them are told, each time it happens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from opspact.assets.models import SparePart
from opspact.core.words import N_
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit import inbox
from opspact.kit.actions import Caller

KIND = "assets.spares"
TOLD = (Role.ENGINEER, Role.SERVICE_MANAGER, Role.CLIENT_ASSET_MANAGER)
NAMED = 5


def fell(part: SparePart, stock: int, minimum: int) -> bool:
    """Whether the part is short now and was not with this stock and this minimum."""
    return part.stock < part.minimum and stock >= minimum


def tell(caller: Caller, contract: Any, parts: Sequence[SparePart]) -> None:
    """One message, whether one part ran short or a workbook brought a hundred."""
    if not parts:
        return
    address = reverse("assets:sparepart_list", kwargs={"contract": contract.code})
    common = {"kind": KIND, "at": caller.now, "contract_code": contract.code}
    grants = {"grants__contract_code": contract.code, "grants__role__in": TOLD}
    receivers = User.objects.filter(**grants).distinct()
    if len(parts) == 1:
        (part,) = parts
        text = N_("Below its minimum: spare part %(part)s, %(stock)s left of at least %(minimum)s")
        said = {"part": str(part), "stock": part.stock, "minimum": part.minimum}
        inbox.send(receivers, text=text, url=f"{address}{part.pk}/", **common, **said)
        return
    text = N_("Below their minimum: %(count)s kinds of spare parts (%(parts)s)")
    named = "、".join(map(str, parts[:NAMED])) + ("…" if len(parts) > NAMED else "")
    inbox.send(receivers, text=text, url=f"{address}?short=yes", **common, count=len(parts), parts=named)
