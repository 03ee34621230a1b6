"""The reference says what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from opspact.accounts import policy

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs" / "reference"


def test_the_page_of_roles_is_what_the_rooms_declare() -> None:
    """Asked in a process of its own: other tests declare permissions for their own pages."""
    printed = subprocess.run([sys.executable, "tools/roles.py", "--print"], cwd=ROOT, capture_output=True, check=True)
    assert (DOCS / "roles.md").read_text() == printed.stdout.decode(), "run: python tools/roles.py"


def test_the_page_of_the_policy_has_its_figures() -> None:
    table = dict(
        re.findall(r"^\| [^|]+ \| ([^|]+?) \| ([^|]+?) \|", (DOCS / "account-policy.md").read_text(), re.MULTILINE)
    )
    figures = {
        "length of a password": policy.PASSWORD_LENGTH,
        "classes: small, capital, digit, other": policy.PASSWORD_CLASSES,
        "age of a password": policy.PASSWORD_AGE.days,
        "former passwords refused": policy.PASSWORDS_REMEMBERED,
        "failed attempts on a name, wrong codes included": policy.ATTEMPTS,
        "lock": policy.LOCK_FOR.seconds // 60,
        "any session ends after": policy.SESSION_AT_MOST.seconds // 3600,
        "unused account is deactivated after": policy.DORMANT_AFTER.days,
        "API token": policy.TOKEN_AT_MOST.days,
    }
    assert {rule: int(re.search(r"\d+", table[rule])[0]) for rule in figures} == figures
