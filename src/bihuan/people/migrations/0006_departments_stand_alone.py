"""A department or the service centre of the company is a side of its own: who works there can't verify what it carried out."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION people_unit_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
    wrong record;
BEGIN
    SELECT fresh.code INTO wrong FROM fresh
    LEFT JOIN public.people_unit AS parent ON parent.id = fresh.parent_id
    WHERE (fresh.parent_id IS NOT NULL AND parent.id IS NULL)
       OR fresh.path <> coalesce(parent.path, '') || fresh.code || '/'
       OR fresh.bureau_id IS DISTINCT FROM CASE
            WHEN fresh.kind = 'bureau' THEN fresh.id
            WHEN fresh.kind IN ('department', 'service_centre') AND parent.bureau_id IS NULL THEN fresh.id
            ELSE parent.bureau_id END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bihuan: unit % is not where its parent puts it', wrong.code USING ERRCODE = 'BH007';
    END IF;
    RETURN NULL;
END
$guard$;

-- Units that stand already, from the top down: one below another that now stands alone belongs to it.
WITH RECURSIVE placed (id, bureau_id) AS (
    SELECT unit.id, CASE WHEN unit.kind IN ('bureau', 'department', 'service_centre') THEN unit.id END
    FROM people_unit AS unit WHERE unit.parent_id IS NULL
    UNION ALL
    SELECT unit.id, CASE
        WHEN unit.kind = 'bureau' THEN unit.id
        WHEN unit.kind IN ('department', 'service_centre') AND placed.bureau_id IS NULL THEN unit.id
        ELSE placed.bureau_id END
    FROM people_unit AS unit JOIN placed ON placed.id = unit.parent_id
)
UPDATE people_unit AS unit SET bureau_id = placed.bureau_id FROM placed
WHERE placed.id = unit.id AND unit.bureau_id IS DISTINCT FROM placed.bureau_id;
"""


class Migration(migrations.Migration):
    """Run as the owner: the application can't move a unit from one side to another."""

    dependencies = [("people", "0005_sign_in_attempts")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
