import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("start", models.CharField(max_length=12, verbose_name="Begins with")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("contract_code", models.CharField(max_length=40, verbose_name="Contract")),
                ("read_only", models.BooleanField(default=True, verbose_name="Read only")),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Permissions",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="Created at")),
                ("expires_at", models.DateTimeField(verbose_name="Expires at")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="Last used")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="Revoked at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("began_at", models.DateTimeField(verbose_name="Signed in at")),
                ("seen_at", models.DateTimeField(verbose_name="Last used")),
                ("ip", models.GenericIPAddressField(null=True, verbose_name="Source address")),
                ("agent", models.CharField(blank=True, max_length=200, verbose_name="Browser")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Session",
                "ordering": ["-seen_at"],
            },
        ),
        migrations.CreateModel(
            name="SignInLock",
            fields=[
                ("name_sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("attempts", models.PositiveSmallIntegerField()),
                ("last_at", models.DateTimeField()),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["last_at"], name="lock_last_at")],
            },
        ),
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=128)),
                ("set_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_passwords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-set_at", "-id"],
                "indexes": [models.Index(fields=["user", "-set_at"], name="former_password_user")],
            },
        ),
    ]
