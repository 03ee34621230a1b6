"""Pages of this room beside the ledgers' own."""
