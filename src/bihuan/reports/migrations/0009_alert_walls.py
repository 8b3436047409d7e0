"""What an owner was told stays told; of a sending only what becomes of it is written later."""

from django.conf import settings
from django.db import migrations

WALLS = """
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON reports_alert FROM "{role}";
REVOKE UPDATE ON reports_sending FROM "{role}";
GRANT UPDATE (sent_at, opened_at, fault, tries) ON reports_sending TO "{role}";
"""


class Migration(migrations.Migration):
    """Alerts are appended; a link opens the report that it was made for."""

    dependencies = [("reports", "0008_periods")]
    operations = [
        migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)
    ]
