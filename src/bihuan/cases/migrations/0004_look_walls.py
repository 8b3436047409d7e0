"""Who looked at a secret is appended and never changed."""

from django.conf import settings
from django.db import migrations

WALL = 'REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON cases_look FROM "{role}";'


class Migration(migrations.Migration):
    """Looks are appended."""

    dependencies = [("cases", "0003_matters")]
    operations = [migrations.RunSQL(WALL.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)]
