"""The walls: what the application's role may not do, whatever it claims. Run as the owner."""

from django.conf import settings
from django.db import migrations

GUARD = """
CREATE SEQUENCE cases_number MINVALUE 1 MAXVALUE 999999 CYCLE;
GRANT USAGE ON SEQUENCE cases_number TO "{role}";

REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON cases_entry, cases_seal, cases_sealed FROM "{role}";
REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON cases_declaredstep FROM "{role}";
REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON cases_case, cases_cycle, cases_note, cases_clientid FROM "{role}";
REVOKE UPDATE ON cases_note, cases_clientid FROM "{role}";
GRANT UPDATE (text, erased_at) ON cases_note TO "{role}";

CREATE FUNCTION cases_entry_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
    wrong record;
BEGIN
    -- A snapshot taken before another writer's commit would not see what that writer did.
    IF pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'bihuan: entries are written at read committed only' USING ERRCODE = 'BH001';
    END IF;

    PERFORM 1 FROM public.cases_case AS kept
    WHERE kept.id IN (SELECT fresh.case_id FROM fresh) ORDER BY kept.id FOR NO KEY UPDATE;

    SELECT fresh.case_id, fresh.seq INTO wrong FROM fresh
    LEFT JOIN public.cases_case AS kept ON kept.id = fresh.case_id
    LEFT JOIN public.cases_declaredstep AS declared ON declared.loop = kept.loop AND declared.step = fresh.step
    LEFT JOIN public.people_actor AS actor ON actor.id = fresh.actor_id
    LEFT JOIN public.people_unit AS unit ON unit.id = fresh.unit_id
    WHERE declared.side IS DISTINCT FROM fresh.side OR actor.id IS NULL
       OR (fresh.unit_id IS NOT NULL AND unit.id IS NULL)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bihuan: entry % of case % is no declared step of its side', wrong.seq, wrong.case_id
            USING ERRCODE = 'BH002';
    END IF;

    SELECT fresh.case_id, fresh.seq INTO wrong FROM fresh
    WHERE fresh.recorded_at > pg_catalog.clock_timestamp() + interval '5 minutes'
       OR fresh.at > fresh.recorded_at + interval '5 minutes'
       OR (fresh.seq > 1 AND NOT EXISTS (
            SELECT 1 FROM public.cases_entry AS before
            WHERE before.case_id = fresh.case_id AND before.seq = fresh.seq - 1))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bihuan: entry % of case % is in the future or leaves a gap', wrong.seq, wrong.case_id
            USING ERRCODE = 'BH003';
    END IF;

    -- Who holds what when the entry happened, for every verification that is new here.
    SELECT fresh.case_id, fresh.seq INTO wrong FROM fresh
    JOIN public.cases_case AS kept ON kept.id = fresh.case_id
    JOIN public.cases_declaredstep AS declared ON declared.loop = kept.loop AND declared.step = fresh.step
    WHERE fresh.side = 'verification' AND NOT EXISTS (
        SELECT 1 FROM public.people_membership AS held
        JOIN public.people_postpermission AS allowed ON allowed.post_id = held.post_id
        LEFT JOIN public.people_membershipend AS ended ON ended.membership_id = held.id
        WHERE held.actor_id = fresh.actor_id AND allowed.permission = declared.permission
          AND held.starts_at <= fresh.at AND (ended.ends_at IS NULL OR ended.ends_at > fresh.at))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bihuan: entry % of case % is by somebody whose posts do not allow it', wrong.seq, wrong.case_id
            USING ERRCODE = 'BH004';
    END IF;

    -- Independence, both ways round: whichever of the two entries comes second is refused.
    SELECT verified.case_id, verified.seq INTO wrong
    FROM (SELECT DISTINCT fresh.case_id FROM fresh WHERE fresh.side IN ('verification', 'execution')) AS touched
    JOIN public.cases_entry AS verified ON verified.case_id = touched.case_id AND verified.side = 'verification'
    JOIN public.cases_entry AS executed ON executed.case_id = touched.case_id AND executed.side = 'execution'
    LEFT JOIN public.people_unit AS place ON place.id = executed.unit_id
    WHERE executed.actor_id = verified.actor_id OR (place.bureau_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM public.people_membership AS held
        JOIN public.people_unit AS home ON home.id = held.unit_id
        LEFT JOIN public.people_membershipend AS ended ON ended.membership_id = held.id
        WHERE held.actor_id = verified.actor_id AND home.bureau_id = place.bureau_id
          AND held.starts_at <= verified.at AND (ended.ends_at IS NULL OR ended.ends_at > verified.at)))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bihuan: entry % of case % verifies what its own bureau carried out', wrong.seq, wrong.case_id
            USING ERRCODE = 'BH005';
    END IF;
    RETURN NULL;
END
$guard$;
REVOKE ALL ON FUNCTION cases_entry_guard() FROM PUBLIC;

CREATE TRIGGER cases_entry_guard AFTER INSERT ON cases_entry
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION cases_entry_guard();
"""

UNDO = """
DROP TRIGGER cases_entry_guard ON cases_entry;
DROP FUNCTION cases_entry_guard();
DROP SEQUENCE cases_number;
"""


class Migration(migrations.Migration):
    """Entries are appended and never changed; verification is independent."""

    dependencies = [("cases", "0001_initial"), ("people", "0001_initial")]
    operations = [migrations.RunSQL(GUARD.replace("{role}", settings.BIHUAN_APP_ROLE), UNDO)]
