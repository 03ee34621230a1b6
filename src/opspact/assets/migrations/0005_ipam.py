"""The next free address in a full /16 within milliseconds: an index of what is taken, and a search that jumps in it."""

from django.db import migrations, models

# The k-th taken address from `base` on is base + k - 1 exactly when everything between is taken, and an index-only scan
# finds it without looking at a row. So full stretches are jumped over, and the first gap is bisected.
FIRST_FREE = """
CREATE FUNCTION ipam_first_free(of_contract bigint, of_vrf bigint, first inet, last inet) RETURNS inet
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    base inet := first;
    step bigint := 64;
    is_near boolean := false;
    found inet;
BEGIN
    LOOP
        SELECT ip INTO found FROM assets_ipaddress
        WHERE contract_id = of_contract AND coalesce(vrf_id, 0) = of_vrf AND ip >= base AND ip <= last
            AND deleted_at IS NULL AND state <> 'released'
        ORDER BY ip OFFSET step - 1 LIMIT 1;
        IF found IS NOT NULL AND found = base + (step - 1) THEN
            IF found = last THEN
                RETURN NULL;
            END IF;
            base := base + step;
            step := CASE WHEN is_near THEN greatest(step / 2, 1) ELSE least(step * 2, 8192) END;
        ELSIF step = 1 THEN
            RETURN base;
        ELSE
            is_near := true;
            step := step / 2;
        END IF;
    END LOOP;
END $$
"""
TAKEN = """
CREATE INDEX ip_address_taken ON assets_ipaddress (contract_id, coalesce(vrf_id, 0), ip) INCLUDE (vrf_id)
WHERE deleted_at IS NULL AND state <> 'released'
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0004_software_details")]
    operations = [
        migrations.AddField(
            model_name="ipaddress",
            name="reserved_until",
            field=models.DateField(blank=True, null=True, verbose_name="Reserved until"),
        ),
        migrations.RunSQL(TAKEN, "DROP INDEX ip_address_taken"),
        migrations.RunSQL(FIRST_FREE, "DROP FUNCTION ipam_first_free(bigint, bigint, inet, inet)"),
    ]
