"""Who brought a confidential case lies where the application's role can't read: told once a look was written down for good."""

from django.conf import settings
from django.db import migrations

WALL = """
-- No foreign key to the case: it is written by a trigger before the case's own row is there; cases are never deleted.
CREATE TABLE cases_brought (
    case_id uuid PRIMARY KEY,
    customer_id uuid REFERENCES supply_customer (id),
    account_id uuid REFERENCES supply_account (id),
    premises_id uuid REFERENCES supply_premises (id)
);
REVOKE ALL ON cases_brought FROM "{role}";

CREATE FUNCTION cases_hide_who() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $hide$
BEGIN
    -- What was written first stays: nobody can put somebody else in his place.
    INSERT INTO public.cases_brought (case_id, customer_id, account_id, premises_id)
    VALUES (NEW.id, NEW.customer_id, NEW.account_id, NEW.premises_id) ON CONFLICT (case_id) DO NOTHING;
    NEW.customer_id := NULL;
    NEW.account_id := NULL;
    NEW.premises_id := NULL;
    RETURN NEW;
END $hide$;
CREATE TRIGGER cases_hide_who BEFORE INSERT OR UPDATE ON cases_case FOR EACH ROW
WHEN (NEW.confidential AND (NEW.customer_id IS NOT NULL OR NEW.account_id IS NOT NULL OR NEW.premises_id IS NOT NULL))
EXECUTE FUNCTION cases_hide_who();

-- When and in which transaction a look was written, not as the writer says it.
ALTER TABLE cases_look ADD COLUMN written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN written_in xid8 NOT NULL DEFAULT pg_current_xact_id();
REVOKE INSERT ON cases_look FROM "{role}";
GRANT INSERT (id, case_id, actor_id, at, why) ON cases_look TO "{role}";

-- A look that could still be rolled back is none: it must have been committed by another transaction, within the hour.
CREATE FUNCTION cases_who_brought(asked uuid, looker uuid)
RETURNS TABLE (customer_id uuid, account_id uuid, premises_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $who$
    SELECT told.customer_id, told.account_id, told.premises_id FROM public.cases_brought AS told
    WHERE told.case_id = asked AND EXISTS (
        SELECT 1 FROM public.cases_look AS look
        WHERE look.case_id = asked AND look.actor_id = looker
          AND look.written_in IS DISTINCT FROM pg_catalog.pg_current_xact_id_if_assigned()
          AND look.written_at > pg_catalog.clock_timestamp() - interval '1 hour')
$who$;
REVOKE ALL ON FUNCTION cases_who_brought (uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_who_brought (uuid, uuid) TO "{role}";

-- Which unit served the place is no secret: the case is with its bureau. What is rebuilt as known at a time needs it.
CREATE FUNCTION cases_served_by(asked uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $served$
    SELECT place.unit_id FROM public.cases_brought AS told
    JOIN public.supply_premises AS place ON place.id = told.premises_id WHERE told.case_id = asked
$served$;
REVOKE ALL ON FUNCTION cases_served_by (uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_served_by (uuid) TO "{role}";

UPDATE cases_case SET confidential = confidential WHERE confidential;
"""


class Migration(migrations.Migration):
    """Identity behind a wall."""

    dependencies = [("cases", "0005_agreed_due"), ("supply", "0001_initial")]
    operations = [migrations.RunSQL(WALL.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)]
