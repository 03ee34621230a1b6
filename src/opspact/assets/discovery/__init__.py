"""What was seen of devices, held against the ledger: differences become proposals that a person takes or leaves."""
