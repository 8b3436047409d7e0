"""What was published, and which order held when, is appended and never changed; of a trial only what came out is written."""

from django.conf import settings
from django.db import migrations

WALLS = """
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON packs_packversion, packs_adoption FROM "{role}";
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON packs_trial FROM "{role}";
GRANT UPDATE (started_at, counted, total, done_at, result, fault) ON packs_trial TO "{role}";
"""


class Migration(migrations.Migration):
    """Publications stay."""

    dependencies = [("packs", "0001_initial")]
    operations = [
        migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)
    ]
