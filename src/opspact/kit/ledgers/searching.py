"""Finding records by parts of words: bigrams for Chinese, in an index that every ledger's table has."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

MOST_WORDS = 8


def matching(records: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Those with every one of the words in their `search`. Words of two characters and more use the index."""
    table = records.model._meta.db_table
    for word in words.replace("\0", " ").split()[:MOST_WORDS]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        like = "LIKE" if word.lower() == word.upper() else "ILIKE"  # Chinese has no capitals, and this is faster
        sql, params = f'"{table}"."search" {like} %s', [pattern]
        if len(word) > 1:
            sql, params = f'bigrams("{table}"."search") @> bigrams(%s) AND {sql}', [word, pattern]
        records = records.filter(RawSQL(sql, params, output_field=BooleanField()))  # noqa: S611
    return records


def search_index(model: str) -> tuple[str, str]:
    """The SQL that makes a ledger's search index and the SQL that drops it, for its migration; `app_model`."""
    return (
        f"CREATE INDEX {model}_search_bigrams ON {model} USING gin (bigrams(search))",
        f"DROP INDEX {model}_search_bigrams",
    )
