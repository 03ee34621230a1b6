"""Setting the rule for asset codes (设备编码规则)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from opspact.assets import codes
from opspact.assets.ledgers import common
from opspact.assets.models import CodeRule
from opspact.identity.roles import Role
from opspact.kit.actions import Caller, action
from opspact.kit.permissions import declare

VIEW, SET = "assets.coderule.view", "assets.coderule.set"
declare(VIEW, _("See the rule for asset codes"), common.VIEWERS)
declare(SET, _("Set the rule for asset codes"), common.EDITORS - {Role.ENGINEER})


@action(SET)
def set_rule(caller: Caller, contract: Any, *, pattern: str) -> None:
    """New assets get their codes by this pattern from now on; codes that were given stay. Raises Wrong."""
    codes.check_pattern(pattern)
    caller.note(was=codes.rule_of(contract), now=pattern)
    CodeRule.objects.update_or_create(contract=contract, defaults={"pattern": pattern})
