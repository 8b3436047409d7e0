"""The application takes nobody out of the staff; a name that must go goes by the owner's hand. Run as the owner."""

from django.conf import settings
from django.db import migrations

WALL = 'REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON people_staff FROM "{role}";'


class Migration(migrations.Migration):
    """Staff stay."""

    dependencies = [("people", "0008_unit_change_walls")]
    operations = [migrations.RunSQL(WALL.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)]
