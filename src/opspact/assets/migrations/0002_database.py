"""What Django's models can't say: Chinese search, prefixes that contain each other, movements nobody changes."""

from django.db import migrations

from opspact.kit.ledgers.searching import search_index

SEARCHED = (
    "asset", "category", "makemodel", "room", "rack", "cable", "relation", "vrf", "vlan", "prefix", "addressrange",
    "ipaddress", "carrier", "circuit", "terminal", "terminalrepair", "addressbook", "loan", "licence", "installation",
    "cloudresource", "database", "certificate", "mailbox", "sparepart", "stocktaking",
)  # fmt: skip
CONTAINMENT = "CREATE INDEX prefix_containment ON assets_prefix USING gist (prefix inet_ops)"
APPEND_ONLY = """
CREATE TRIGGER spare_movement_append_only BEFORE UPDATE OR DELETE ON assets_sparemovement
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial"), ("kit", "0005_history")]
    operations = [
        *(migrations.RunSQL(*search_index(f"assets_{name}")) for name in SEARCHED),
        migrations.RunSQL(CONTAINMENT, "DROP INDEX prefix_containment"),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER spare_movement_append_only ON assets_sparemovement"),
    ]
