"""Substring search on names and addresses by trigrams, where the server has pg_trgm; without it, it is a slower scan."""

from django.db import migrations

SEARCH = """
DO $search$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX supply_customer_name_like ON supply_customer USING gin (name gin_trgm_ops);
    CREATE INDEX supply_premises_address_like ON supply_premises USING gin (address gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    -- No such extension on this server, or no right to create it.
    RAISE NOTICE 'bihuan: search without trigrams: %', SQLERRM;
END
$search$;
"""

UNDO = """
DROP INDEX IF EXISTS supply_customer_name_like;
DROP INDEX IF EXISTS supply_premises_address_like;
"""


class Migration(migrations.Migration):
    """Chinese names and addresses are searched by any part."""

    dependencies = [("supply", "0001_initial")]
    operations = [migrations.RunSQL(SEARCH, UNDO)]
