"""Reports of months and years beside those of weeks: what they are of is a period."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The column keeps its rows; only its name says more than a week."""

    dependencies = [("reports", "0007_reading_enough")]
    operations = [
        migrations.RemoveConstraint("snapshot", "snapshot_once"),
        migrations.RemoveIndex("reporttext", "report_text_of_week"),
        migrations.RenameField("snapshot", "week", "period"),
        migrations.RenameField("reporttext", "week", "period"),
        migrations.AlterField(
            "snapshot",
            "period",
            models.CharField(max_length=8, help_text="2007-W23, 2007-06 or 2007, as the kind names it"),
        ),
        migrations.AlterModelOptions("snapshot", {"ordering": ["-period", "unit_id", "-version"]}),
        migrations.AddConstraint(
            "snapshot",
            models.UniqueConstraint(
                fields=["kind", "period", "unit", "version"], name="snapshot_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            "reporttext", models.Index(fields=["kind", "period", "role"], name="report_text_of_period")
        ),
    ]
