"""Where the rows of an import were found, and what of the file nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0005_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgerimport",
            name="ignored",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="ledgerimport",
            name="sheet",
            field=models.CharField(blank=True, default="", max_length=100),
        ),
    ]
