"""By what a business system is up, from a date on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from opspact.contracts.models import BusinessSystem, Contract
from opspact.core.availability.expressions import Expression
from opspact.core.errors import BadExpression
from opspact.kit.actions import Caller, action
from opspact.monitoring.models import Check, SystemRule


@action("monitoring.rule.set")
def set_rule(
    caller: Caller, contract: Contract, *, system: BusinessSystem, expression: object, starts_at: datetime
) -> SystemRule:
    """Let `expression` (JSON of `core.expressions`) hold for the system from `starts_at` on.

    The rule that held then ends there; rules that were to follow are replaced. Raises ValidationError.
    """
    try:
        parsed = Expression.parse(expression)
    except BadExpression as error:
        params: dict[str, Any] = {
            key: _(value) if isinstance(value, str) else value for key, value in error.params.items()
        }
        raise ValidationError(_(error.message) % params) from error
    unknown = sorted(parsed.codes() - keys_of(contract))
    if unknown:
        raise ValidationError(_("There is no check %(keys)s in this contract.") % {"keys": ", ".join(unknown)})
    _end_at(contract, system, starts_at)
    caller.note(system=system.code, expression=parsed.to_json(), starts_at=starts_at)
    return SystemRule.objects.create(contract=contract, system=system, expression=parsed.to_json(), starts_at=starts_at)


@action("monitoring.rule.set")
def clear_rule(caller: Caller, contract: Contract, *, system: BusinessSystem, starts_at: datetime) -> None:
    """From `starts_at` on the system is up again when all active checks of its targets are."""
    _end_at(contract, system, starts_at)
    caller.note(system=system.code, starts_at=starts_at)


def keys_of(contract: Contract) -> set[str]:
    """The keys of all checks of the contract, `OA-WEB/http`."""
    rows = Check.objects.filter(target__contract=contract).values_list("target__code", "kind")
    return {f"{code}/{kind}" for code, kind in rows}


def _end_at(contract: Contract, system: BusinessSystem, at: datetime) -> None:
    rules = SystemRule.objects.select_for_update().filter(contract=contract, system=system)
    rules.filter(starts_at__gte=at).delete()
    rules.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lt=at).update(ends_at=at)
