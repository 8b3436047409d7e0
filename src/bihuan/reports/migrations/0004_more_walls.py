"""What was written into a report, and who let it go out, stays as it was."""

from django.conf import settings
from django.db import migrations

WALLS = """
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON reports_reporttext, reports_approval FROM "{role}";
REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON reports_sending, reports_recipient FROM "{role}";
"""


class Migration(migrations.Migration):
    """Texts and approvals are appended."""

    dependencies = [("reports", "0003_texts_and_sending")]
    operations = [
        migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)
    ]
