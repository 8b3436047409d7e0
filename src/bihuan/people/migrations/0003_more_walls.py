"""What a post permits is the owner's to say, and a unit's place follows from its parent's. Run as the owner."""

from django.conf import settings
from django.db import migrations

WALLS = """
REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON people_post, people_postpermission FROM "{role}";
REVOKE USAGE ON SEQUENCE people_postpermission_id_seq FROM "{role}";

-- Independence goes by bureau: nobody may call himself out of his own.
CREATE FUNCTION people_unit_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
    wrong record;
BEGIN
    SELECT fresh.code INTO wrong FROM fresh
    LEFT JOIN public.people_unit AS parent ON parent.id = fresh.parent_id
    WHERE (fresh.parent_id IS NOT NULL AND parent.id IS NULL)
       OR fresh.path <> coalesce(parent.path, '') || fresh.code || '/'
       OR fresh.bureau_id IS DISTINCT FROM CASE WHEN fresh.kind = 'bureau' THEN fresh.id ELSE parent.bureau_id END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bihuan: unit % is not where its parent puts it', wrong.code USING ERRCODE = 'BH007';
    END IF;
    RETURN NULL;
END
$guard$;
REVOKE ALL ON FUNCTION people_unit_guard() FROM PUBLIC;

CREATE TRIGGER people_unit_guard AFTER INSERT ON people_unit
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION people_unit_guard();

CREATE OR REPLACE FUNCTION people_membershipend_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $guard$
BEGIN
    IF NEW.ends_at < pg_catalog.clock_timestamp() - interval '5 minutes' THEN
        RAISE EXCEPTION 'bihuan: a membership cannot end before now' USING ERRCODE = 'BH006';
    END IF;
    IF EXISTS (SELECT 1 FROM public.people_membership AS held
               WHERE held.id = NEW.membership_id AND held.starts_at > NEW.ends_at) THEN
        RAISE EXCEPTION 'bihuan: a membership cannot end before it starts' USING ERRCODE = 'BH006';
    END IF;
    RETURN NEW;
END
$guard$;
"""

UNDO = """
DROP TRIGGER people_unit_guard ON people_unit;
DROP FUNCTION people_unit_guard();
"""


class Migration(migrations.Migration):
    """Permissions and places can't be talked around."""

    dependencies = [("people", "0002_walls")]
    operations = [migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), UNDO)]
