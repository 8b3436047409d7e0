"""The key of the draws is made once; what was asked, decided and scored is appended. Run as the owner."""

import secrets

from django.conf import settings
from django.db import migrations
from django.utils import timezone

WALLS = """
REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON surveys_samplekey FROM "{role}";
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON surveys_edition, surveys_ruling, surveys_score FROM "{role}";
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON surveys_answer FROM "{role}";
GRANT UPDATE (text, erased_at) ON surveys_answer TO "{role}";
REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON surveys_finding, surveys_claim FROM "{role}";
"""


def make_key(apps, schema_editor):
    apps.get_model("surveys", "SampleKey").objects.get_or_create(
        pk=1, defaults={"key": secrets.token_bytes(32), "created_at": timezone.now()}
    )


class Migration(migrations.Migration):
    """Draws can be repeated; nobody unsays what he decided."""

    dependencies = [("surveys", "0001_initial")]
    operations = [
        migrations.RunPython(make_key, migrations.RunPython.noop),
        migrations.RunSQL(WALLS.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop),
    ]
