"""A submitted report is frozen by the database itself: its content, files and sender, and once decided the decision."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION refuse_thawing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'report % is frozen', OLD.number USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.contract_id, NEW.kind, NEW.number, NEW.version, NEW.starts_at, NEW.ends_at, NEW.facts, NEW.edited,
        NEW.content, NEW.content_sha256, NEW.docx_sha256, NEW.pdf_sha256, NEW.submitted_at, NEW.submitted_by_id)
       IS DISTINCT FROM
       (OLD.contract_id, OLD.kind, OLD.number, OLD.version, OLD.starts_at, OLD.ends_at, OLD.facts, OLD.edited,
        OLD.content, OLD.content_sha256, OLD.docx_sha256, OLD.pdf_sha256, OLD.submitted_at, OLD.submitted_by_id)
       OR NEW.state = 'draft'
       OR (OLD.state <> 'submitted' AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'report % is frozen', OLD.number USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_frozen BEFORE UPDATE OR DELETE ON reports_report
    FOR EACH ROW EXECUTE FUNCTION refuse_thawing();
"""
THAW = "DROP TRIGGER report_frozen ON reports_report; DROP FUNCTION refuse_thawing()"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
