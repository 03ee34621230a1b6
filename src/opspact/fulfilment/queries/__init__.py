"""What figures need from the rooms below, cut to the period in SQL; one query per ledger."""

from opspact.fulfilment.queries.incidents import CountedIncident, incidents_of
from opspact.fulfilment.queries.ledgers import Scope, extract_of, scope_of

__all__ = ["CountedIncident", "Scope", "extract_of", "incidents_of", "scope_of"]
