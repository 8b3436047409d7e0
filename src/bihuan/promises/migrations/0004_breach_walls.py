"""A breach stays."""

from django.conf import settings
from django.db import migrations

WALL = 'REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON promises_breach FROM "{role}";'


class Migration(migrations.Migration):
    """The application may show a breach anew and never take it away."""

    dependencies = [("promises", "0003_breaches")]
    operations = [migrations.RunSQL(WALL.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)]
