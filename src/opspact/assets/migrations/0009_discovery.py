"""Discovery: many facts and proposals are a job's work; why a proposal was rejected, or not taken by the ledger."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [("take", "Comparing facts"), ("accept", "Accepting proposals"), ("reject", "Rejecting proposals")]
STATES = [("working", "At work"), ("done", "Done"), ("failed", "Failed")]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("assets", "0008_address_order"),
        ("contracts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "proposal", "reason", models.CharField(blank=True, default="", max_length=300, verbose_name="Reason")
        ),
        migrations.AddField("proposal", "refusal", models.JSONField(default=list)),
        migrations.CreateModel(
            "DiscoveryRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("state", models.CharField(choices=STATES, default="working", max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("given", models.JSONField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("failure", models.CharField(blank=True, default="", max_length=500)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contracts.contract"
                    ),
                ),
            ],
            options={"verbose_name": "Work of discovery"},
        ),
    ]
