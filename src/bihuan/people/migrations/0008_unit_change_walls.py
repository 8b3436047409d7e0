"""What was done to a unit is appended and never changed. Run as the owner."""

from django.conf import settings
from django.db import migrations

WALL = 'REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON people_unitchange FROM "{role}";'


class Migration(migrations.Migration):
    """Changes of units stay."""

    dependencies = [("people", "0007_unit_changes")]
    operations = [migrations.RunSQL(WALL.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)]
