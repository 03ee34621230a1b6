"""The history of records is nobody's to rewrite."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER change_append_only BEFORE UPDATE OR DELETE ON kit_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0004_ledgers")]
    operations = [migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER change_append_only ON kit_change")]
