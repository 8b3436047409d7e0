"""What was published stays as it was."""

from django.conf import settings
from django.db import migrations

WALL = 'REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON standards_standardversion FROM "{role}";'


class Migration(migrations.Migration):
    """Editions are appended."""

    dependencies = [("standards", "0001_initial")]
    operations = [migrations.RunSQL(WALL.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)]
