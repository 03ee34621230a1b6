"""What Django's models can't say: results in daily partitions, a ledger of revisions nobody changes, Chinese search.

The program's role owns no table, so it makes and drops partitions through two functions of the owner. They take a day
and nothing else, refuse days out of bounds, and pin their search_path; nobody but the program's role may call them.
"""

from django.db import migrations

from opspact.kit.database import PROGRAM_ROLE

RESULTS = """
CREATE TABLE monitoring_result (
    check_id bigint NOT NULL,
    at timestamptz NOT NULL,
    value double precision,
    seen varchar(8) NOT NULL,
    detail varchar(200) NOT NULL,
    PRIMARY KEY (check_id, at)
) PARTITION BY RANGE (at)
"""

MAKE = """
CREATE FUNCTION monitoring_make_partition(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    part text := 'monitoring_result_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF day NOT BETWEEN today - 45 AND today + 10 THEN
        RAISE EXCEPTION 'no partition for % on %', day, today USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('monitoring_result'), day - date '2000-01-01');
    IF to_regclass('public.' || part) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- Made apart and attached: CREATE ... PARTITION OF would lock out every reader and writer of the table.
    EXECUTE format('CREATE TABLE public.%I (LIKE public.monitoring_result INCLUDING ALL)', part);
    EXECUTE format('ALTER TABLE public.monitoring_result ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        part, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    RETURN true;
END $$
"""

DROP = """
CREATE FUNCTION monitoring_drop_partition(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    part text := 'monitoring_result_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF day >= today - 7 THEN
        RAISE EXCEPTION 'results of % are kept on %', day, today USING ERRCODE = 'check_violation';
    END IF;
    IF to_regclass('public.' || part) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE public.%I', part);
    RETURN true;
END $$
"""

ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{PROGRAM_ROLE}') THEN
        CREATE ROLE {PROGRAM_ROLE} NOLOGIN;
        GRANT {PROGRAM_ROLE} TO CURRENT_USER;
    END IF;
END $$;
REVOKE ALL ON FUNCTION monitoring_make_partition(date), monitoring_drop_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION monitoring_make_partition(date), monitoring_drop_partition(date) TO {PROGRAM_ROLE};
"""  # noqa: S608 - the role's name is a constant of ours

APPEND_ONLY = """
CREATE TRIGGER revision_append_only BEFORE UPDATE OR DELETE ON monitoring_ledgerrevision
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""

# Every result updates its check's row: room on the page keeps those updates off the indexes (HOT).
ROOM = "ALTER TABLE monitoring_checkstate SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05)"

SEARCH = """
CREATE INDEX target_bigrams ON monitoring_target
    USING gin (bigrams((((code)::text || ' ') || (name)::text || ' ') || (address)::text))
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial"), ("kit", "0002_database")]
    operations = [
        migrations.RunSQL(RESULTS, "DROP TABLE monitoring_result"),
        migrations.RunSQL(MAKE, "DROP FUNCTION monitoring_make_partition(date)"),
        migrations.RunSQL(DROP, "DROP FUNCTION monitoring_drop_partition(date)"),
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER revision_append_only ON monitoring_ledgerrevision"),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, "DROP INDEX target_bigrams"),
    ]
