"""What was said of outages, users and voltage is appended; what is derived is never taken away. Run as the owner."""

from django.conf import settings
from django.db import migrations

WALLS = """
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER
ON outages_outageentry, outages_usercount, outages_voltageentry FROM "{role}";
REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON outages_outage, outages_voltagereading, outages_voltagepoint FROM "{role}";
CREATE SEQUENCE outages_number;
GRANT USAGE ON SEQUENCE outages_number TO "{role}";
"""
UNDO = "DROP SEQUENCE outages_number;"


class Migration(migrations.Migration):
    """Nobody unsays what he said of an outage."""

    dependencies = [("outages", "0001_initial")]
    operations = [migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), UNDO)]
