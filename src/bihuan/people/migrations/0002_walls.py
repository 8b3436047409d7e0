"""Memberships are appended; an end never lies before the moment of writing. Run as the owner."""

from django.conf import settings
from django.db import migrations

WALLS = """
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON people_membership, people_membershipend FROM "{role}";
REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON people_unit, people_actor FROM "{role}";
REVOKE UPDATE ON people_unit, people_actor FROM "{role}";
GRANT UPDATE (name_zh, name_en, active) ON people_unit TO "{role}";
GRANT UPDATE (label) ON people_actor TO "{role}";

CREATE FUNCTION people_membershipend_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $guard$
BEGIN
    IF NEW.ends_at < pg_catalog.clock_timestamp() - interval '5 minutes' THEN
        RAISE EXCEPTION 'bihuan: a membership cannot end before now' USING ERRCODE = 'BH006';
    END IF;
    RETURN NEW;
END
$guard$;
REVOKE ALL ON FUNCTION people_membershipend_guard() FROM PUBLIC;

CREATE TRIGGER people_membershipend_guard BEFORE INSERT ON people_membershipend
FOR EACH ROW EXECUTE FUNCTION people_membershipend_guard();
"""


class Migration(migrations.Migration):
    """Who belonged where stays as it was."""

    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunSQL(
            WALLS.replace("{role}", settings.BIHUAN_APP_ROLE),
            "DROP TRIGGER people_membershipend_guard ON people_membershipend; DROP FUNCTION people_membershipend_guard();",
        )
    ]
