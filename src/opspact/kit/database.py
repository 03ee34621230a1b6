"""What the role the program runs as may do in the database.

The tables belong to the owner, who only migrates. The program's role reads and writes rows, but of a model marked
`append_only` it can neither update nor delete nor truncate a row; that is the database's word, not the program's.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections

PROGRAM_ROLE = "opspact_app"


def append_only_tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def grant_to_program_role(app_config: AppConfig, using: str = "default", **_: Any) -> None:
    """After the last room has migrated: grant on everything, then take back what append-only means."""
    migrated = [config.label for config in apps.get_app_configs() if config.models_module is not None]
    if app_config.label != migrated[-1]:
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [PROGRAM_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {PROGRAM_ROLE} NOLOGIN")
            cursor.execute(f"GRANT {PROGRAM_ROLE} TO CURRENT_USER")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {PROGRAM_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {PROGRAM_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {PROGRAM_ROLE}")
        # Which migrations have run is the owner's word: what it says decides what the owner does next.
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {PROGRAM_ROLE}")
        for table in append_only_tables():
            cursor.execute(
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {connections[using].ops.quote_name(table)} FROM {PROGRAM_ROLE}"
            )
