"""Impact: who suffers if something stops, and what something needs. In prose with worked tables: docs/why/impact.md.

`spread` and `circles` and `layout` are pure; `graph` reads the ledgers; `answers` puts names and words to the result.
"""
