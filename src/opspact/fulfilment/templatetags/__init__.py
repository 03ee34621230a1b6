"""Template tags of fulfilment."""
