"""OpsPact (守约): keep the watch, keep the pact."""

__version__ = "0.1.0"
