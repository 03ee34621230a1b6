"""Writes docs/reference/roles.md from the permissions that the rooms declare: `python tools/roles.py [--print]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "roles.md"
HEAD = """# Roles and permissions

What is not marked is refused. A role holds in the contract it was granted for; the three administrators hold theirs in
the installation and none of them a role in a contract. Object-level rules (whose incident, which discipline) come on
top and are described with each room. Written by `tools/roles.py` from the declarations; a test compares.

"""


def text() -> str:
    """The page as it should be. Needs Django set up."""
    from django.utils.translation import override

    from opspact.accounts.matrix import as_markdown

    with override("en"):
        return HEAD + as_markdown()


def main() -> None:
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opspact.config.settings")
    import django

    django.setup()
    if "--print" in sys.argv[1:]:
        sys.stdout.write(text())
    else:
        PAGE.write_text(text())


if __name__ == "__main__":
    main()
