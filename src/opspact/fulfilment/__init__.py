"""Fulfilment (履约): what the contract asks, measured from the records below, with its evidence."""
