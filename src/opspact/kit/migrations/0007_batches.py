"""What was done to many records on a list is kept like an import, and can be undone like one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [("workbook", "Import from Excel"), ("change", "Change of many"), ("delete", "Deletion of many")]
STATES = [
    ("reading", "Being read"),
    ("previewed", "Previewed"),
    ("applying", "Being applied"),
    ("applied", "Applied"),
    ("undoing", "Being undone"),
    ("undone", "Undone"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
STATUSES = [("new", "new"), ("changed", "changed"), ("same", "the same"), ("wrong", "wrong"), ("deleted", "deleted")]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("kit", "0006_import_source"),
    ]

    operations = [
        migrations.RenameModel("LedgerImport", "LedgerBatch"),
        migrations.RenameModel("LedgerImportRow", "LedgerBatchRow"),
        migrations.AlterModelOptions("ledgerbatch", {"ordering": ["-id"], "verbose_name": "Records written together"}),
        migrations.AddField(
            "ledgerbatch",
            "kind",
            models.CharField(choices=KINDS, default="workbook", max_length=10, verbose_name="Kind"),
        ),
        migrations.AddField(
            "ledgerbatch",
            "reason",
            models.CharField(blank=True, default="", max_length=300, verbose_name="Reason"),
        ),
        migrations.AddField(
            "ledgerbatch",
            "undone_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "ledgerbatch",
            "file_name",
            models.CharField(blank=True, default="", max_length=200, verbose_name="File name"),
        ),
        migrations.AlterField("ledgerbatch", "sha256", models.CharField(blank=True, default="", max_length=64)),
        migrations.AlterField(
            "ledgerbatch",
            "state",
            models.CharField(choices=STATES, default="reading", max_length=10, verbose_name="State"),
        ),
        migrations.AddField("ledgerbatchrow", "left", models.JSONField(default=list)),
        migrations.AlterField("ledgerbatchrow", "status", models.CharField(choices=STATUSES, max_length=10)),
    ]
