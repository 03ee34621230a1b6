"""`python -m opspact.contracts.terms` prints the JSON Schema of contract files, for the docs and for editors."""

import os
import sys

from opspact.contracts.terms.base import DESCRIBED
from opspact.contracts.terms.schema import schema_text

if not DESCRIBED:
    os.environ["OPSPACT_DESCRIBE_TERMS"] = "1"
    os.execv(sys.executable, [sys.executable, "-m", "opspact.contracts.terms"])  # noqa: S606  (the same again, described)
sys.stdout.write(schema_text())
