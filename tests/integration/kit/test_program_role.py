"""What the database refuses to the role that the program runs as, whatever the program should try."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from opspact.kit.database import PROGRAM_ROLE, append_only_tables

pytestmark = pytest.mark.django_db


def refused(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {PROGRAM_ROLE}")
        try:
            with transaction.atomic():
                cursor.execute(statement)
        except ProgrammingError as error:
            return "permission denied" in str(error) or "must be owner" in str(error)
        finally:
            cursor.execute("RESET ROLE")
        return False


@pytest.mark.parametrize("table", append_only_tables())
def test_what_was_recorded_stays(table: str) -> None:
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        assert refused(statement), statement


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP TABLE kit_auditevent",
        "ALTER TABLE kit_auditevent DISABLE TRIGGER ALL",
        "SELECT setval('kit_auditevent_id_seq', 1)",
        "UPDATE django_migrations SET name = name",
        "DELETE FROM django_migrations",
        "COPY kit_auditevent TO PROGRAM 'true'",
    ],
)
def test_it_changes_no_structure(statement: str) -> None:
    assert refused(statement)


def test_whatever_runs_as_the_owner_looks_for_names_in_no_schema_of_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        functions = cursor.fetchall()
    assert functions
    for name, settings in functions:
        assert settings == ["search_path=pg_catalog, public, pg_temp"], name
