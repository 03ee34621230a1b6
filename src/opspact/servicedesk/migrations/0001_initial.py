import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER incidentevent_append_only BEFORE UPDATE OR DELETE ON servicedesk_incidentevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contracts", "0001_initial"),
        ("kit", "0002_database"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, verbose_name="Number")),
                ("title", models.CharField(max_length=200, verbose_name="Title")),
                ("symptom", models.TextField(blank=True, verbose_name="Symptom")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("monitoring", "Monitoring"),
                            ("phone", "Phone"),
                            ("page", "Page"),
                            ("messenger", "Messenger"),
                            ("on_site", "In person"),
                            ("inspection", "Inspection"),
                        ],
                        max_length=12,
                        verbose_name="Source",
                    ),
                ),
                ("caller_name", models.CharField(blank=True, max_length=60, verbose_name="Reported by")),
                ("impact", models.CharField(max_length=40, verbose_name="Impact")),
                ("urgency", models.CharField(max_length=40, verbose_name="Urgency")),
                ("priority", models.CharField(max_length=40, verbose_name="Priority")),
                ("level", models.CharField(max_length=40, verbose_name="Level")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("assigned", "Assigned"),
                            ("in_progress", "In progress"),
                            ("paused", "Paused"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="new",
                        max_length=12,
                        verbose_name="State",
                    ),
                ),
                (
                    "discipline",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("host", "Host engineer"),
                            ("system", "Database engineer"),
                            ("network", "Network engineer"),
                            ("terminal", "Terminal engineer"),
                            ("service_desk", "Service desk engineer"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Discipline",
                    ),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="Occurred at")),
                ("opened_at", models.DateTimeField(verbose_name="Opened at")),
                ("responded_at", models.DateTimeField(blank=True, null=True, verbose_name="Responded at")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="Arrived at")),
                ("restored_at", models.DateTimeField(blank=True, null=True, verbose_name="Restored at")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="Resolved at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="Closed at")),
                (
                    "resolution_proposed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Resolution proposed at"),
                ),
                (
                    "proposed_restored_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Restored at, as proposed"),
                ),
                ("cause", models.TextField(blank=True, verbose_name="Cause")),
                ("cause_code", models.CharField(blank=True, max_length=40, verbose_name="Cause code")),
                (
                    "cause_domain",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("vendor", "Vendor"),
                            ("client", "Client"),
                            ("carrier", "Carrier"),
                            ("cloud", "Government cloud"),
                            ("application", "Application supplier"),
                            ("unknown", "Not established"),
                        ],
                        max_length=12,
                        verbose_name="Responsible",
                    ),
                ),
                ("resolution", models.TextField(blank=True, verbose_name="Resolution")),
                ("terms_version", models.PositiveIntegerField(verbose_name="Version of the terms")),
                ("terms", models.JSONField()),
                ("next_due_at", models.DateTimeField(blank=True, null=True, verbose_name="Next due")),
                ("next_due_name", models.CharField(blank=True, default="", max_length=40)),
                ("next_due_warns_at", models.DateTimeField(blank=True, null=True)),
                ("next_due_provisional", models.BooleanField(default=False)),
                ("next_look_at", models.DateTimeField(blank=True, null=True)),
                ("breached", models.BooleanField(default=False, verbose_name="Overdue")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents_assigned",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Assignee",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incidents", to="contracts.contract"
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents_reported",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Recorded by",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="contracts.businesssystem",
                        verbose_name="Business system",
                    ),
                ),
            ],
            options={
                "verbose_name": "Incident",
                "ordering": ["-opened_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="IncidentEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("recorded_at", models.DateTimeField(verbose_name="Recorded at")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("assigned", "Assigned"),
                            ("responded", "Responded"),
                            ("arrived", "Arrived"),
                            ("reported", "Reported"),
                            ("commented", "Comment"),
                            ("paused", "Paused"),
                            ("resumed", "Resumed"),
                            ("restored", "Restored"),
                            ("proposed", "Resolution proposed"),
                            ("proposal_declined", "Proposal declined"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                            ("priority_changed", "Priority changed"),
                            ("cancelled", "Cancelled"),
                            ("escalated", "Escalated"),
                        ],
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                ("via", models.CharField(max_length=20)),
                ("text", models.TextField(blank=True, default="", verbose_name="Text")),
                ("data", models.JSONField(default=dict)),
                ("once", models.CharField(default=None, max_length=80, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="By",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="servicedesk.incident"
                    ),
                ),
            ],
            options={
                "verbose_name": "Incident event",
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["contract", "-opened_at", "-id"], name="incident_opened"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("state__in", ["new", "assigned", "in_progress", "paused"])),
                fields=["contract", "next_due_at"],
                name="incident_open_due",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("next_look_at__isnull", False)), fields=["next_look_at"], name="incident_look"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["assignee", "state"], name="incident_assignee"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["system", "-opened_at"], name="incident_system"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(fields=("contract", "number"), name="incident_number_once"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("opened_at__gte", models.F("occurred_at"))), name="incident_forward"
            ),
        ),
        migrations.AddIndex(
            model_name="incidentevent",
            index=models.Index(fields=["incident", "at", "id"], name="incident_event_order"),
        ),
        migrations.AddConstraint(
            model_name="incidentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("at__lte", models.F("recorded_at"))), name="incident_event_past"
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentevent",
            constraint=models.UniqueConstraint(fields=("incident", "once"), name="incident_event_once"),
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER incidentevent_append_only ON servicedesk_incidentevent"),
    ]
