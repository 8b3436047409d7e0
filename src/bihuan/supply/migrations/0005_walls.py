"""Customers, premises and accounts stay: cases speak of them. Run as the owner."""

from django.conf import settings
from django.db import migrations

WALL = """REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON supply_customer, supply_premises, supply_account FROM "{role}";"""


class Migration(migrations.Migration):
    """What is supplied stays."""

    dependencies = [("supply", "0004_network")]
    operations = [migrations.RunSQL(WALL.replace("{role}", settings.BIHUAN_APP_ROLE), migrations.RunSQL.noop)]
