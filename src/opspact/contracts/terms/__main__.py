"""`python -m opspact.contracts.terms` prints the JSON Schema of contract files, for the docs and for editors."""

import sys

from opspact.contracts.terms.schema import schema_text

sys.stdout.write(schema_text())
