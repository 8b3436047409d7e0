"""Targets and owners are appended and never changed."""

from django.conf import settings
from django.db import migrations

WALLS = 'REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON packs_target, packs_owner FROM "{role}";'


class Migration(migrations.Migration):
    """Who aimed at what stays known."""

    dependencies = [("packs", "0003_targets")]
    operations = [
        migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)
    ]
