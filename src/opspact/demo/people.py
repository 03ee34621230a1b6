"""One account for each role of the demo. Names are functions, not persons."""

from __future__ import annotations

import secrets
from pathlib import Path

from opspact.accounts.actions import create_user, grant
from opspact.identity.models import Organisation, User
from opspact.identity.roles import Discipline, Role
from opspact.kit.actions import Caller

CONTRACTS = ("self", "beijing-2022")

# user name, name, organisation of the demo contract's party, role, discipline
PEOPLE = (
    ("client", "甲方主管", "client", Role.CLIENT_MANAGER, ""),
    ("staff", "甲方职员", "client", Role.CLIENT_STAFF, ""),
    ("assets", "甲方资产管理员", "client", Role.CLIENT_ASSET_MANAGER, ""),
    ("manager", "服务经理", "vendor", Role.SERVICE_MANAGER, ""),
    ("desk", "服务台", "vendor", Role.SERVICE_DESK, ""),
    ("host", "主机工程师", "vendor", Role.ENGINEER, Discipline.HOST),
    ("dba", "系统工程师", "vendor", Role.ENGINEER, Discipline.SYSTEM),
    ("net", "网络工程师", "vendor", Role.ENGINEER, Discipline.NETWORK),
    ("terminal", "终端工程师", "vendor", Role.ENGINEER, Discipline.TERMINAL),
    ("carrier", "运营商", "", Role.THIRD_PARTY, ""),
    ("sysadmin", "系统管理员", "client", Role.SYSTEM_ADMIN, ""),
    ("secadmin", "安全管理员", "client", Role.SECURITY_ADMIN, ""),
    ("auditadmin", "审计管理员", "client", Role.AUDIT_ADMIN, ""),
)


def make_people(caller: Caller, parties: dict[str, Organisation], notes: Path) -> dict[str, User]:
    """Create the accounts, all with one password of this installation, and write them down in `notes` (mode 0600)."""
    password = f"Demo-{secrets.token_urlsafe(6)}-26"
    found = {}
    for username, name, party, role, discipline in PEOPLE:
        user = create_user(
            caller,
            None,
            username=username,
            name=name,
            organisation=parties.get(party),
            password=password,
            must_change_password=False,
        )
        for contract in ("",) if role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN) else CONTRACTS:
            grant(caller, user, role=role, contract_code=contract, discipline=discipline)
        found[username] = user
    notes.touch(mode=0o600)
    notes.write_text(_text(password))
    return found


def _text(password: str) -> str:
    rows = [f"    {username:<11} {name}" for username, name, *_ in PEOPLE]
    return "\n".join([f"  演示账户 · demo accounts, 密码 · password: {password}", *rows])
