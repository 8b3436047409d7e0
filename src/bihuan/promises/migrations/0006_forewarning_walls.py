"""Who was warned, and when, is appended."""

from django.conf import settings
from django.db import migrations

WALL = 'REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON promises_forewarning FROM "{role}";'


class Migration(migrations.Migration):
    """A warning that was given stays given."""

    dependencies = [("promises", "0005_forewarnings")]
    operations = [migrations.RunSQL(WALL.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)]
