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

-- One guard for one entry and for ten thousand. A plan without parameters is kept for the session, whatever was fresh
-- when it was made; so every check is a look-up by index for each fresh row, and `OFFSET 0` keeps it one.
CREATE FUNCTION cases_entry_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $guard$
DECLARE
    touched uuid;
    wrong record;
BEGIN
    -- A snapshot taken before another writer's commit would not see what that writer did.
    IF pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'bihuan: entries are written at read committed only' USING ERRCODE = 'BH001';
    END IF;

    FOR touched IN SELECT DISTINCT fresh.case_id FROM fresh ORDER BY fresh.case_id LOOP
        PERFORM 1 FROM public.cases_case AS kept WHERE kept.id = touched FOR NO KEY UPDATE;
    END LOOP;

    SELECT fresh.case_id, fresh.seq INTO wrong FROM fresh
    WHERE fresh.side IS DISTINCT FROM (
            SELECT declared.side FROM public.cases_case AS kept
            JOIN public.cases_declaredstep AS declared ON declared.loop = kept.loop
            WHERE kept.id = fresh.case_id AND declared.step = fresh.step)
       OR NOT EXISTS (SELECT 1 FROM public.people_actor AS actor WHERE actor.id = fresh.actor_id OFFSET 0)
       OR (fresh.unit_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM public.people_unit AS unit WHERE unit.id = fresh.unit_id OFFSET 0))
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
            WHERE before.case_id = fresh.case_id AND before.seq = fresh.seq - 1 OFFSET 0))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bihuan: entry % of case % is in the future or leaves a gap', wrong.seq, wrong.case_id
            USING ERRCODE = 'BH003';
    END IF;

    -- What somebody may do when the entry happened, whoever the writer says it was.
    SELECT fresh.case_id, fresh.seq INTO wrong FROM fresh
    WHERE fresh.side = 'verification' AND NOT EXISTS (
        SELECT 1 FROM public.cases_case AS kept
        JOIN public.cases_declaredstep AS declared ON declared.loop = kept.loop AND declared.step = fresh.step
        JOIN public.people_membership AS held ON held.actor_id = fresh.actor_id AND held.starts_at <= fresh.at
        JOIN public.people_postpermission AS allowed
            ON allowed.post_id = held.post_id AND allowed.permission = declared.permission
        LEFT JOIN public.people_membershipend AS ended ON ended.membership_id = held.id
        WHERE kept.id = fresh.case_id AND (ended.ends_at IS NULL OR ended.ends_at > fresh.at) OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bihuan: entry % of case % is by somebody whose posts do not allow it', wrong.seq, wrong.case_id
            USING ERRCODE = 'BH004';
    END IF;

    -- Independence, both ways round: whichever of the two entries comes second is refused.
    SELECT fresh.case_id, fresh.seq INTO wrong FROM fresh
    WHERE fresh.side IN ('verification', 'execution') AND EXISTS (
        SELECT 1 FROM public.cases_entry AS other
        WHERE other.case_id = fresh.case_id AND other.seq < fresh.seq
          AND other.side = CASE fresh.side WHEN 'execution' THEN 'verification' ELSE 'execution' END
          AND (other.actor_id = fresh.actor_id OR EXISTS (
            SELECT 1 FROM public.people_membership AS held
            JOIN public.people_unit AS home ON home.id = held.unit_id
            JOIN public.people_unit AS place ON place.bureau_id = home.bureau_id
            LEFT JOIN public.people_membershipend AS ended ON ended.membership_id = held.id
            WHERE held.actor_id = CASE fresh.side WHEN 'execution' THEN other.actor_id ELSE fresh.actor_id END
              AND place.id = CASE fresh.side WHEN 'execution' THEN fresh.unit_id ELSE other.unit_id END
              AND held.starts_at <= CASE fresh.side WHEN 'execution' THEN other.at ELSE fresh.at END
              AND (ended.ends_at IS NULL
                OR ended.ends_at > CASE fresh.side WHEN 'execution' THEN other.at ELSE fresh.at END)
            OFFSET 0))
        OFFSET 0)
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
