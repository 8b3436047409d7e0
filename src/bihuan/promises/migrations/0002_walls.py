"""Verdicts are appended and never changed; clocks are never taken away. Run as the owner."""

from django.conf import settings
from django.db import migrations

WALLS = """
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON promises_verdict FROM "{role}";
REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON promises_clock FROM "{role}";
"""


class Migration(migrations.Migration):
    """A breach survives closing."""

    dependencies = [("promises", "0001_initial")]
    operations = [migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), "SELECT 1")]
