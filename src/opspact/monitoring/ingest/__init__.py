"""From a collector's batch to the results, the observed ledger and the alerts, in one transaction per batch."""

from opspact.monitoring.ingest.batches import BatchConflict, receive

__all__ = ["BatchConflict", "receive"]
