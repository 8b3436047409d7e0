"""The few rounds in which something is due or was paid are found without reading all."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """An index of what costs anything."""

    dependencies = [("cases", "0006_identity")]
    operations = [
        migrations.AddIndex(
            model_name="cycle",
            index=models.Index(
                fields=["case"], name="cycle_costly", condition=Q(amount_due__gt=0) | Q(amount_paid__gt=0)
            ),
        )
    ]
