"""What Django's models can't say: an audit trail that not even its owner changes by accident, and Chinese search.

Two-character words are the rule in Chinese and pg_trgm has no trigram for them; `bigrams` gives a GIN index something
to hold: `bigrams(text) @> bigrams('幽兰')`, then LIKE to confirm.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.core.management import call_command
from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON kit_auditevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BIGRAMS = """
CREATE FUNCTION bigrams(phrase text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower(phrase), i, 2)), '{}')
    FROM generate_series(1, greatest(length(phrase) - 1, 1)) AS i
$$;
"""


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]
    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(
            APPEND_ONLY, "DROP TRIGGER audit_append_only ON kit_auditevent; DROP FUNCTION refuse_change()"
        ),
        migrations.RunSQL(BIGRAMS, "DROP FUNCTION bigrams(text)"),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
