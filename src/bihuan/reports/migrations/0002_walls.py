"""A frozen report stays as it is: the application's role may only add. Run as the owner."""

from django.conf import settings
from django.db import migrations

WALLS = """
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON reports_snapshot FROM "{role}";
"""


class Migration(migrations.Migration):
    """What was read out on Monday stays readable."""

    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), "SELECT 1")]
