"""The calculator: a JSON document in, `core`, a JSON answer with its explanation out. No database, no Django.

A kind of calculation is one module in `kinds/`. What people may write into a document is in `values` and `calendars`.
"""
