"""What pages and other rooms ask of the ledgers."""
